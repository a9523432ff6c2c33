"""What commands share: their common options, and how they answer."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from standfast.terminal.show import print_json

F = TypeVar("F", bound="Callable[..., Any]")

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from standfast.settings import Settings

settings_option = click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file; standfast.toml by default, else the documented defaults.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
as_of_option = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Look at the book as of this date; the day after its newest event by default.",
)


def book_options(command: F) -> F:
    """Give a command the options of all that look at a book: which settings, as of when, printed how."""
    return settings_option(as_of_option(json_option(command)))


hours_option = click.option(
    "--hours", type=float, help="Hours of the whole team for the horizon, instead of the settings'."
)


def out_option(default: str) -> "Callable[[F], F]":
    """Give the option that says where a table is written."""
    return click.option(
        "-o", "--out", "output", type=click.Path(path_type=Path), default=default, show_default=True,
        help="Where to write; CSV or Parquet by the file's ending.",
    )  # fmt: skip


def read_settings(path: Path | None) -> "Settings":
    """Give the settings of the file named, else of standfast.toml, else the defaults."""
    from standfast.settings import load_settings  # noqa: PLC0415  (pandas and pydantic only where needed)

    return load_settings(path)


def who_runs_it() -> str:
    """Give what the ledger calls whoever runs the command: the machine's name for them."""
    import getpass  # noqa: PLC0415

    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user without a name
        return "cli"


def as_date(moment: datetime | None) -> "date | None":
    """Give the day of a moment."""
    return moment.date() if moment else None


def answer(outcome: Any, show: "Callable[[Any], None]", *, as_json: bool) -> None:
    """Print the outcome for a machine or for a person."""
    if as_json:
        print_json(getattr(outcome, "summary", outcome))
    else:
        show(outcome)
