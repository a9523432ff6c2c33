"""Commands on the ledger: record what was done and what came of it, and see what is kept."""

from pathlib import Path

import click

from standfast.cli.options import answer, json_option, read_settings, settings_option, who_runs_it


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


@click.group(invoke_without_command=True)
@settings_option
@json_option
@click.pass_context
def ledger(context: click.Context, settings_file: Path | None, *, as_json: bool) -> None:
    """Tell what the ledger holds of this book: scores, plans, touches, outcomes, open alerts, campaigns.

    Example: standfast ledger
    """
    if context.invoked_subcommand is not None:
        return
    from standfast.pipelines.ledger_view import look_into_ledger  # noqa: PLC0415
    from standfast.terminal.ledger_words import show_ledger  # noqa: PLC0415

    answer(look_into_ledger(read_settings(settings_file)), show_ledger, as_json=as_json)


@ledger.command()
@click.argument("file", type=click.Path(path_type=Path))
@settings_option
@json_option
def backup(file: Path, settings_file: Path | None, *, as_json: bool) -> None:
    """Write the whole ledger, all its books, to FILE, as it is at one moment, whoever writes meanwhile.

    FILE is a ZIP of JSON lines, one file per table, the same from SQLite and from PostgreSQL. It holds hashes
    of passwords and keys, so only its owner may read it.

    Example: standfast ledger backup ledger.zip
    """
    from standfast.pipelines.ledger_care import back_up  # noqa: PLC0415
    from standfast.terminal.ledger_words import show_backup  # noqa: PLC0415

    answer(back_up(read_settings(settings_file), file, who=who_runs_it()), show_backup, as_json=as_json)


@ledger.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="What the ledger holds now may go.")
@settings_option
@json_option
def restore(file: Path, settings_file: Path | None, *, replace: bool, as_json: bool) -> None:
    """Bring the ledger to what FILE holds, once every line of FILE is found as it was written.

    The ledger of the settings may be another database than the one FILE was made of.

    Example: standfast ledger restore ledger.zip
    """
    from standfast.pipelines.ledger_care import bring_back  # noqa: PLC0415
    from standfast.terminal.ledger_words import show_restored  # noqa: PLC0415

    told = bring_back(read_settings(settings_file), file, replace=replace, who=who_runs_it())
    answer(told, show_restored, as_json=as_json)


@ledger.command()
@click.argument("name")
@click.option(
    "--as", "kind", type=click.Choice(["account", "person"]), help="What NAME is, where it could be either."
)
@click.option("--yes", is_flag=True, help="Do not ask whether that is meant.")
@settings_option
@json_option
def erase(name: str, kind: str | None, settings_file: Path | None, *, yes: bool, as_json: bool) -> None:
    """Erase what the ledger holds of NAME, an account or a person, in this book; it cannot be taken back.

    An account's rows are removed. A person (user, owner, contact) is no user any more, and where their name
    stood stands one that is nobody's. It says what was removed, and what it cannot reach.

    Example: standfast ledger erase A-0017 --yes
    """
    from standfast.pipelines.ledger_care import forget  # noqa: PLC0415
    from standfast.terminal.ledger_words import show_erased  # noqa: PLC0415

    if not yes:
        click.confirm(f"erase all that the ledger holds of {name!r}?", abort=True, err=True)
    told = forget(read_settings(settings_file), name, kind=kind, who=who_runs_it())
    answer(told, show_erased, as_json=as_json)


@ledger.command()
@click.option(
    "--older-than", "days", type=click.IntRange(min=0), required=True, metavar="DAYS",
    help="Thin what lies so many days before the newest plan or scores.",
)  # fmt: skip
@settings_option
@json_option
def thin(days: int, settings_file: Path | None, *, as_json: bool) -> None:
    """Remove old plans and scores of this book but the newest of each month.

    Example: standfast ledger thin --older-than 400
    """
    from standfast.pipelines.ledger_care import thin_out  # noqa: PLC0415
    from standfast.terminal.ledger_words import show_thinned  # noqa: PLC0415

    told = thin_out(read_settings(settings_file), older_than_days=days, who=who_runs_it())
    answer(told, show_thinned, as_json=as_json)


def _record(kind: str, file: Path, settings_file: Path | None, *, as_json: bool) -> None:
    from standfast.pipelines.record_files import record_file  # noqa: PLC0415
    from standfast.terminal.ledger_words import show_recording  # noqa: PLC0415

    recorded = record_file(read_settings(settings_file), kind=kind, file=file, who=who_runs_it())
    answer(recorded, show_recording, as_json=as_json)
