"""A book with something wrong in one table: one clear finding names it, and each row is used or set aside."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def clean(sample_files, tmp_path_factory):
    """What ``check`` finds in the sample book as it is."""
    from standfast.pipelines.check import check
    from standfast.settings import load_settings

    return {finding.name for finding in check(load_settings(sample_files / "standfast.toml")).findings}


@pytest.fixture
def book(sample_files, cli):
    """A copy of the sample book in the working folder, its usage as CSV."""
    shutil.copytree(sample_files, ".", dirs_exist_ok=True)
    pd.read_parquet("usage.parquet").to_csv("usage.csv", index=False)
    settings = Path("standfast.toml")
    settings.write_text(settings.read_text().replace("usage.parquet", "usage.csv"))
    return settings


def change(table, rows, **cells):
    """Write other cells into some rows of a table."""
    path = f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column, cell in cells.items():
        frame.loc[rows, column] = cell if isinstance(cell, str) else frame.loc[rows, column].map(cell)
    frame.to_csv(path, index=False)


def seen(cli):
    """Run ``check`` and give its findings by name and its tables, whose rows must add up."""
    answer = cli("check", "--json")
    told = json.loads(answer.stdout)
    for table in told["tables"]:
        n_lines = len(pd.read_csv(f"{table['name']}.csv", dtype=str, skip_blank_lines=False))
        n_set_aside = sum(n for why, n in table["reasons"].items() if why.startswith("row set aside"))
        assert table["n_rows"] == n_lines == table["n_used"] + n_set_aside, table["name"]
    return {finding["name"]: finding for finding in told["findings"]}, told["tables"]


def day_first(text):
    return f"{text[8:10]}/{text[5:7]}/{text[:4]}"


WRONG = {
    "wrong types": (
        "usage", {"quantity": "lots"}, "unreadable:usage", "quantity is not of the form numbers",
    ),
    "mixed time zones": (
        "tickets", {"opened_at": lambda text: f"{text}+02:00"}, "mixed_zones:tickets.opened_at",
        "say their zone",
    ),
    "dates in two formats": (
        "usage", {"day": day_first}, "unreadable:usage", "say date_order under [read.usage]) (40)",
    ),
    "negative amounts": (
        "subscriptions", {"amount": "-5"}, "negative:subscriptions.amount", "lower the revenue",
    ),
    "orphan rows": ("tickets", {"account_id": "nobody"}, "match:tickets", "nobody; they play no part"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_some_rows_is_one_finding(cli, book, clean, case):
    table, cells, name, said = WRONG[case]
    change(table, slice(10, 49), **cells)
    findings, _ = seen(cli)
    assert said in findings[name]["explanation"]
    follows = {"negative_revenue"}  # what the snapshots show of a negative amount
    assert set(findings) - clean - follows <= {name}, "one wrong thing is one finding"


def test_subscriptions_that_overlap_are_one_finding(cli, book, clean):
    held = pd.read_csv("subscriptions.csv", dtype=str, keep_default_na=False)
    open_ended = held.assign(ended_on="").groupby("account_id", as_index=False).head(1)
    pd.concat([held, open_ended]).to_csv("subscriptions.csv", index=False)
    findings, _ = seen(cli)
    assert "still runs" in findings["overlap:subscriptions"]["explanation"]
    assert "overlap:subscriptions" not in clean


def test_an_empty_optional_table_is_one_finding_and_the_book_is_read_without_it(cli, book, clean):
    header = Path("tickets.csv").read_text().splitlines()[0]
    Path("tickets.csv").write_text(header + "\n")
    findings, tables = seen(cli)
    assert findings["empty:tickets"]["severity"] == "warning"
    said = "tickets.csv holds no rows, only a header; the book is read as if it had no tickets."
    assert findings["empty:tickets"]["explanation"] == said
    assert set(findings) - clean == {"empty:tickets"}
    assert "tickets" not in {table["name"] for table in tables}


@pytest.mark.parametrize("table", ["accounts", "subscriptions"])
def test_an_empty_table_that_tells_who_is_a_customer_is_an_error(cli, book, table):
    path = Path(f"{table}.csv")
    path.write_text(path.read_text().splitlines()[0] + "\n")
    answer = cli("check")
    assert answer.exit_code == 1
    assert f"{table}.csv holds no rows, only a header" in answer.complaint


def test_a_book_of_activity_alone_needs_the_activity_it_rests_on(cli, book):
    book.write_text('[book]\naccounts = "accounts.csv"\nusage = "usage.csv"\ntickets = "tickets.csv"\n')
    Path("usage.csv").write_text("account_id,day\n")
    assert "usage.csv holds no rows" in cli("check").complaint


def test_a_table_of_which_no_row_can_be_read_is_an_error_with_the_way_out(cli, book):
    change("usage", slice(None), day=day_first)
    answer = cli("check")
    assert answer.exit_code == 1
    assert "none of its" in answer.complaint
    assert "say date_order under [read.usage]" in answer.complaint
    book.write_text(book.read_text() + '\n[read.usage]\ndate_order = "day_first"\n')
    findings, _ = seen(cli)
    assert "unreadable:usage" not in findings


def mapped_by_the_accounts_themselves(cli, book, theirs):
    """Give the match rate of the tickets where the accounts hold the other system's ids."""
    told, accounts = book.read_text(), Path("accounts.csv").read_text()
    frame = pd.read_csv("accounts.csv", dtype=str, keep_default_na=False)
    frame = frame.assign(zendesk=frame["account_id"].map(theirs)).rename(columns={"account_id": "Id"})
    frame.to_csv("accounts.csv", index=False)
    book.write_text(told.replace("identifiers.csv", "accounts.csv") + '[columns]\naccount_id = "Id"\n')
    share = {table["name"]: table for table in seen(cli)[1]}["tickets"]["match_share"]
    book.write_text(told)
    Path("accounts.csv").write_text(accounts)
    return share


def test_the_match_rate_of_a_table_goes_through_the_mapping(cli, book):
    accounts = pd.read_csv("accounts.csv", dtype=str)["account_id"]
    theirs = {ours: f"z{n}" for n, ours in enumerate(accounts)}
    mapping = pd.DataFrame({"account_id": theirs.keys(), "zendesk": theirs.values()})
    mapping.to_csv("identifiers.csv", index=False)
    settings = book.read_text().replace("[book]", '[book]\nidentifiers = "identifiers.csv"')
    book.write_text(settings + '\n[read.tickets]\nidentifier = "zendesk"\n')
    change("tickets", slice(None), account_id=lambda ours: theirs.get(ours, "z?"))
    assert mapped_by_the_accounts_themselves(cli, book, theirs) > 0.9
    mapped = {table["name"]: table for table in seen(cli)[1]}["tickets"]["match_share"]
    mapping.iloc[::2].to_csv("identifiers.csv", index=False)
    findings, tables = seen(cli)
    half = {table["name"]: table for table in tables}["tickets"]["match_share"]
    assert 0.3 < half < 0.7 < mapped
    assert "such as zendesk:z" in findings["match:tickets"]["explanation"]
    assert "[book] identifiers" in findings["match:tickets"]["way_out"]
