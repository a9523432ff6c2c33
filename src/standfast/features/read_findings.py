"""What reading the tables of a book told, before anything was looked at: zones, currencies, empty tables."""

from collections.abc import Iterator, Mapping

from standfast.features.findings import Finding, some

_SUMMER_HOURS = 1
"""Offsets of one zone differ by so much between summer and winter."""


def zone_findings(
    table: str, column: str, *, n_zoned: int, n_bare: int, hours: tuple[int, int], time_zone: str
) -> Iterator[Finding]:
    """Say that a column holds times with a zone and without, or times of zones far apart.

    Parameters
    ----------
    hours
        How far ahead of UTC its times are written, at least and at most.
    """
    west, east = hours
    if n_zoned and n_bare:
        yield Finding(
            name=f"mixed_zones:{table}.{column}",
            severity="warning",
            table=table,
            explanation=f"{n_zoned:,} times in {column} of {table} say their zone, {n_bare:,} do not and "
            f"were read as {time_zone}; a wrong zone moves events to another day.",
            way_out=f"export the column one way, or say time_zone under [read.{table}]",
        )
    elif east - west > _SUMMER_HOURS:
        yield Finding(
            name=f"zones:{table}.{column}",
            severity="note",
            table=table,
            explanation=f"{column} of {table} holds times written from {west:+d} to {east:+d} hours of UTC; "
            "each was moved to UTC.",
        )


def currency_finding(table: str, column: str, currencies: Mapping[str, int], *, currency: str) -> Finding:
    """Say that a table's money is of several currencies which nobody converts."""
    met = some(f"{name} ({n_rows:,} rows)" for name, n_rows in currencies.items())
    return Finding(
        name=f"currencies:{table}",
        severity="warning",
        table=table,
        explanation=f"{column} of {table} names the currencies {met}; amounts are added as if all were "
        f"{currency}.",
        way_out=f"write currency = {column!r} under [read.TABLE] for each table whose rows name theirs, and "
        "rates = {EUR = 1.08} under [units]",
    )


def interval_finding(table: str, column: str, words: Mapping[str, int]) -> Finding:
    """Say that some rows name an interval that is no period known, so that their amounts are not known."""
    met = some(f"{word!r} ({n_rows:,} rows)" for word, n_rows in words.items())
    return Finding(
        name=f"interval:{table}",
        severity="warning",
        table=table,
        explanation=f"{column} of {table} holds {met}, which is no period of time; their amounts are left "
        "empty.",
        way_out="write day, week, month, quarter or year there; what does not recur is no revenue per year",
    )


def empty_finding(table: str, *, called: str) -> Finding:
    """Say that a table has no rows, and that the book is read as if it were not there."""
    return Finding(
        name=f"empty:{table}",
        severity="warning",
        table=table,
        explanation=f"{called} holds no rows, only a header; the book is read as if it had no {table}.",
        way_out=f"export it again if it should hold rows, else take {table} out of [book]",
    )
