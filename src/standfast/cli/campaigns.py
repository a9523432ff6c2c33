"""Commands for campaigns: take a new offer to the best accounts first, and see whether it pays."""

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
def campaign() -> None:
    """Take a new offer to list A first, then B, then C, with a gate behind each list.

    Example: standfast campaign start "Spring offer" --offer "Audit module, 10 % off for two years"
    """


@campaign.command()
@click.argument("name")
@click.option("--offer", required=True, help="What is offered, in one line.")
@click.option("--where", help="Whom it is for, such as \"industry == 'Retail' and seats >= 50\".")
@click.option("--lists", help="Lists it goes through, such as A,B,C; those of the settings by default.")
@click.option(
    "--experimental", "is_experimental", is_flag=True,
    help="The offer is not proven yet: leave list A out and begin with B.",
)  # fmt: skip
@book_options
def start(
    *, name: str, offer: str, where: str | None, lists: str | None, settings_file: Path | None,
    as_of: datetime | None, is_experimental: bool, as_json: bool,
) -> None:  # fmt: skip
    """Start a campaign: lists of the accounts the offer is for, the likeliest gain first.

    Example: standfast campaign start "Spring offer" --offer "Audit module" --where "plan == 'Business'"
    """
    from standfast.pipelines.campaign_start import start_campaign  # noqa: PLC0415
    from standfast.terminal.campaign_words import show_started  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        started = start_campaign(
            read_settings(settings_file), name=name, offer=offer, where=where,
            lists=tuple(lists.split(",")) if lists is not None else None, is_experimental=is_experimental,
            as_of=as_date(as_of), who=who_runs_it(), say=say,
        )  # fmt: skip
    answer(started, show_started, as_json=as_json)


@campaign.command("next")
@click.argument("name", required=False)
@click.option(
    "-n", "most", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many."
)
@click.option("--owner", help="Only this owner's accounts.")
@click.option("--go-on", metavar="REASON", help="Open the next list although the gate does not; says why.")
@click.option(
    "-o", "--out", "output", type=click.Path(path_type=Path),
    help="Write these accounts; CSV or Parquet by the file's ending.",
)  # fmt: skip
@book_options
def next_(
    *, name: str | None, most: int, owner: str | None, go_on: str | None, output: Path | None,
    settings_file: Path | None, as_of: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """Say whom to contact now, by owner, and open the next list when its gate is passed.

    NAME may be left out where one campaign is live.

    Example: standfast campaign next "Spring offer" -n 10
    """
    from standfast.pipelines.campaign_next import next_up  # noqa: PLC0415
    from standfast.terminal.campaign_words import show_next  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        found = next_up(
            read_settings(settings_file), name=name, most=most, owner=owner, go_on=go_on, output=output,
            as_of=as_date(as_of), who=who_runs_it(), say=say,
        )  # fmt: skip
    answer(found, show_next, as_json=as_json)


@campaign.command()
@click.argument("name")
@click.argument("account", required=False)
@click.option("--minutes", type=float, help="Time the contact took.")
@click.option("--cost", type=float, default=0.0, show_default=True, help="Money beside the time.")
@click.option(
    "--result", type=click.Choice(["none", "meeting", "sale", "refused"]), help="What came of the contact."
)
@click.option("--revenue", type=float, default=0.0, show_default=True, help="What a sale brings a year.")
@click.option("--day", type=_DATE, help="When; the date of the last `next` by default.")
@click.option(
    "--channel", type=click.Choice(["call", "in_person", "review", "email", "digital"]), default="call",
    show_default=True, help="How.",
)  # fmt: skip
@click.option("--note", help="Anything worth keeping.")
@click.option(
    "--file", type=click.Path(path_type=Path),
    help="A table of contacts instead: account_id, day, result, channel, minutes, cost, revenue, note.",
)  # fmt: skip
@settings_option
@json_option
def record(
    *, name: str, account: str | None, minutes: float | None, result: str | None, day: datetime | None,
    file: Path | None, settings_file: Path | None, as_json: bool, **told: str | float | None,
) -> None:  # fmt: skip
    """Record a contact and what came of it; recorded twice it counts once.

    Example: standfast campaign record "Spring offer" ACC-00042 --minutes 45 --result sale --revenue 4800
    """
    from standfast.pipelines.campaign_results import record_contact, record_file  # noqa: PLC0415
    from standfast.terminal.campaign_words import show_recorded  # noqa: PLC0415

    settings = read_settings(settings_file)
    if file is not None:
        if account is not None:
            raise click.UsageError("give an ACCOUNT or --file, not both")
        answer(record_file(settings, name=name, file=file, who=who_runs_it()), show_recorded, as_json=as_json)
        return
    if account is None or minutes is None or result is None:
        raise click.UsageError("give ACCOUNT, --minutes and --result, or --file")
    done = record_contact(
        settings,
        name=name,
        account=account,
        minutes=minutes,
        result=result,
        day=as_date(day),
        who=who_runs_it(),
        **told,
    )
    answer(done, show_recorded, as_json=as_json)


@campaign.command()
@click.argument("name", required=False)
@settings_option
@json_option
def status(name: str | None, settings_file: Path | None, *, as_json: bool) -> None:
    """Say what each list took and brought, and how its effort compares with the first list's.

    Example: standfast campaign status "Spring offer"
    """
    from standfast.pipelines.campaign_results import status_of  # noqa: PLC0415
    from standfast.terminal.campaign_words import show_status  # noqa: PLC0415

    answer(status_of(read_settings(settings_file), name=name), show_status, as_json=as_json)


@campaign.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why, in one line.")
@click.option("--day", type=_DATE, help="When; the date of the last `next` by default.")
@settings_option
@json_option
def stop(name: str, reason: str, day: datetime | None, settings_file: Path | None, *, as_json: bool) -> None:
    """Stop a campaign and free its accounts for others; late results can still be recorded.

    Example: standfast campaign stop "Spring offer" --reason "list B takes five times the effort"
    """
    from standfast.pipelines.campaign_results import stop_campaign  # noqa: PLC0415
    from standfast.terminal.campaign_words import show_status  # noqa: PLC0415

    stopped = stop_campaign(
        read_settings(settings_file), name=name, reason=reason, day=as_date(day), who=who_runs_it()
    )
    answer(stopped, show_status, as_json=as_json)


@campaign.command()
@click.option(
    "-o", "--out", "output", type=click.Path(path_type=Path),
    help="Write all rows; CSV or Parquet by the file's ending.",
)  # fmt: skip
@book_options
def profile(
    output: Path | None, settings_file: Path | None, as_of: datetime | None, *, as_json: bool
) -> None:
    """Say what the A list is like against all others, to design offers with the best accounts in mind.

    Example: standfast campaign profile -o profile.csv
    """
    from standfast.pipelines.campaign_profile import profile as look  # noqa: PLC0415
    from standfast.terminal.campaign_words import show_profile  # noqa: PLC0415

    with progress(quiet=as_json) as say:
        found = look(read_settings(settings_file), output=output, as_of=as_date(as_of), say=say)
    answer(found, show_profile, as_json=as_json)
