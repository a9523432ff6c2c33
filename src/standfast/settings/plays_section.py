"""The section ``[plays]``: plays of a team's own, and what it changes of ours."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from standfast.decision.expression import parse_expression
from standfast.decision.matrix import Matrix
from standfast.decision.play_choice import BUILT_IN
from standfast.decision.plays import ACTIONS, FIRST_NAME, Play
from standfast.errors import InputError, SettingsError
from standfast.schema import VALUE_TIERS
from standfast.settings.sections import read_section

WHOM = ("segment", "segments", "action", "where", "kind", "value_tier", "proven")
"""Keys that say whom a play is for; of ours they stay, so that every account keeps a play."""


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """Several segments that one play is for."""

    segments: tuple[str, ...] = ()


def read_plays(values: Mapping[str, Any], matrix: Matrix, *, source: str) -> tuple[Play, ...]:
    """Give the plays of ``[plays]``; one for several segments comes once for each.

    Raises
    ------
    SettingsError
        A key, segment, action or channel is unknown (the nearest is named), or a rule cannot be read.
    """
    read = (_plays(str(name), said, matrix, source=source) for name, said in values.items())
    return tuple(play for plays in read for play in plays)


def _plays(name: str, said: Any, matrix: Matrix, *, source: str) -> tuple[Play, ...]:
    where = f"plays.{name}"
    if not isinstance(said, Mapping) or not name.strip():
        raise SettingsError(f"{source}: {where} = {said!r} should be a section [plays.NAME]")
    if "name" in said:
        raise SettingsError(f"{source}: [{where}] unknown key 'name'; a play's name is that of its section")
    for key in said:
        known_keys = [*(part.name for part in fields(Play) if part.name != "name"), "segments"]
        _refuse_unknown("key", key, known_keys, where, source)
    told = {key: value for key, value in said.items() if key != "segments"}
    known = BUILT_IN.get(name)
    if known is not None:
        _refuse_other_accounts(known, said, where, source)
    base = vars(known or Play("", "", name, "", ()))
    play: Play = read_section(
        Play, {**base, **told, "segment": told.get("segment", base["segment"])}, where=where, source=source
    )
    if known is not None:
        return (play,)
    _check(play, where, source)
    listed = read_section(
        _Listed, {"segments": said.get("segments", ())}, where=where, source=source
    ).segments
    names = [_first_name(segment, matrix, where, source) for segment in listed or (play.segment,)]
    return tuple(replace(play, segment=segment) for segment in names)


def _refuse_other_accounts(known: Play, said: Mapping[str, Any], where: str, source: str) -> None:
    """Refuse to give one of our plays to fewer accounts: it is what is left where no other fits."""
    for key in WHOM:
        if key in said:
            raise SettingsError(
                f"{source}: [{where}] {key} = {said[key]!r}: {known.name!r} is a play of ours, and accounts "
                "that no other fits get it; write a play of your own, which goes before it"
            )


def _check(play: Play, where: str, source: str) -> None:
    """Refuse words that mean nothing, and rules that cannot be read."""
    if play.action:
        _refuse_unknown("action", play.action, ACTIONS, where, source)
    if play.value_tier:
        _refuse_unknown("value_tier", play.value_tier, VALUE_TIERS, where, source)
    if not play.goal or not play.steps:
        raise SettingsError(f'{source}: [{where}] needs goal = "..." and steps = ["...", "..."]')
    if play.where:
        try:
            parse_expression(play.where)
        except InputError as problem:
            raise SettingsError(f"{source}: [{where}] {problem}") from None


def _first_name(segment: str, matrix: Matrix, where: str, source: str) -> str:
    """Give the name by which plays know a segment, which may be called by the team's name or by ours."""
    own = {cell.segment: FIRST_NAME[cell.name] for cell in matrix.cells}
    ours = {FIRST_NAME[cell.name]: FIRST_NAME[cell.name] for cell in matrix.cells}
    known = {**ours, **own}
    if not segment:
        return segment
    _refuse_unknown("segment", segment, known, where, source)
    return known[segment]


def _refuse_unknown(key: str, met: str, known: Iterable[str], where: str, source: str) -> None:
    """Refuse a word that is not among those known."""
    words = list(known)
    if met not in words:
        near = difflib.get_close_matches(met, words, n=1, cutoff=0.0)[0]
        raise SettingsError(
            f"{source}: [{where}] {key} {met!r} is unknown; the nearest known one is {near!r}"
        )
