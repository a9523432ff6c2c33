"""What the data can carry, as small tables: the tables of the book, observation dates, findings."""

from collections.abc import Mapping, Sequence
from typing import Any

from standfast.report.listing import Listing
from standfast.report.wording import count, counted, percent

_STEPS = {
    "scorecard": "a scorecard of simple rules",
    "logistic": "a regularised logistic model",
    "blend": "the full blend with boosted trees",
    None: "no model: a single outcome",
}


def table_listing(tables: Sequence[Mapping[str, Any]]) -> Listing:
    """Give one line per table: rows used and set aside, the accounts they are of, and their dates.

    What is known of no table has no column.
    """
    columns = (
        "Table",
        "Rows",
        "Used",
        "Set aside",
        "Repeated",
        "Matched",
        "Accounts with rows",
        "From",
        "To",
    )
    lines = [_table_line(table) for table in tables]
    told = [place for place in range(len(columns)) if any(line[place] for line in lines)]
    rows = tuple(tuple(line[place] for place in told) for line in lines)
    return Listing(tuple(columns[place] for place in told), rows)


def date_listing(dates: Sequence[Mapping[str, Any]], *, most: int | None = None) -> Listing:
    """Give one line per observation date: snapshots, yes of each label, accounts left out.

    Parameters
    ----------
    most
        Lines at most: the first date, and the newest ones.
    """
    labels = list(dates[0]["labels"]) if dates else []
    shown = list(dates) if most is None or len(dates) <= most else [dates[0], *dates[len(dates) - most + 1 :]]
    has_left_out = any(day["left_out"] for day in dates)
    columns = ("Date", "Snapshots", *labels, *(("Left out",) if has_left_out else ()))
    lines = tuple(
        (
            str(day["date"]),
            count(day["n_rows"]),
            *(_yes(day["labels"][name]) for name in labels),
            *((count(sum(day["left_out"].values())),) if has_left_out else ()),
        )
        for day in shown
    )
    return Listing(columns, lines, len(dates) - len(shown))


def finding_listing(findings: Sequence[Mapping[str, Any]], *, most: int | None = None) -> Listing:
    """Give one line per finding, in the order they come: the check puts errors first."""
    rows = tuple(
        tuple(str(finding.get(name) or "") for name in ("severity", "name", "explanation", "way_out"))
        for finding in findings[:most]
    )
    return Listing(("Kind", "Finding", "What it means", "What to do"), rows, len(findings) - len(rows))


def label_lines(labels: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say of each label how often it is yes, and which model that allows."""
    return [
        f"{label['name']}: {count(label['n_true'])} yes among {count(label['n_known'])} known "
        f"({percent(label['share'])}), {counted(label['n_events'], 'account')} of the rarer outcome: "
        f"{_STEPS[label['step']]}"
        for label in labels
    ]


def left_out_line(dates: Sequence[Mapping[str, Any]]) -> str:
    """Say over all dates why accounts were not asked about; empty where none was left out."""
    reasons: dict[str, int] = {}
    for day in dates:
        for reason, number in day["left_out"].items():
            reasons[reason] = reasons.get(reason, 0) + number
    told = ", ".join(f"{count(number)} {reason}" for reason, number in reasons.items())
    return f"left out over all dates: {told}" if told else ""


def data_markdown(
    facts: Mapping[str, Sequence[Mapping[str, Any]]], findings: Sequence[Mapping[str, Any]]
) -> str:
    """Give the whole data usability report as Markdown."""
    parts = ["# What the data can carry"]
    for title, listing in (
        ("Tables", table_listing(facts.get("tables", ()))),
        ("Findings", finding_listing(findings)),
        ("Observation dates", date_listing(facts.get("dates", ()))),
    ):
        if listing.rows:
            parts += ["", f"## {title}", "", *_markdown_table(listing)]
        if title == "Tables":
            parts += ["", *(f"- {line}" for line in label_lines(facts.get("labels", ())))]
    if line := left_out_line(facts.get("dates", ())):
        parts += ["", line]
    return "\n".join(parts) + "\n"


def _table_line(table: Mapping[str, Any]) -> tuple[str, ...]:
    is_accounts = table["name"] == "accounts"
    accounts = f"{count(table['n_accounts'])} ({percent(table['accounts_share'])})"
    return (
        str(table["name"]),
        count(table["n_rows"]),
        count(table["n_used"]),
        count(table["n_set_aside"]),
        "" if table["n_duplicates"] is None else count(table["n_duplicates"]),
        "" if is_accounts else _matched(table["match_share"]),
        "" if is_accounts else accounts,
        str(table["first"] or ""),
        str(table["last"] or ""),
    )


def _matched(share: float) -> str:
    """Say a share; 100 % only where not one row is lost."""
    return ">99.9\N{NO-BREAK SPACE}%" if 0.9995 < share < 1 else percent(share)


def _yes(counts: Mapping[str, int]) -> str:
    if not counts["known"]:
        return ""
    return f"{count(counts['yes'])} ({percent(counts['yes'] / counts['known'])})"


def _markdown_table(listing: Listing) -> list[str]:
    lines = [listing.columns, tuple("---" for _ in listing.columns), *listing.rows]
    return ["| " + " | ".join(_cell(text) for text in line) + " |" for line in lines]


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
