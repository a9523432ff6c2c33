"""Touches to be made as arrays, one entry per touch: sorted, cut to the hours, and turned into a table."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.decision.calendar_policy import KINDS
from standfast.decision.capacity import Pools
from standfast.decision.columns import Bools, Ints, texts

Days = npt.NDArray[np.datetime64]
CHANNELS = ("in_person", "review", "call", "email", "digital")


@dataclass(frozen=True, eq=False)
class TouchRows:
    """Touches: the place of the account, the day, minutes, and the places of channel and kind.

    ``why`` says what the touch is about; ``is_late`` marks a touch that was due before the plan starts.
    """

    account: Ints
    due: Days
    minutes: Ints
    channel: Ints
    kind: Ints
    why: npt.NDArray[np.object_]
    is_late: Bools

    def __len__(self) -> int:
        """Count the touches."""
        return len(self.account)

    @classmethod
    def none(cls) -> "TouchRows":
        """Return no touches."""
        whole = np.empty(0, dtype=np.int64)
        return cls(
            whole, np.empty(0, dtype="datetime64[D]"), whole, whole, whole,
            np.empty(0, dtype=object), np.empty(0, dtype=bool),
        )  # fmt: skip

    @classmethod
    def together(cls, *parts: "TouchRows") -> "TouchRows":
        """Return the touches of all parts, one part after the other."""
        names = [field.name for field in fields(cls)]
        return cls(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})

    def only(self, where: npt.NDArray[np.generic]) -> "TouchRows":
        """Return some of the touches, or all of them in another order."""
        return TouchRows(**{field.name: getattr(self, field.name)[where] for field in fields(self)})

    def ordered(self, *keys: npt.NDArray[np.generic]) -> "TouchRows":
        """Return the touches in the order of the keys, the last one first (as ``numpy.lexsort``)."""
        return self.only(np.lexsort(keys))

    def by_pool(self, pools: Pools) -> Ints:
        """Return the minutes the touches take of each pool."""
        used = np.bincount(pools.of_account[self.account], weights=self.minutes, minlength=len(pools.names))
        return used.astype(np.int64)

    def within(self, room: Ints, pools: Pools) -> tuple["TouchRows", "TouchRows"]:
        """Return the touches up to the first that does not fit its pool's minutes, and the others."""
        pool = pools.of_account[self.account]
        by_pool = np.argsort(pool, kind="stable")
        spent = np.cumsum(self.minutes[by_pool])
        first = np.searchsorted(pool[by_pool], np.arange(len(pools.names)))
        before = np.append(0, spent)[first]
        fits = np.empty(len(self), dtype=bool)
        fits[by_pool] = spent - before[pool[by_pool]] <= room[pool[by_pool]]
        return self.only(fits), self.only(~fits)

    def spread(self, start: Days, end: Days, pools: Pools) -> "TouchRows":
        """Return the touches with the late ones of each pool spread over the days there are, in order."""
        pool = pools.of_account[self.account]
        place = pd.Series(self.is_late.astype(np.int64)).groupby(pool).cumsum().to_numpy() - 1
        n_late = np.bincount(pool, weights=self.is_late, minlength=len(pools.names))[pool]
        days = (end - start)[self.account].astype(np.int64)
        ahead = np.floor(place * days / np.maximum(n_late, 1)).astype("timedelta64[D]")
        due = np.where(self.is_late, start[self.account] + ahead, self.due)
        return TouchRows(**{**vars(self), "due": due})

    def frame(self, scores: pd.DataFrame) -> pd.DataFrame:
        """Return one row per touch, in the words of the schedule; plays are named by whoever knows them."""
        index = pd.RangeIndex(len(self))
        accounts = scores.iloc[self.account].set_axis(index)
        return pd.DataFrame(
            {
                "owner": accounts["owner"] if "owner" in scores else texts((), np.full(len(self), -1), index),
                "account_id": accounts["account_id"],
                "due_on": pd.Series(self.due.astype("datetime64[s]"), index=index),
                "channel": texts(CHANNELS, self.channel, index),
                "minutes": self.minutes,
                "kind": texts(KINDS, self.kind, index),
                "why": pd.Series(self.why, index=index).astype("str"),
            }
        )
