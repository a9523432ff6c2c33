"""Which play each account gets: the first specific one that fits, else the general one (C4, C5, S1)."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.decision.columns import Bools, Ints, codes_of, texts
from standfast.decision.expression import parse_expression
from standfast.decision.holds import holds
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.plays import ACTIONS, FIRST_NAME, PLAYS, PLAYS_OF_KIND, Play, PlayKind
from standfast.schema import VALUE_TIERS

Words = npt.NDArray[np.object_]
BUILT_IN = {play.name: play for play in (*PLAYS, *PLAYS_OF_KIND)}


def merge_plays(own: Iterable[Play]) -> tuple[Play, ...]:
    """Return all plays in the order in which they are tried: a team's specific ones, its general ones, ours.

    A play of the team with the name of one of ours stands in its place.

    Examples
    --------
    >>> ours = merge_plays([Play("Save", "save", "Talk", "", ()), Play("", "", "Shop visit", "", (),
    ...                     where="industry == 'Retail'")])
    >>> [play.name for play in ours][:3], len(ours)
    (['Shop visit', 'Talk', 'Executive rescue'], 49)
    """
    told = list(own)
    edited = {play.name: play for play in told if play.name in BUILT_IN}
    added = [play for play in told if play.name not in BUILT_IN]
    return (
        *(play for play in added if play.where or play.value_tier),
        *(play for play in added if not (play.where or play.value_tier)),
        *(edited.get(name, play) for name, play in BUILT_IN.items()),
    )


def choose_plays(
    scores: pd.DataFrame,
    place: Ints,
    action: Ints,
    *,
    plays: Sequence[Play] = PLAYS,
    matrix: Matrix = MATRIX,
) -> pd.Series:
    """Return each account's play of the matrix by name; empty where ``place`` is -1.

    The first play that fits wins. One that is not proven never goes to the high value tier (C5), and a rule
    that looks at what is not known of an account does not fit it (U4).

    Parameters
    ----------
    place
        The place of each account's cell in the matrix.
    action
        The place in ``ACTIONS`` of what is done with it.
    """
    offered = [play for play in plays if play.kind == "matrix"]
    asked = place * len(ACTIONS) + action
    fits = [_fits_cells(play, matrix)[asked] & (place >= 0) & _fits(play, scores) for play in offered]
    return texts(tuple(play.name for play in offered), _first(fits, len(scores)), scores.index)


def plays_of_kind(
    scores: pd.DataFrame,
    kind: PlayKind,
    *,
    plays: Sequence[Play] = PLAYS_OF_KIND,
    matrix: Matrix = MATRIX,
) -> tuple[tuple[Play, ...], Ints]:
    """Return the plays of a kind and each account's place among them; the last of ours fits every account.

    Examples
    --------
    >>> book = pd.DataFrame({"segment": ["Save", "Maintain"], "value_tier": ["high", "low"]})
    >>> offered, place = plays_of_kind(book, "renewal")
    >>> [offered[at].name for at in place]
    ['Renewal preparation', 'Renewal notice']
    """
    offered = tuple(play for play in plays if play.kind == kind)
    segment, tier = _segments_and_tiers(scores, matrix)
    high = tier == VALUE_TIERS[0]
    fits = [
        ((segment == play.segment) | (not play.segment))
        & ((tier == play.value_tier) | (not play.value_tier))
        & (play.proven | ~high)
        & _fits(play, scores)
        for play in offered
    ]
    return offered, _first(fits, len(scores))


def _fits_cells(play: Play, matrix: Matrix) -> Bools:
    """Return for each cell and action, one after the other, whether the play may go there."""
    return np.array(
        [
            play.is_for(FIRST_NAME[cell.name], action)
            and (play.proven or cell.value_tier != VALUE_TIERS[0])
            and play.value_tier in {"", cell.value_tier}
            for cell in matrix.cells
            for action in ACTIONS
        ]
    )


def _fits(play: Play, scores: pd.DataFrame) -> Bools:
    """Return for which accounts the play's rule holds."""
    if not play.where:
        return np.ones(len(scores), dtype=bool)
    return np.asarray(holds(parse_expression(play.where), scores).true, dtype=bool)


def _segments_and_tiers(scores: pd.DataFrame, matrix: Matrix) -> tuple[Words, Words]:
    """Return each account's segment, as it is called by default, and its value tier; "" where it has none."""
    by_segment = "cell" not in scores
    names = matrix.segments if by_segment else matrix.cell_names
    place = codes_of(scores, "segment" if by_segment else "cell", names)
    segments = np.array([*(FIRST_NAME[name] for name in matrix.cell_names), ""], dtype=object)
    tiers = np.array([*(cell.value_tier for cell in matrix.cells), ""], dtype=object)
    return segments[place], tiers[place]


def _first(fits: Sequence[Bools], n: int) -> Ints:
    """Return the place of the first that fits, -1 where none does."""
    chosen = np.full(n, -1, dtype=np.int64)
    for at, mask in enumerate(fits):
        chosen[(chosen < 0) & mask] = at
    return chosen
