"""The command ``standfast``: each command parses, calls one pipeline, prints."""

import os
import sys
import warnings
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from standfast import __version__
from standfast.errors import StandfastError, StandfastWarning
from standfast.terminal.show import print_json, progress

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
hours_option = click.option(
    "--hours", type=float, help="Hours of the whole team for the horizon, instead of the settings'."
)


def _out(default: str) -> "Callable[[F], F]":
    return click.option(
        "-o", "--out", "output", type=click.Path(path_type=Path), default=default, show_default=True,
        help="Where to write; CSV or Parquet by the file's ending.",
    )  # fmt: skip


class _Commands(click.Group):
    """Commands in the order in which one uses them; a user's error is one line and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        # Threads that spin while they wait make LightGBM many times slower on a machine that does other
        # work, too; OpenMP reads this when it is first loaded, so it is said before any heavy import.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        warnings.showwarning = _say_warning
        try:
            return super().invoke(ctx)
        except StandfastError as problem:
            click.echo(f"standfast: {problem}", err=True)
            sys.exit(1)
        except BrokenPipeError:
            # The reader (head, less) has seen enough; Python would complain at exit otherwise.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except MemoryError:
            click.echo(
                "standfast: not enough memory for this table; split it, or use a larger machine", err=True
            )
            sys.exit(1)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="standfast")
def main() -> None:
    """Churn risk against reward, turned into the outreach plan that fits the team's hours.

    Start with your own table:    standfast init customers.csv && standfast run

    or with a made-up company:    standfast sample book && standfast run --settings book/standfast.toml
    """


@main.command()
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
    _answer(written, show_sample, as_json=as_json)


@main.command()
@click.argument("tables", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a settings file that is already there.")
@_out("standfast.toml")
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
    _answer(guessed, show_init, as_json=as_json)


@main.command()
@settings_option
@as_of_option
@json_option
def check(settings_file: Path | None, as_of: datetime | None, *, as_json: bool) -> None:
    """Tell what the data can carry: rows, classes, missing values, leakage suspects, the model it allows.

    Example: standfast check
    """
    from standfast.pipelines.check import check as look  # noqa: PLC0415
    from standfast.terminal.words import show_check  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        checked = look(_settings(settings_file), as_of=_date(as_of), say=say)
    _answer(checked, show_check, as_json=as_json)
    if checked.blocking:
        click.echo(f"standfast: {checked.verdict}", err=True)
        sys.exit(1)


@main.command()
@_out("snapshots.parquet")
@click.option(
    "--dates", help="Observation dates, such as 2024-03-01,2024-04-01; the settings' own by default."
)
@settings_option
@as_of_option
@json_option
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
            _settings(settings_file), output=output, dates=parse_dates(dates), as_of=_date(as_of), say=say
        )
    _answer(written, show_snapshots, as_json=as_json)


@main.command()
@settings_option
@as_of_option
@json_option
def train(settings_file: Path | None, as_of: datetime | None, *, as_json: bool) -> None:
    """Fit, calibrate and judge the models, record them in MLflow, and keep the better one.

    Example: standfast train
    """
    from standfast.pipelines.run import train_and_record  # noqa: PLC0415
    from standfast.terminal.words import show_train  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        outcome = train_and_record(_settings(settings_file), as_of=_date(as_of), say=say)
    _answer(outcome, show_train, as_json=as_json)


@main.command()
@click.argument("table", required=False, type=click.Path(path_type=Path))
@_out("scores.parquet")
@click.option("--reasons", is_flag=True, help="Add each account's strongest reasons (slower).")
@settings_option
@as_of_option
@json_option
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
            _settings(settings_file), table=table, output=output, n_reasons=5 if reasons else 0,
            as_of=_date(as_of), say=say,
        )  # fmt: skip
    _answer(summary, show_score, as_json=as_json)


@main.command()
@click.argument("scores", required=False, type=click.Path(path_type=Path))
@_out("plan.csv")
@hours_option
@settings_option
@as_of_option
@json_option
def plan(
    scores: Path | None,
    output: Path,
    hours: float | None,
    settings_file: Path | None,
    as_of: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Spend the team's hours where they are worth most: who, when, which channel, why, worth what.

    SCORES is a scores file, ours or another's; without one the book is scored first.

    Example: standfast plan scores.parquet -o plan.csv --hours 300
    """
    from standfast.pipelines.run import plan_and_write  # noqa: PLC0415
    from standfast.terminal.words import show_plan  # noqa: PLC0415

    planned = plan_and_write(
        _settings(settings_file), scores_file=scores, output=output, hours=hours, as_of=_date(as_of)
    )
    _answer(planned, show_plan, as_json=as_json)


@main.command()
@click.option(
    "-o", "--out", "output", type=click.Path(path_type=Path), default="report.html", show_default=True,
    help="Where to write the page.",
)  # fmt: skip
@hours_option
@settings_option
@as_of_option
@json_option
def report(
    output: Path, hours: float | None, settings_file: Path | None, as_of: datetime | None, *, as_json: bool
) -> None:
    """Write one self-contained page: matrix, segments, plan, model quality, what is uncertain.

    Example: standfast report -o report.html
    """
    from standfast.pipelines.report import report as write_report  # noqa: PLC0415
    from standfast.terminal.words import show_report  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        written = write_report(
            _settings(settings_file), output=output, hours=hours, as_of=_date(as_of), say=say
        )
    _answer(written, show_report, as_json=as_json)


