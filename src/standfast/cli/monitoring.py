"""The command that looks after the model in use."""

import sys
from datetime import datetime
from pathlib import Path

import click

from standfast.cli.options import answer, as_date, book_options, read_settings
from standfast.terminal.show import progress


@click.command()
@click.option(
    "--retrain", is_flag=True, help="Train when, and only when, the verdict says so; the gate decides."
)
@book_options
def monitor(settings_file: Path | None, as_of: datetime | None, *, retrain: bool, as_json: bool) -> None:
    """Say whether the book is what the model learned from, whether it is as good as it was, and what to do.

    Exit code 1 where a new model, or the one before, is asked for, so that a scheduler can act; 0 else.

    Example: standfast monitor --retrain
    """
    from standfast.pipelines.monitor import monitor as look_after  # noqa: PLC0415
    from standfast.terminal.monitor_words import show_monitor  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        found = look_after(read_settings(settings_file), as_of=as_date(as_of), retrain=retrain, say=say)
    answer(found, show_monitor, as_json=as_json)
    if found.is_breach:
        sys.exit(1)
