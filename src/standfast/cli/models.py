"""Commands that make models, use them and judge them."""

from datetime import datetime
from pathlib import Path

import click

from standfast.cli.options import answer, as_date, book_options, hours_option, out_option, read_settings
from standfast.terminal.show import progress


@click.command()
@book_options
def train(settings_file: Path | None, as_of: datetime | None, *, as_json: bool) -> None:
    """Fit, calibrate and judge the models, record them in MLflow, and keep the better one.

    Example: standfast train
    """
    from standfast.pipelines.run import train_and_record  # noqa: PLC0415
    from standfast.terminal.words import show_train  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        outcome = train_and_record(read_settings(settings_file), as_of=as_date(as_of), say=say)
    answer(outcome, show_train, as_json=as_json)


@click.command()
@click.argument("table", required=False, type=click.Path(path_type=Path))
@out_option("scores.parquet")
@click.option("--reasons", is_flag=True, help="Add each account's strongest reasons (slower).")
@book_options
def score(
    table: Path | None,
    output: Path,
    settings_file: Path | None,
    as_of: datetime | None,
    *,
    reasons: bool,
    as_json: bool,
) -> None:
    """Score TABLE, or the newest date of the book: rows in = scored + rejected.

    Example: standfast score customers.csv -o scores.csv --reasons
    """
    from standfast.pipelines.score import score as score_book  # noqa: PLC0415
    from standfast.terminal.words import show_score  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        summary = score_book(
            read_settings(settings_file), table=table, output=output, n_reasons=5 if reasons else 0,
            as_of=as_date(as_of), say=say,
        )  # fmt: skip
    answer(summary, show_score, as_json=as_json)


@click.command()
@out_option("backtest.csv")
@hours_option
@book_options
def backtest(
    output: Path, hours: float | None, settings_file: Path | None, as_of: datetime | None, *, as_json: bool
) -> None:
    """Replay past dates: what the lists made then would have found, against the rules people use.

    Example: standfast backtest -o backtest.csv
    """
    from standfast.pipelines.backtest import backtest as look_back  # noqa: PLC0415
    from standfast.terminal.words import show_backtest  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        replayed = look_back(
            read_settings(settings_file), output=output, hours=hours, as_of=as_date(as_of), say=say
        )
    answer(replayed, show_backtest, as_json=as_json)


@click.command()
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), default="out", show_default=True,
    help="Folder for scores.parquet, plan.csv, backtest.csv and report.html.",
)  # fmt: skip
@hours_option
@click.option(
    "--backtest/--no-backtest", "with_backtest", default=True, help="Replay past dates, too (the default)."
)
@book_options
def run(
    folder: Path,
    hours: float | None,
    settings_file: Path | None,
    as_of: datetime | None,
    *,
    with_backtest: bool,
    as_json: bool,
) -> None:
    """Do it all: train, replay the past, score, plan, report; end with the matrix and the top of the plan.

    Example: standfast run --out out
    """
    from standfast.pipelines.run import run as run_all  # noqa: PLC0415
    from standfast.terminal.words import show_run  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        outcome = run_all(
            read_settings(settings_file), folder=folder, hours=hours, as_of=as_date(as_of),
            with_backtest=with_backtest, say=say,
        )  # fmt: skip
    answer(outcome, show_run, as_json=as_json)
