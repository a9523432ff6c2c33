"""Test beliefs about accounts on what happened: effect, interval, sample, verdict (S8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from standfast.decision.differences import compare_groups
from standfast.decision.expression import Expression, parse_expression, refuse_unknown_columns
from standfast.decision.verdicts import Judged, judge
from standfast.errors import InputError
from standfast.pipelines.observe import ObservedBook, observe_book
from standfast.pipelines.typed_rows import typed_rows
from standfast.pipelines.worth import columns_of_scores, hold_by_date
from standfast.schema import ACCOUNT_ID, LABELS, OBSERVATION_DATE
from standfast.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True)
class BeliefsTested:
    """What became of beliefs, and on what they were tested."""

    tested: tuple[Judged, ...]
    outcome: str
    n_dates: int
    horizon_days: int
    confidence: float

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return asdict(self)


def judge_beliefs(
    texts: Sequence[str],
    settings: Settings,
    *,
    outcome: str = "churned",
    as_of: date | None = None,
    say: Say = lambda _: None,
) -> BeliefsTested:
    """Give for each belief whether accounts it is about had the outcome more, or less, than the others.

    Raises
    ------
    InputError
        An expression cannot be read, or names what the past of this book does not hold.
    """
    beliefs = [parse_expression(text) for text in texts]
    say(f"reading book {settings.book_name!r}")
    observed = observe_book(settings, as_of=as_of)
    rows = typed_rows(observed.snapshots)
    if outcome not in rows or not rows[outcome].notna().any():
        known = [name for name in LABELS if name in rows and rows[name].notna().any()]
        raise InputError(f"book {settings.book_name!r} knows no {outcome!r}; it knows {known}")
    for belief in beliefs:
        _refuse_untestable(belief, observed)
    named = [
        (
            belief.text,
            compare_groups(rows, hold_by_date(belief, rows), outcome=outcome, policy=settings.evidence),
        )
        for belief in beliefs
    ]
    return BeliefsTested(
        tested=judge(named, policy=settings.evidence, about="belief"),
        outcome=outcome,
        n_dates=rows[OBSERVATION_DATE].nunique() if OBSERVATION_DATE in rows else 1,
        horizon_days=settings.horizon.horizon_days,
        confidence=settings.evidence.confidence,
    )


def _refuse_untestable(belief: Expression, observed: ObservedBook) -> None:
    """Refuse what the past does not hold: scores, labels as their own reason, today's state."""
    rows = observed.snapshots
    if scores := columns_of_scores(belief, rows):
        raise InputError(
            f"the expression {belief.text!r} is about {scores[0]!r}, a model's opinion of the past it "
            "learned from; test a belief on what was seen, such as seats or industry"
        )
    if labels := [name for name in belief.columns if name in LABELS]:
        raise InputError(
            f"the expression {belief.text!r} is about {labels[0]!r}, which is what happened afterwards; "
            "name it with --outcome instead"
        )
    if undated := [name for name in belief.columns if name in observed.set_aside and name not in rows]:
        raise InputError(
            f"the expression {belief.text!r} is about {undated[0]!r}, an undated column of accounts: it "
            "tells today's state, not the past; name it under [book] static if it does not move with an "
            "account's fate"
        )
    refuse_unknown_columns(belief, set(rows.columns) - {ACCOUNT_ID, *LABELS})
