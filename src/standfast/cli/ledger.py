"""Commands on the ledger: record what was done and what came of it, and see what is kept."""

from pathlib import Path

import click

from standfast.cli.options import answer, json_option, read_settings, settings_option


@click.group()
def record() -> None:
    """Record what was done, and what came of it, in the ledger.

    Example: standfast record touches touches.csv --json
    """


@record.command()
@click.argument("file", type=click.Path(path_type=Path))
@settings_option
@json_option
def touches(file: Path, settings_file: Path | None, *, as_json: bool) -> None:
    """Record touches: who was contacted on which day, by which channel, and how that went.

    FILE is CSV or Parquet with account_id and day; channel, minutes, play, contact_id, outcome and
    assigned_at_random where known. Columns of other names are mapped under [columns.touches]. A touch that is
    recorded again is one touch; what is told of it then is added.

    Example: standfast record touches touches.csv
    """
    _record("touches", file, settings_file, as_json=as_json)


@record.command()
@click.argument("file", type=click.Path(path_type=Path))
@settings_option
@json_option
def outcomes(file: Path, settings_file: Path | None, *, as_json: bool) -> None:
    """Record what became of accounts: churned, contracted, expanded or renewed, on which day.

    FILE is CSV or Parquet with account_id, day and outcome; amount and note where known. Columns of other
    names are mapped under [columns.outcomes].

    Example: standfast record outcomes renewals.csv
    """
    _record("outcomes", file, settings_file, as_json=as_json)


@click.command()
@settings_option
@json_option
def ledger(settings_file: Path | None, *, as_json: bool) -> None:
    """Tell what the ledger holds of this book: plans, touches, outcomes, open alerts, campaigns.

    Example: standfast ledger
    """
    from standfast.pipelines.ledger_view import look_into_ledger  # noqa: PLC0415
    from standfast.terminal.ledger_words import show_ledger  # noqa: PLC0415

    answer(look_into_ledger(read_settings(settings_file)), show_ledger, as_json=as_json)


def _record(kind: str, file: Path, settings_file: Path | None, *, as_json: bool) -> None:
    from standfast.pipelines.record_files import record_file  # noqa: PLC0415
    from standfast.terminal.ledger_words import show_recording  # noqa: PLC0415

    answer(record_file(read_settings(settings_file), kind=kind, file=file), show_recording, as_json=as_json)
