"""What an owner does and how much of it: channels, most accounts, most visits in a horizon."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Ge
from typing_extensions import Doc

from standfast.decision.bundles import Bundle
from standfast.decision.channel_words import PERSONAL_WORDS, PersonalChannel
from standfast.decision.columns import Bools
from standfast.errors import InputError


@dataclass(frozen=True, kw_only=True)
class OwnerLimits:
    """What one owner does, and the most of it in a horizon."""

    channels: Annotated[
        tuple[PersonalChannel, ...],
        Doc("channels this owner does: in_person (visits and reviews), review, call, email; all if empty"),
    ] = ()
    most_accounts: Annotated[int, Ge(0)] | None = None
    most_in_person: Annotated[int, Ge(0)] | None = None


def channels_of(skills: Collection[str]) -> tuple[PersonalChannel, ...]:
    """Return the channels that a skill list names; nothing where it names none, so that all are done.

    Examples
    --------
    >>> channels_of(["german", "Calls", "e-mail"])
    ('call', 'email')
    >>> channels_of(["german", "onboarding"])
    ()
    """
    named = {PERSONAL_WORDS.get(skill.strip().casefold()) for skill in skills}
    return tuple(sorted(channel for channel in named if channel))


def does(bundle: Bundle, channels: Collection[str]) -> bool:
    """Say whether somebody who does these channels can make every touch of the bundle.

    Examples
    --------
    >>> does(Bundle(n_call=2), ["call"]), does(Bundle(n_call=2, n_email=1), ["call"])
    (True, False)
    """
    return not channels or (
        (bundle.n_visit == 0 or "in_person" in channels)
        and (bundle.n_review == 0 or "in_person" in channels or "review" in channels)
        and (bundle.n_call == 0 or "call" in channels)
        and (bundle.n_email == 0 or "email" in channels)
    )


def done_by(bundles: Collection[Bundle], channel_sets: Collection[Collection[str]]) -> Bools:
    """Return which bundles (columns) each set of channels (rows) can make."""
    return np.array([[does(bundle, channels) for bundle in bundles] for channels in channel_sets], dtype=bool)


def refuse_strangers(limits: Mapping[str, OwnerLimits], owners: Collection[str]) -> None:
    """Refuse limits on the work of owners whose hours nobody knows.

    Raises
    ------
    InputError
        Names the owner, and the nearest one with hours.
    """
    for name in limits:
        if name not in owners:
            near = difflib.get_close_matches(name, sorted(owners), n=1, cutoff=0.0)
            hint = f"; the nearest owner with hours is {near[0]!r}" if near else ""
            raise InputError(
                f"[capacity.limits] names {name!r}, who is no owner with hours{hint}; give them under "
                "[capacity.owners] or in the team table"
            )
