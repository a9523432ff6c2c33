"""Label columns read into yes, no and unknown: the usual words, and those a user explains."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from typing_extensions import Doc

from standfast.errors import InputError, SettingsError

YES_WORDS = frozenset({"true", "yes", "1"})
NO_WORDS = frozenset({"false", "no", "0"})
_MOST_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class LabelValues:
    """Which values of a label column mean yes and no, and which rows it says nothing about.

    Upper and lower case and spaces around a value make no difference.
    """

    is_true: Annotated[tuple[str, ...], Doc("values that mean yes, beside true, yes and 1")] = ()
    is_false: Annotated[tuple[str, ...], Doc("values that mean no, beside false, no and 0")] = ()
    is_exclude: Annotated[tuple[str, ...], Doc("values whose rows are scored but not learned from")] = ()

    def __post_init__(self) -> None:
        """Refuse a value that is said to mean two things."""
        yes, no, neither = (
            {_word(value) for value in v} for v in (self.is_true, self.is_false, self.is_exclude)
        )
        if twice := sorted(yes & no | yes & neither | no & neither):
            raise SettingsError(f"[labels] gives {twice} two meanings; keep each value in one list only")

    @property
    def meanings(self) -> Mapping[str, bool | None]:
        """What each word means; None: the row is excluded."""
        return {
            **dict.fromkeys(YES_WORDS, True),
            **dict.fromkeys(NO_WORDS, False),
            **{_word(value): True for value in self.is_true},
            **{_word(value): False for value in self.is_false},
            **{_word(value): None for value in self.is_exclude},
        }


@dataclass(frozen=True, eq=False)
class ReadLabel:
    """A label column as read.

    Parameters
    ----------
    values
        Nullable booleans with the column's index; missing where the label is unknown or excluded.
    excluded
        True where the value is one that ``exclude`` names.
    """

    values: pd.Series
    excluded: pd.Series


def read_label(values: pd.Series, *, spec: LabelValues | None = None, name: str | None = None) -> ReadLabel:
    """Give a label column as nullable booleans, and which rows its settings exclude.

    Raises
    ------
    InputError
        A value is none of true/false, yes/no, 1/0 and ``spec`` does not explain it.
    """
    meanings = (spec or LabelValues()).meanings
    codes, met = pd.factorize(_as_text(values))
    if any(word not in meanings for word in met):
        raise _unexplained(values, n_met=len(met), name=name or str(values.name))
    said = [meanings[word] for word in met]
    answers = pd.array([*said, None], dtype="boolean")[codes]
    excluded = np.array([*(answer is None for answer in said), False])[codes]
    return ReadLabel(
        pd.Series(answers, index=values.index, name=values.name), pd.Series(excluded, index=values.index)
    )


def _word(value: object) -> str:
    return str(value).strip().casefold().removesuffix(".0")


def _as_text(values: pd.Series) -> pd.Series:
    """Give lower-case words, missing where the cell holds nothing; 1 and 1.0 become "1"."""
    text = values.astype("string").str.strip().str.casefold().str.removesuffix(".0")
    return text.mask(text == "")


def _unexplained(values: pd.Series, *, n_met: int, name: str) -> InputError:
    counts = values.astype("string").str.strip().value_counts()
    listed = ", ".join(f"{value!r} ({n:,})" for value, n in counts.head(_MOST_SHOWN).items())
    more = f" and {len(counts) - _MOST_SHOWN} more" if len(counts) > _MOST_SHOWN else ""
    way_out = (
        "is it the right column? Name the label's column under [columns]"
        if n_met > 2 * _MOST_SHOWN
        else f'say what each means: [labels] {name} = {{true = ["..."], false = ["..."], exclude = ["..."]}}'
    )
    return InputError(
        f"label {name!r} holds values other than true/false, yes/no, 1/0: {listed}{more}; "
        f"{way_out} in the settings file"
    )
