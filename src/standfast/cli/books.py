"""Commands about the book: a made-up one, settings for yours, what its data can carry, its past."""

import sys
from datetime import datetime
from pathlib import Path

import click

from standfast.cli.options import answer, as_date, book_options, json_option, out_option, read_settings
from standfast.terminal.show import progress


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--accounts", default=2000, show_default=True, type=click.IntRange(min=1), help="Accounts.")
@click.option(
    "--months", default=24, show_default=True, type=click.IntRange(min=1), help="Months of history."
)
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(min=0), help="Same seed, same bytes."
)
@json_option
def sample(folder: Path, accounts: int, months: int, seed: int, *, as_json: bool) -> None:
    """Write the sample book: a made-up B2B software company's tables and a settings file.

    Example: standfast sample book --accounts 2000
    """
    from standfast.pipelines.sample import sample as write_sample  # noqa: PLC0415
    from standfast.terminal.words import show_sample  # noqa: PLC0415

    written = write_sample(folder, n_accounts=accounts, n_months=months, seed=seed)
    answer(written, show_sample, as_json=as_json)


@click.command()
@click.argument("tables", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a settings file that is already there.")
@out_option("standfast.toml")
@json_option
def init(tables: tuple[Path, ...], output: Path, *, force: bool, as_json: bool) -> None:
    """Look at your tables, guess which column plays which role, and write the settings.

    TABLES are CSV or Parquet files, or folders of files that make one table. Exports of Salesforce, HubSpot,
    Stripe, Zendesk and Segment are known by their columns.

    Example: standfast init telco.csv

    Example: standfast init Account.csv subscriptions.csv tickets.csv usage/
    """
    from standfast.pipelines.init import init as guess  # noqa: PLC0415
    from standfast.terminal.words import show_init  # noqa: PLC0415

    guessed = guess(list(tables), output=output, force=force)
    answer(guessed, show_init, as_json=as_json)


@click.command()
@book_options
def check(settings_file: Path | None, as_of: datetime | None, *, as_json: bool) -> None:
    """Tell what the data can carry: rows, classes, missing values, leakage suspects, the model it allows.

    Example: standfast check
    """
    from standfast.pipelines.check import check as look  # noqa: PLC0415
    from standfast.terminal.words import show_check  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        checked = look(read_settings(settings_file), as_of=as_date(as_of), say=say)
    answer(checked, show_check, as_json=as_json)
    if checked.blocking:
        click.echo(f"standfast: {checked.verdict}", err=True)
        sys.exit(1)


@click.command()
@out_option("snapshots.parquet")
@click.option(
    "--dates", help="Observation dates, such as 2024-03-01,2024-04-01; the settings' own by default."
)
@book_options
def snapshots(
    output: Path, dates: str | None, settings_file: Path | None, as_of: datetime | None, *, as_json: bool
) -> None:
    """Write features and labels, one row per account and observation date.

    Example: standfast snapshots -o snapshots.parquet --dates 2024-03-01,2024-04-01
    """
    from standfast.pipelines.snapshots import parse_dates, write_snapshots  # noqa: PLC0415
    from standfast.terminal.words import show_snapshots  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        written = write_snapshots(
            read_settings(settings_file),
            output=output,
            dates=parse_dates(dates),
            as_of=as_date(as_of),
            say=say,
        )
    answer(written, show_snapshots, as_json=as_json)
