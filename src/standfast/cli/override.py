"""The command with which a person says what the model does not know."""

from datetime import datetime
from pathlib import Path

import click

from standfast.cli.options import answer, as_date, json_option, read_settings, settings_option, who_runs_it


@click.command()
@click.argument("account", required=False)
@click.option("--churn-probability", help="How likely the account is to churn in the horizon, 0 to 1.")
@click.option("--upsell-probability", help="How likely it is to expand if it stays, 0 to 1.")
@click.option("--segment", help="Its segment of the matrix, such as Save.")
@click.option("--cell", help='Its cell of the matrix, such as "high risk, high value".')
@click.option("--reason", default="", help="Why; others will read it.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it stands.")
@click.option("--list", "is_list", is_flag=True, help="List all that were made, of ACCOUNT or of everybody.")
@click.option("--end", "ended", type=int, metavar="N", help="Let the override of this number stand no more.")
@settings_option
@json_option
def override(
    account: str | None, *, churn_probability: str | None, upsell_probability: str | None,
    segment: str | None, cell: str | None, reason: str, until: datetime | None, ended: int | None,
    settings_file: Path | None, is_list: bool, as_json: bool,
) -> None:  # fmt: skip
    """Say what the model does not know of ACCOUNT; what it says is kept beside it, and plans go by your word.

    It stands for plans, lists and pages of the days up to --until, for this account only.

    Example: standfast override A-0017 --segment Save --reason "their CFO called" --until 2026-12-31
    """
    from standfast.pipelines.override import list_overrides, override_account, take_back  # noqa: PLC0415
    from standfast.terminal.override_words import show_overrides  # noqa: PLC0415

    if sum([is_list, ended is not None]) + (account is not None and not is_list) != 1:
        raise click.UsageError("give an ACCOUNT and what is otherwise, or --list, or --end N")
    settings = read_settings(settings_file)
    if is_list:
        told = list_overrides(settings, account)
    elif ended is not None:
        told = take_back(settings, ended, who=who_runs_it())
    else:
        fields = {
            "churn_probability": churn_probability, "upsell_probability": upsell_probability,
            "segment": segment, "cell": cell,
        }  # fmt: skip
        said = {name: value for name, value in fields.items() if value is not None}
        told = override_account(
            settings, str(account), said=said, reason=reason, until=as_date(until), who=who_runs_it()
        )
    answer(told, show_overrides, as_json=as_json)
