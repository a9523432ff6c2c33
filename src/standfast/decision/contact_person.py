"""Whom to contact at an account: the sponsor first, among those still there (C9)."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from standfast.decision.channel_words import name_channels

LANGUAGES = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "nl": "dutch",
    "pt": "portuguese", "sv": "swedish", "da": "danish", "nb": "norwegian", "no": "norwegian",
    "fi": "finnish",
    "pl": "polish", "cs": "czech", "ja": "japanese", "zh": "chinese", "ko": "korean", "ru": "russian",
    "uk": "ukrainian", "tr": "turkish", "ar": "arabic", "he": "hebrew", "hi": "hindi", "el": "greek",
    "hu": "hungarian", "ro": "romanian",
}  # fmt: skip
"""Codes of languages as contacts have them, and their names as teams write their skills."""

COLUMNS = ("account_id", "contact_id", "contact_name", "role", "preferred_channel", "language")


def choose_contacts(contacts: pd.DataFrame, *, as_of: Any, sponsor_roles: Sequence[str]) -> pd.DataFrame:
    """Return one person per account: a sponsor, else a decision-maker, else who is there longest.

    Of several sponsors the role named first counts. Whoever has left by ``as_of``, or joins later, is not
    asked.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": ["a", "a", "a"], "contact_id": ["1", "2", "3"],
    ...     "role": ["user", "Sponsor", "sponsor"], "left_on": [None, None, "2025-01-01"]})
    >>> choose_contacts(people, as_of="2026-01-01", sponsor_roles=["sponsor"])["contact_id"].tolist()
    ['2']
    """
    people = contacts.reindex(columns=[*COLUMNS, "name", "joined_on", "left_on"])
    people = people.assign(contact_name=people["contact_name"].fillna(people["name"]))
    people = people[_is_there(people, as_of)]
    ordered = people.assign(
        rank=_rank(people["role"], sponsor_roles), joined=pd.to_datetime(people["joined_on"])
    ).sort_values(["account_id", "rank", "joined", "contact_id"], kind="stable")
    chosen = ordered.drop_duplicates("account_id").reset_index(drop=True)
    return chosen[list(COLUMNS)].astype("str")


def other_channel_wanted(preferred: pd.Series, channel: pd.Series) -> "pd.Series[bool]":
    """Return where the person asks for another channel than the one planned; a review is in person."""
    asked, given = (names.replace("review", "in_person") for names in (name_channels(preferred), channel))
    return asked.notna() & (asked != given)


def language_not_spoken(
    language: pd.Series, owner: pd.Series, *, team: pd.DataFrame, team_languages: Sequence[str]
) -> pd.Series:
    """Return the language of the contact where its owner's skills are known and lack it; else empty text.

    ``team_languages`` are the ones that everybody in the team speaks.
    """
    code = language.astype("str").str.strip().str.lower().str.slice(0, 2)
    name = code.map(LANGUAGES)
    skills = _skills(team)
    known = owner.isin(skills.index)
    told = [skills.get(name, frozenset()) for name in owner]
    either = zip(name, code, told, strict=True)
    spoken = pd.Series(
        [bool({word, short} & of) for word, short, of in either], index=owner.index, dtype=bool
    )
    everybody = code.isin(list(team_languages)) | name.isin(list(team_languages))
    return name.where(known & name.notna() & ~everybody & ~spoken, "").astype("str")


def who_speaks(language: str, *, team: pd.DataFrame) -> str:
    """Return the first of the team, by name, whose skills hold the language; empty text if nobody's do."""
    skills = _skills(team)
    able = [str(owner) for owner, words in skills.items() if language in words]
    return min(able, default="")


def _is_there(people: pd.DataFrame, as_of: Any) -> "pd.Series[bool]":
    if as_of is None:
        return people["left_on"].isna()
    day = pd.Timestamp(str(as_of)[:10])
    left, joined = pd.to_datetime(people["left_on"]), pd.to_datetime(people["joined_on"])
    return (left.isna() | (left >= day)) & (joined.isna() | (joined < day))


def _rank(role: pd.Series, sponsor_roles: Sequence[str]) -> pd.Series:
    word = role.astype("str").str.strip().str.lower()
    place = word.map({name: place for place, name in enumerate(sponsor_roles)})
    decides = word.str.contains("decision", na=False)
    return place.fillna(decides.map({True: len(sponsor_roles), False: len(sponsor_roles) + 1}))


def _skills(team: pd.DataFrame) -> pd.Series:
    """Return the skills of each owner who has any, as a set of words in lower case."""
    if "skills" not in team:
        return pd.Series(dtype=object)
    told = team[team["skills"].notna()].drop_duplicates("owner")
    words = told["skills"].astype("str").str.lower().str.split(r"\s*[;,/|]\s*", regex=True)
    return pd.Series([frozenset(own) for own in words], index=told["owner"].astype("str"), dtype=object)
