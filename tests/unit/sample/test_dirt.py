import pandas as pd
import pytest

from standfast.sample.dirt import BLANKS, with_blanks, with_doubles, with_orphans
from standfast.sample.streams import stream

ROWS = pd.DataFrame({"account_id": ["A", "B", "C"], "n": [1, 2, 3], "flag": [True, False, True]})


def test_the_book_holds_doubled_tickets_and_unknown_ids_but_its_accounts_are_clean(book):
    known = set(book.tables["accounts"]["account_id"])
    tickets, usage = book.tables["tickets"], book.tables["usage"]
    assert 10 < tickets.duplicated().sum() < 0.02 * len(tickets)
    for rows in (tickets, usage):
        assert 0 < (~rows["account_id"].isin(known)).mean() < 0.01
    assert book.tables["accounts"]["account_id"].is_unique


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, columns in BLANKS.items() for c in columns])
def test_a_few_cells_are_blank(book, table, column):
    assert 0.005 < book.tables[table][column].isna().mean() < 0.6


def test_dirt_leaves_its_input_unchanged_and_hits_at_least_one_row():
    before = ROWS.copy()
    assert len(with_doubles(ROWS, share=0.0, rng=stream(1, "a"))) == 4
    assert with_orphans(ROWS, share=0.0, rng=stream(1, "b"))["account_id"].str.startswith("OLD").sum() == 1
    assert with_blanks(ROWS, column="flag", share=1.0, rng=stream(1, "c"))["flag"].isna().all()
    assert ROWS.equals(before)


def test_an_empty_table_stays_empty():
    empty = ROWS.iloc[:0]
    assert with_doubles(empty, share=1.0, rng=stream(1, "a")).empty
    assert with_orphans(empty, share=1.0, rng=stream(1, "b")).empty
    assert with_blanks(empty, column="n", share=1.0, rng=stream(1, "c")).empty


def test_orphans_and_blanks_keep_the_number_of_rows(book):
    usage = book.tables["usage"]
    assert len(with_orphans(usage, share=0.1, rng=stream(1, "b"))) == len(usage)
