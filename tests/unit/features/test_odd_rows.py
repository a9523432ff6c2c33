"""Rows that cannot be true are counted by kind; sound ones are not."""

from datetime import date, timedelta
from typing import Any

import pytest

from standfast.features.findings import Finding
from standfast.features.odd_rows import (
    odd_row_counts,
    odd_row_findings,
    overlap_finding,
    overlapping_subscriptions,
)

AS_OF = date(2024, 6, 1)


def found(maker: Any, name: str, rows: list[dict[str, Any]]) -> dict[str, Finding]:
    table = maker.book(**{name: rows})[name]
    flags = odd_row_counts(name, table, as_of=AS_OF)
    (counts,) = (
        table.mutate(**flags)
        .agg(**{n: table.mutate(**flags)[n].sum() for n in flags})
        .to_pyarrow()
        .to_pylist()
    )
    return {f.name: f for f in odd_row_findings(counts, table=name, n_rows=len(rows), as_of=AS_OF)}


@pytest.mark.parametrize(
    ("table", "first", "second"),
    [
        ("subscriptions", "started_on", "ended_on"),
        ("invoices", "issued_on", "paid_on"),
        ("invoices", "issued_on", "due_on"),
        ("tickets", "opened_at", "closed_at"),
        ("opportunities", "opened_on", "closed_on"),
    ],
)
def test_dates_out_of_order_are_told_with_both_columns(
    maker: Any, table: str, first: str, second: str
) -> None:
    sound = [{"account_id": "a", first: maker.day(-30), second: maker.day(n)} for n in (-30, -29, None)]
    odd = {"account_id": "a", first: maker.day(-30), second: maker.day(-31)}
    assert found(maker, table, sound) == {}
    finding = found(maker, table, [*sound, odd])[f"order:{table}.{second}"]
    assert finding.explanation.startswith(f"1 of 4 rows of {table} ")
    assert f"({second} before {first})" in finding.explanation


@pytest.mark.parametrize(
    ("table", "column", "severity"),
    [
        ("usage", "day", "warning"),
        ("invoices", "issued_on", "warning"),
        ("tickets", "opened_at", "warning"),
        ("subscriptions", "started_on", "note"),
        ("opportunities", "opened_on", "warning"),
    ],
)
def test_rows_after_the_date_are_told(maker: Any, table: str, column: str, severity: str) -> None:
    sound = [{"account_id": "a", column: AS_OF - timedelta(days=n)} for n in range(40)]
    assert found(maker, table, sound) == {}
    finding = found(maker, table, [*sound, {"account_id": "a", column: maker.day(1)}])[
        f"future:{table}.{column}"
    ]
    assert finding.severity == severity
    assert f"1 of 41 rows of {table} have a {column} after {AS_OF}" in finding.explanation


def test_much_that_lies_ahead_is_a_matter_of_the_date_asked_for(maker: Any) -> None:
    rows = [{"account_id": "a", "day": maker.day(n)} for n in range(-10, 10)]
    assert found(maker, "usage", rows)["future:usage.day"].severity == "note"


def test_a_closing_date_ahead_is_a_plan(maker: Any) -> None:
    rows = [{"account_id": "a", "opened_on": maker.day(-9), "closed_on": maker.day(30)}]
    (finding,) = found(maker, "opportunities", rows).values()
    assert (finding.name, finding.severity) == ("future:opportunities.closed_on", "note")
    assert "read as plans" in finding.explanation


def test_negative_amounts_are_told_and_zeros_are_not(maker: Any) -> None:
    rows = [maker.contract(amount=amount) for amount in (0.0, 10.0, None, -5.0)]
    (finding,) = found(maker, "subscriptions", rows).values()
    assert (finding.name, finding.severity) == ("negative:subscriptions.amount", "warning")
    assert finding.explanation == (
        "1 of 4 rows of subscriptions have a negative amount; they lower the revenue of their accounts."
    )
    credit = [{"account_id": "a", "issued_on": AS_OF, "amount": -1.0}]
    assert found(maker, "invoices", credit)["negative:invoices.amount"].severity == "note"


def overlaps(maker: Any, *rows: dict[str, Any]) -> tuple[int, int]:
    (counted,) = (
        overlapping_subscriptions(maker.book(subscriptions=list(rows))["subscriptions"])
        .to_pyarrow()
        .to_pylist()
    )
    return counted["n_overlapping"], counted["n_accounts"]


def test_terms_that_follow_each_other_do_not_overlap(maker: Any) -> None:
    assert overlaps(
        maker, maker.contract(end=-200), maker.contract(start=-200, end=-100), maker.contract(start=-90)
    ) == (0, 0)


def test_a_row_that_begins_while_another_runs_overlaps(maker: Any) -> None:
    open_one, later = maker.contract(), maker.contract(start=-100, end=-50)
    assert overlaps(maker, open_one, later, maker.contract(start=-20)) == (2, 1)
    assert overlaps(maker, open_one, {**later, "account_id": "b"}) == (0, 0)


def test_two_products_at_once_are_no_overlap(maker: Any) -> None:
    both = [maker.contract(product=product) for product in ("core", "add-on")]
    assert overlaps(maker, *both) == (0, 0)


@pytest.mark.parametrize(("n", "severities"), [(0, []), (5, ["note"]), (6, ["warning"])])
def test_overlaps_weigh_by_their_share(n: int, severities: list[str]) -> None:
    assert [f.severity for f in overlap_finding(n_overlapping=n, n_accounts=1, n_rows=100)] == severities


def test_a_table_without_such_columns_has_no_odd_rows(maker: Any) -> None:
    table = maker.book(surveys=[{"account_id": "a", "answered_at": date(2024, 1, 1)}])["surveys"]
    assert list(odd_row_counts("surveys", table, as_of=AS_OF)) == ["future:surveys.answered_at"]
