"""Commands for experiments: the plan's holdout, and tests of plays in the middle tier."""

from datetime import datetime
from pathlib import Path

import click

from standfast.cli.options import (
    answer,
    as_date,
    book_options,
    json_option,
    read_settings,
    settings_option,
    who_runs_it,
)
from standfast.terminal.show import progress

_DATE = click.DateTime(["%Y-%m-%d"])


@click.group()
def experiment() -> None:
    """Learn what works: the plan's own holdout, and tests of one play against another.

    Example: standfast experiment start "Value call" --play "Close guidance" --against "Steady the account"
    """


@experiment.command()
@click.argument("name")
@click.option("--play", required=True, help="The play that is tried.")
@click.option("--against", required=True, help="The play that is known so far.")
@click.option("--segment", help="Who may take part, such as \"industry == 'Retail' and seats >= 20\".")
@click.option(
    "--outcome", type=click.Choice(["churned", "expanded"]), default="churned", show_default=True,
    help="What decides; all else is secondary.",
)  # fmt: skip
@click.option("--hypothesis", help="What is expected, in one line; written from the plays by default.")
@click.option("--until", type=_DATE, help="The day it ends; [experiments] days after the start by default.")
@click.option("--anyway", is_flag=True, help="Start it although it is too small to teach much.")
@book_options
def start(
    *, name: str, play: str, against: str, segment: str | None, outcome: str, hypothesis: str | None,
    until: datetime | None, settings_file: Path | None, as_of: datetime | None, anyway: bool, as_json: bool,
) -> None:  # fmt: skip
    """Start a test of two plays: chance gives each account of the middle tier one of them.

    Refused where it is too small ever to teach anything.

    Example: standfast experiment start "Value call" --play "Close guidance" --against "Steady the account"
    """
    from standfast.pipelines.experiment_start import start_test  # noqa: PLC0415
    from standfast.terminal.experiment_words import show_started  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        started = start_test(
            read_settings(settings_file), name=name, play=play, against=against, segment=segment,
            outcome="expanded" if outcome == "expanded" else "churned", hypothesis=hypothesis,
            until=as_date(until), anyway=anyway, as_of=as_date(as_of), who=who_runs_it(), say=say,
        )  # fmt: skip
    answer(started, show_started, as_json=as_json)


@experiment.command()
@click.argument("name")
@book_options
def draw(name: str, settings_file: Path | None, as_of: datetime | None, *, as_json: bool) -> None:
    """Draw a test's next cycle: accounts that may take part now and are in no experiment.

    Example: standfast experiment draw "Value call"
    """
    from standfast.pipelines.experiment_start import draw_again  # noqa: PLC0415
    from standfast.terminal.experiment_words import show_started  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        drawn = draw_again(
            read_settings(settings_file), name=name, as_of=as_date(as_of), who=who_runs_it(), say=say
        )
    answer(drawn, show_started, as_json=as_json)


@experiment.command("list")
@settings_option
@json_option
def list_(settings_file: Path | None, *, as_json: bool) -> None:
    """List all experiments: the plan's holdout and the tests of plays, live and stopped.

    Example: standfast experiment list
    """
    from standfast.pipelines.experiment_read import list_experiments  # noqa: PLC0415
    from standfast.terminal.experiment_words import show_list  # noqa: PLC0415

    answer(list_experiments(read_settings(settings_file)), show_list, as_json=as_json)


@experiment.command()
@click.argument("name", required=False)
@book_options
def status(name: str | None, settings_file: Path | None, as_of: datetime | None, *, as_json: bool) -> None:
    """Say how experiments stand and whether to go on; look as often as you like.

    All live ones where NAME is left out; the plan's own is called holdout.

    Example: standfast experiment status
    """
    from standfast.pipelines.experiment_read import read_experiments  # noqa: PLC0415
    from standfast.terminal.experiment_words import show_status  # noqa: PLC0415

    found = read_experiments(read_settings(settings_file), name=name, as_of=as_date(as_of))
    answer(found, show_status, as_json=as_json)


@experiment.command()
@click.argument("name", default="holdout")
@book_options
def report(name: str, settings_file: Path | None, as_of: datetime | None, *, as_json: bool) -> None:
    """Read an experiment out: accounts first, then money, with intervals; the holdout by default.

    Example: standfast experiment report "Value call"
    """
    from standfast.pipelines.experiment_read import read_experiments  # noqa: PLC0415
    from standfast.terminal.experiment_words import show_report  # noqa: PLC0415

    found = read_experiments(read_settings(settings_file), name=name, as_of=as_date(as_of))
    answer(found.reads[0], show_report, as_json=as_json)


@experiment.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why, in one line.")
@click.option("--day", type=_DATE, help="When; the newest day the book knows by default.")
@settings_option
@json_option
def stop(name: str, reason: str, day: datetime | None, settings_file: Path | None, *, as_json: bool) -> None:
    """Stop an experiment: it draws nobody any more, and what it drew is still read.

    Example: standfast experiment stop "Value call" --reason "enough evidence"
    """
    from standfast.pipelines.experiment_read import end_experiment  # noqa: PLC0415
    from standfast.terminal.experiment_words import show_report  # noqa: PLC0415

    stopped = end_experiment(
        read_settings(settings_file), name=name, reason=reason, day=as_date(day), who=who_runs_it()
    )
    answer(stopped, show_report, as_json=as_json)


@experiment.command()
@click.option("--rate", type=float, help="How often the outcome happens in a horizon; the book's by default.")
@click.option("--accounts", type=click.IntRange(min=1), help="Accounts that may take part in each cycle.")
@click.option("--reduction", type=float, help="Effect to find, as a part of the rate, such as 0.25.")
@click.option("--segment", help="Who may take part, where the book tells the rate.")
@book_options
def power(
    *, rate: float | None, accounts: int | None, reduction: float | None, segment: str | None,
    settings_file: Path | None, as_of: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """Say how many accounts a test takes, how long that is, and what fewer can show; starts nothing.

    Example: standfast experiment power --rate 0.08 --accounts 400
    """
    from standfast.pipelines.experiment_power import plan_power  # noqa: PLC0415
    from standfast.terminal.experiment_words import show_power  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        found = plan_power(
            read_settings(settings_file), rate=rate, accounts=accounts, reduction=reduction, segment=segment,
            as_of=as_date(as_of), say=say,
        )  # fmt: skip
    answer(found, show_power, as_json=as_json)


@experiment.command()
@book_options
def whatif(*, settings_file: Path | None, as_of: datetime | None, as_json: bool) -> None:
    """Say what other plans would have brought to the accounts that chance decided on: all, fewer, others.

    Example: standfast experiment whatif
    """
    from standfast.pipelines.other_plans import judge_other_plans  # noqa: PLC0415
    from standfast.terminal.show import print_lines  # noqa: PLC0415

    judged = judge_other_plans(read_settings(settings_file), as_of=as_date(as_of))
    answer(judged, lambda found: print_lines(found.sentences), as_json=as_json)
