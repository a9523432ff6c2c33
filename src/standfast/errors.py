"""What can go wrong for a user: each message names the thing, shows the value and offers the way out."""

from collections.abc import Iterable
from difflib import get_close_matches


class StandfastError(Exception):
    """Something a user can put right; the command prints the message and exits with 1."""


class InputError(StandfastError):
    """A table or file does not hold what it must."""


class NoRowsError(InputError):
    """A table has its columns and not a single row."""


class SettingsError(StandfastError):
    """The settings file is missing, unreadable, or says something impossible."""


class StateError(StandfastError):
    """What an earlier step should have left (a model, a plan) is missing, changed or of another book."""


class StandfastWarning(UserWarning):
    """Something a user should know although the work went on."""


class TakenError(StateError):
    """Something of that name, or under that key, is there already."""


class UnknownNameError(InputError):
    """Nothing of that name or number is there."""


class AwayError(StateError):
    """What others run, such as a database, does not answer now; it may in a moment."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the question that names those there are that look like ``name``; empty where none does.

    >>> did_you_mean("ACC-0012", ["ACC-0011", "ACC-0012x", "B"])
    'did you mean ACC-0012x or ACC-0011?'
    """
    near = get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else ""
