"""The settings file that comes with the sample book, with comments a person would keep."""

from collections.abc import Mapping

_TEXT = """\
# Settings of the sample book: a made-up software company, seen at the end of 2025.
# What is left out stands at its documented default.

[book]
name = "sample"
{files}

[units]
revenue_period = "year"   # subscriptions.amount is money per year
currency = "USD"

[economics]
gross_margin = 0.8        # share of revenue left after serving the account
acquisition_cost = 0      # 0: unknown, so LTV:CAC is left out
upsell_share = 0.2        # an expansion is worth this share of annual revenue

[horizon]
horizon_days = 90         # churn and expansion are looked for in this many days
lead_days = 0             # days needed before anyone can act

[capacity]
hourly_cost = 125         # the hours of each owner in one horizon stand in team.csv, {hours} in all
"""


def settings_text(files: Mapping[str, str], *, hours: int) -> str:
    """Give the settings file's text for tables (name to file) and the team's hours per horizon."""
    width = max(len(name) for name in files)
    lines = (f'{name:<{width}} = "{file}"' for name, file in files.items())
    return _TEXT.format(files="\n".join(lines), hours=hours)
