"""Commands for people who contact accounts: whom, why, and what is worth knowing."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.options import answer, as_date, book_options, hours_option, out_option, read_settings
from standfast.terminal.show import progress

if TYPE_CHECKING:
    from standfast.pipelines.plan import PlanBy


@click.command()
@click.argument("scores", required=False, type=click.Path(path_type=Path))
@out_option("plan.csv")
@hours_option
@click.option(
    "--what-if", "is_what_if", is_flag=True, help="Only try it: the ledger does not keep this plan."
)
@click.option(
    "--by", type=click.Choice(["value", "cadence"]), default="value", show_default=True,
    help="value: each account the touches that are worth most; cadence: those of its cell's table, cut to "
    "the hours in a fixed order, to compare.",
)  # fmt: skip
@book_options
def plan(
    scores: Path | None,
    output: Path,
    hours: float | None,
    settings_file: Path | None,
    as_of: datetime | None,
    *,
    is_what_if: bool,
    by: "PlanBy",
    as_json: bool,
) -> None:
    """Spend the team's hours where they are worth most: who, when, which channel, why, worth what.

    SCORES is a scores file, ours or another's; without one the book is scored first.

    Example: standfast plan scores.parquet -o plan.csv --hours 300
    """
    from standfast.pipelines.run import plan_and_write  # noqa: PLC0415
    from standfast.terminal.words import show_plan  # noqa: PLC0415

    planned = plan_and_write(
        read_settings(settings_file), scores_file=scores, output=output, hours=hours, as_of=as_date(as_of),
        is_what_if=is_what_if, by=by,
    )  # fmt: skip
    answer(planned, show_plan, as_json=as_json)


@click.command()
@click.argument("scores", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", "folder", type=click.Path(path_type=Path), default="worklist", show_default=True,
    help="Folder for the lists; it is replaced as a whole.",
)  # fmt: skip
@click.option("--owner", help="Only this owner's list; everybody's by default.")
@click.option(
    "--days", default="all", show_default=True,
    help="List what falls due within so many days, such as 7, or all of the horizon.",
)  # fmt: skip
@hours_option
@book_options
def worklist(
    scores: Path | None, folder: Path, settings_file: Path | None, as_of: datetime | None, *,
    owner: str | None, days: str, hours: float | None, as_json: bool,
) -> None:  # fmt: skip
    """Write everyone's Monday list: who, by when, how, with which agenda, worth what.

    Per owner a table (CSV), a page for screen, phone and paper (HTML) and a calendar (iCalendar), and one
    Excel workbook for the team. SCORES is a scores file; without one the book is scored first.

    Example: standfast worklist -o worklist --days 7
    """
    from standfast.pipelines.monday import list_work  # noqa: PLC0415
    from standfast.terminal.worklist_words import show_worklist  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        written = list_work(
            read_settings(settings_file), folder=folder, scores_file=scores, owner=owner, days=days,
            hours=hours, as_of=as_date(as_of), say=say,
        )  # fmt: skip
    answer(written, show_worklist, as_json=as_json)


@click.command()
@click.option(
    "-o", "--out", "output", type=click.Path(path_type=Path), default="report.html", show_default=True,
    help="Where to write the page.",
)  # fmt: skip
@hours_option
@book_options
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
            read_settings(settings_file), output=output, hours=hours, as_of=as_date(as_of), say=say
        )
    answer(written, show_report, as_json=as_json)


@click.command()
@click.argument("account")
@hours_option
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]),
    help="Tell what changed since this date; since the last plan by default, else 30 days.",
)  # fmt: skip
@book_options
def explain(
    account: str, hours: float | None, since: datetime | None, settings_file: Path | None,
    as_of: datetime | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Tell the whole trail of one account: probabilities, reasons, what changed, value, cell, why this plan.

    Example: standfast explain 7590-VHVEG
    """
    from standfast.pipelines.explain import explain as tell  # noqa: PLC0415
    from standfast.terminal.words import show_explain  # noqa: PLC0415

    trail = tell(
        account, read_settings(settings_file), hours=hours, as_of=as_date(as_of), since=as_date(since)
    )
    answer(trail, show_explain, as_json=as_json)


@click.command()
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
@book_options
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
            read_settings(settings_file), dimensions=dimensions, with_tests=with_tests, output=output,
            as_of=as_date(as_of), say=say,
        )  # fmt: skip
    answer(found, show_segments, as_json=as_json)


@click.command()
@click.argument("expressions", nargs=-1, required=True)
@click.option(
    "--outcome", default="churned", show_default=True,
    type=click.Choice(["churned", "contracted", "expanded"]),
    help="What those accounts are said to do more, or less, than the others.",
)  # fmt: skip
@book_options
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
            expressions, read_settings(settings_file), outcome=outcome, as_of=as_date(as_of), say=say
        )
    answer(tested, show_beliefs, as_json=as_json)


@click.command()
@click.option(
    "-o", "--out", "output", type=click.Path(path_type=Path),
    help="Write one row per open alert; CSV or Parquet by the file's ending.",
)  # fmt: skip
@book_options
def alerts(output: Path | None, settings_file: Path | None, as_of: datetime | None, *, as_json: bool) -> None:
    """List what has changed at an account and still holds, by owner, and how often such alerts were right.

    Example: standfast alerts -o alerts.csv
    """
    from standfast.pipelines.alerts import alerts as look_for_alerts  # noqa: PLC0415
    from standfast.terminal.alert_words import show_alerts  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        found = look_for_alerts(read_settings(settings_file), output=output, as_of=as_date(as_of), say=say)
    answer(found, show_alerts, as_json=as_json)
