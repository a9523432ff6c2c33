"""Who is in which named segment, and why; nobody falls out silently (S5)."""

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.decision.columns import Bools
from standfast.decision.expression import lacking_columns, parse_expression, refuse_unknown_columns
from standfast.decision.holds import holds
from standfast.decision.named_segments import UNCLEAR, NamedSegment
from standfast.decision.truth import Truth
from standfast.decision.words import number_words

_UNCLEAR = NamedSegment(
    name=UNCLEAR,
    kind="behaviour",
    meaning="No behaviour segment holds: too little is known of it, or it may leave and no sign says why.",
    message="Ask: one open call about goals and obstacles; complete what the tables lack.",
)


@dataclass(frozen=True, eq=False)
class Member:
    """One named segment over a book.

    Parameters
    ----------
    is_in
        Which accounts are in it, by its rule or by hand.
    unknown
        Of which accounts nobody can tell, because something is not known of them.
    lacking
        Columns of its rule that the book does not have.
    absent
        Accounts named by hand that the book does not have now.
    """

    segment: NamedSegment
    is_in: Bools
    unknown: Bools
    lacking: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """False where nobody is in it, and some are unknown because the book lacks a column."""
        return bool(self.is_in.any()) or not (self.lacking and self.unknown.any())


def assign_named_segments(
    frame: pd.DataFrame, segments: Sequence[NamedSegment], *, known_columns: Collection[str] = ()
) -> tuple[Member, ...]:
    """Return the members of each named segment, and at the end those whose behaviour no rule tells.

    Parameters
    ----------
    known_columns
        Columns that a book may have: one that this book lacks is unknown throughout, any other an error.

    Raises
    ------
    InputError
        A rule names a column that nobody knows, or mixes kinds.
    """
    members = [_member(frame, segment, known_columns) for segment in segments]
    behaviours = [member.is_in for member in members if member.segment.kind == "behaviour"]
    told = np.logical_or.reduce(behaviours) if behaviours else np.zeros(len(frame), dtype=bool)
    return (*members, Member(_UNCLEAR, ~told, np.zeros(len(frame), dtype=bool)))


def explain_members(frame: pd.DataFrame, member: Member) -> npt.NDArray[np.object_]:
    """Return for each account in the segment the parts of the rule that hold, or the reason given by hand.

    Examples
    --------
    >>> book = pd.DataFrame({"account_id": ["A"], "seats": [3.0], "plan": ["Pro"]})
    >>> rule = NamedSegment(name="small", where="seats < 5 and plan == 'pro'")
    >>> explain_members(book, assign_named_segments(book, [rule])[0]).tolist()
    ["seats < 5 (3) and plan == 'pro'"]
    """
    segment, inside = member.segment, frame[member.is_in]
    if not segment.where:
        told = np.full(len(inside), segment.meaning, dtype=object)
    else:
        told = _parts_that_hold(inside, frame, member)
    if not segment.accounts:
        return told
    by_hand = inside["account_id"].astype(str).map(dict(segment.accounts))
    return np.where(by_hand.notna(), "by hand: " + by_hand.astype(object).fillna(""), told)


def _member(frame: pd.DataFrame, segment: NamedSegment, known_columns: Collection[str]) -> Member:
    n = len(frame)
    lacking: tuple[str, ...] = ()
    found = Truth(np.zeros(n, dtype=bool), np.ones(n, dtype=bool))
    if segment.where:
        expression = parse_expression(segment.where)
        refuse_unknown_columns(expression, {*frame.columns, *known_columns})
        lacking = lacking_columns(expression, frame.columns)
        found = holds(expression, frame)
    by_hand, absent = _by_hand(frame, segment)
    return Member(segment, found.true | by_hand, found.unknown & ~by_hand, lacking, absent)


def _by_hand(frame: pd.DataFrame, segment: NamedSegment) -> tuple[Bools, tuple[str, ...]]:
    """Return who is in it by hand, and who of those named is not in the book now."""
    if not segment.accounts:
        return np.zeros(len(frame), dtype=bool), ()
    ids = frame["account_id"].astype(str)
    return ids.isin(list(segment.accounts)).to_numpy(), tuple(sorted(set(segment.accounts) - set(ids)))


def _parts_that_hold(inside: pd.DataFrame, frame: pd.DataFrame, member: Member) -> npt.NDArray[np.object_]:
    """Join the comparisons that hold, each with the number it looked at."""
    expression = parse_expression(member.segment.where)
    told = np.full(len(inside), "", dtype=object)
    for leaf in _leaves(expression.tree):
        part = replace(expression, tree=leaf)
        true = holds(part, frame).true[member.is_in]
        words = ast.unparse(leaf) + _value_words(leaf, inside)
        told = np.where(true, np.where(told == "", words, told + " and " + words), told)
    return told


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp):
        for part in node.values:  # noqa: PD011  (a tree)
            yield from _leaves(part)
    else:
        yield node


def _value_words(leaf: ast.expr, inside: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Word the number that a comparison of one number column looked at."""
    named = leaf.left.id if isinstance(leaf, ast.Compare) and isinstance(leaf.left, ast.Name) else ""
    if named not in inside or not pd.api.types.is_numeric_dtype(inside[named].dtype):
        return np.full(len(inside), "", dtype=object)
    values = inside[named].to_numpy(dtype=np.float64, na_value=np.nan)
    return (" (" + number_words(np.nan_to_num(values), "{:g}") + ")").to_numpy(dtype=object)