@main.command()
@_out("backtest.csv")
@hours_option
@settings_option
@as_of_option
@json_option
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
            _settings(settings_file), output=output, hours=hours, as_of=_date(as_of), say=say
        )
    _answer(replayed, show_backtest, as_json=as_json)


@main.command()
@click.argument("account")
@hours_option
@settings_option
@as_of_option
@json_option
def explain(
    account: str, hours: float | None, settings_file: Path | None, as_of: datetime | None, *, as_json: bool
) -> None:
    """Tell the whole trail of one account: probabilities, reasons, value, cell, and why this plan.

    Example: standfast explain 7590-VHVEG
    """
    from standfast.pipelines.explain import explain as tell  # noqa: PLC0415
    from standfast.terminal.words import show_explain  # noqa: PLC0415

    trail = tell(account, _settings(settings_file), hours=hours, as_of=_date(as_of))
    _answer(trail, show_explain, as_json=as_json)


@main.command()
@click.option(
    "--dimension", "dimensions", multiple=True,
    help="Also the groups of a dimension (revenue, list, plan, product, industry, country, start_year, "
    "start_quarter, lifecycle, owner, segment) or of any column; may be repeated.",
)  # fmt: skip
@click.option(
    "--test", "with_tests", is_flag=True,
    help="Test on the past which dimensions tell churn and expansion apart (slower).",
)  # fmt: skip
@click.option(
    "-o", "--out", "output", type=click.Path(path_type=Path),
    help="Write one row per account and named segment, with why it is there and what to say.",
)  # fmt: skip
@settings_option
@as_of_option
@json_option
def segments(
    dimensions: tuple[str, ...], output: Path | None, settings_file: Path | None, as_of: datetime | None, *,
    with_tests: bool, as_json: bool,
) -> None:  # fmt: skip
    """List the named segments, which overlap: accounts, revenue, churn, expansion, what to say to them.

    Example: standfast segments --dimension industry --test
    """
    from standfast.pipelines.segments import segments as segment  # noqa: PLC0415
    from standfast.terminal.segment_words import show_segments  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        found = segment(
            _settings(settings_file), dimensions=dimensions, with_tests=with_tests, output=output,
            as_of=_date(as_of), say=say,
        )  # fmt: skip
    _answer(found, show_segments, as_json=as_json)


@main.command()
@click.argument("expressions", nargs=-1, required=True)
@click.option(
    "--outcome", default="churned", show_default=True,
    type=click.Choice(["churned", "contracted", "expanded"]),
    help="What those accounts are said to do more, or less, than the others.",
)  # fmt: skip
@settings_option
@as_of_option
@json_option
def belief(
    expressions: tuple[str, ...], outcome: str, settings_file: Path | None, as_of: datetime | None, *,
    as_json: bool,
) -> None:  # fmt: skip
    """Test a belief about accounts on what happened: effect, interval, sample, verdict.

    EXPRESSIONS say whom each belief is about; several are corrected for how many were tried.

    Example: standfast belief "industry == 'Retail'" --outcome churned
    """
    from standfast.pipelines.belief import judge_beliefs  # noqa: PLC0415
    from standfast.terminal.segment_words import show_beliefs  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        tested = judge_beliefs(
            expressions, _settings(settings_file), outcome=outcome, as_of=_date(as_of), say=say
        )
    _answer(tested, show_beliefs, as_json=as_json)


@main.command()
@click.option(
    "-o", "--out", "output", type=click.Path(path_type=Path),
    help="Write one row per open alert; CSV or Parquet by the file's ending.",
)  # fmt: skip
@settings_option
@as_of_option
@json_option
def alerts(output: Path | None, settings_file: Path | None, as_of: datetime | None, *, as_json: bool) -> None:
    """List what has changed at an account and still holds, by owner, and how often such alerts were right.

    Example: standfast alerts -o alerts.csv
    """
    from standfast.pipelines.alerts import alerts as look_for_alerts  # noqa: PLC0415
    from standfast.terminal.alert_words import show_alerts  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        found = look_for_alerts(_settings(settings_file), output=output, as_of=_date(as_of), say=say)
    _answer(found, show_alerts, as_json=as_json)


@main.command()
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), default="out", show_default=True,
    help="Folder for scores.parquet, plan.csv, backtest.csv and report.html.",
)  # fmt: skip
@hours_option
@click.option(
    "--backtest/--no-backtest", "with_backtest", default=True, help="Replay past dates, too (the default)."
)
@settings_option
@as_of_option
@json_option
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
            _settings(settings_file), folder=folder, hours=hours, as_of=_date(as_of),
            with_backtest=with_backtest, say=say,
        )  # fmt: skip
    _answer(outcome, show_run, as_json=as_json)


def _say_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """Tell a user what concerns them in one line; libraries' own warnings are for developers."""
    if issubclass(category, StandfastWarning):
        click.echo(f"careful: {message}", err=True)


def _settings(path: Path | None) -> "Settings":
    from standfast.settings import load_settings  # noqa: PLC0415  (pandas and pydantic only where needed)

    return load_settings(path)


def _date(moment: datetime | None) -> "date | None":
    return moment.date() if moment else None


def _answer(outcome: Any, show: "Callable[[Any], None]", *, as_json: bool) -> None:
    """Print the outcome for a machine or for a person."""
    if as_json:
        print_json(getattr(outcome, "summary", outcome))
    else:
        show(outcome)
