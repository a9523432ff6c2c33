"""A user's files become typed tables: rows = used + set aside, and one clear error where that cannot be."""

from datetime import date

import pandas as pd
import pytest

from standfast.adapters.engine import DuckDbEngine
from standfast.errors import InputError, StandfastWarning
from standfast.schema import TABLES

pytestmark = pytest.mark.integration


@pytest.fixture
def read(engine, tmp_path):
    """Read text (or bytes) as a canonical table."""

    def reader(text, table="usage", *, name="export.csv", **columns):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return engine.read_book_table(TABLES[table], path, columns=columns)

    return reader


def test_a_csv_with_byte_order_mark_and_spaces_in_headers_is_read(read):
    loaded = read('\ufeff account_id , day ,quantity, note\n" a,1 ",2024-01-05,2.5,"say ""hi"""\n')
    assert loaded.table.to_pandas().to_dict("records") == [
        {"account_id": "a,1", "day": pd.Timestamp("2024-01-05"), "quantity": 2.5, "note": 'say "hi"'}
    ]


def test_the_users_columns_take_their_canonical_names_and_types(read):
    loaded = read("customer,When,day\n007,2024-01-05,sunny\n", account_id="customer", day="When")
    (row,) = loaded.table.to_pandas().to_dict("records")
    assert row == {"account_id": "007", "day": pd.Timestamp("2024-01-05"), "day_as_exported": "sunny"}
    assert loaded.table.schema()["day"].is_date()


def test_rows_in_are_rows_used_and_set_aside_and_unreadable_cells_are_counted(read):
    loaded = read(
        "account_id,day,quantity\n"
        "a,2024-01-01,1\n"
        ",2024-01-01,1\n"
        "c,31.01.2024,1\n"
        ",never,1\n"
        "e,2024-02-30,1\n"
        "f,2024-01-02,lots\n"
        "g,2024-01-02,inf\n"
        "h,2024-01-02,n/a\n"
    )
    assert (loaded.n_rows, loaded.n_used, loaded.n_set_aside) == (8, 4, 4)
    assert loaded.reasons == {
        "row set aside: no readable account_id": 2,
        "row set aside: no readable day": 1,
        "row set aside: day is written like 27/07/2023 (say date_order under [read.usage])": 1,
        "cell left empty: quantity is not of the form numbers (1234.5)": 2,
    }
    assert loaded.table.quantity.to_pandas().isna().tolist() == [False, True, True, True]


def test_times_move_to_utc_and_dates_stay(read):
    text = (
        "account_id,opened_at\na,2024-01-01T23:30:00-02:00\nb,2024-01-01\nc,2024-01-01 10:00:00Z\nd,epoch\n"
    )
    loaded = read(text, "tickets")
    opened = loaded.table.to_pandas()["opened_at"].astype(str).tolist()
    assert opened == ["2024-01-02 01:30:00", "2024-01-01 00:00:00", "2024-01-01 10:00:00"]
    late = read("account_id,day\na,2024-01-01T23:30:00-02:00\n").table.to_pandas()["day"]
    assert late.tolist() == [pd.Timestamp("2024-01-02")]


def test_flags_are_read_in_any_case_and_other_words_are_counted(read):
    words = ["TRUE", "Yes", "1", "false", "No", "0", "", "maybe"]
    text = "account_id,started_on,auto_renew\n" + "".join(
        f"{n},2024-01-01,{w}\n" for n, w in enumerate(words)
    )
    loaded = read(text, "subscriptions")
    flags = loaded.table.to_pandas()["auto_renew"]
    assert flags[:6].tolist() == [True, True, True, False, False, False]
    assert flags[6:].isna().all()
    assert loaded.reasons == {"cell left empty: auto_renew is not of the form true/false, yes/no or 1/0": 1}


def test_na_is_a_country(read):
    """Text is what it says; only blanks are missing."""
    countries = read("account_id,country\na,NA\nb, \n", "accounts").table.to_pandas()["country"]
    assert countries[0] == "NA"
    assert pd.isna(countries[1])


def test_columns_of_accounts_that_hold_only_numbers_become_numbers(read):
    loaded = read("account_id,score,zip,nothing\na,1.5,01234,\nb,,x,\n", "accounts").table
    kinds = loaded.schema()
    assert kinds["score"].is_floating()
    assert kinds["zip"].is_string()
    assert kinds["nothing"].is_string()


def test_semicolons_decimal_commas_and_old_encodings_are_understood(read):
    rows = read("account_id;day;quantity\na;2024-01-01;1.234,5\n").table.to_pandas()
    assert rows["quantity"].tolist() == [1234.5]
    with pytest.warns(StandfastWarning, match="Windows-1252"):
        old = read("account_id,day,event\na,2024-01-01,caf\xe9\n".encode("cp1252"))
    assert old.table.to_pandas()["event"].tolist() == ["caf\xe9"]


def test_parquet_keeps_its_types_and_whole_numbers_make_plain_ids(engine, tmp_path):
    path = tmp_path / "usage.parquet"
    frame = pd.DataFrame({
        "account_id": [7.0, None, 1e6], "day": pd.to_datetime(["2024-01-01 10:00"] * 3, utc=True),
        "quantity": [1, 2, 3], "extra": [1.5, 2.5, 3.5],
    })  # fmt: skip
    frame.to_parquet(path)
    loaded = engine.read_book_table(TABLES["usage"], path, columns={})
    rows = loaded.table.to_pandas()
    assert rows["account_id"].tolist() == ["7", "1000000"]
    assert rows["day"].tolist() == [pd.Timestamp("2024-01-01")] * 2
    assert rows["extra"].tolist() == [1.5, 3.5]
    assert loaded.reasons == {"row set aside: no readable account_id": 1}


BAD_FILES = {
    "empty": ("", "is empty"),
    "a header only": ("account_id,day\n", "holds no rows"),
    "a header without its line end": ("account_id,day", "holds no rows"),
    "binary junk": (bytes(range(256)) * 20, "not a CSV file"),
    "a workbook": (b"PK\x03\x04" + b"x" * 50, "not a CSV file"),
    "a missing column": ("account_id,when\na,2024-01-01\n", r"lacks columns \['day'\].*\[columns.usage\]"),
    "two columns of one name": ("account_id,day,day\na,2024-01-01,x\n", "several columns called"),
    "a short line": ("account_id,day\na,2024-01-01\nb\n", "line 3: 1 cells"),
    "a long line": ("account_id,day\na,2024-01-01,5\n", "line 2: 3 cells"),
    "an open quote": ('account_id,day\na,2024-01-01\n"b,2024-01-01\n', "line 3|quote"),
    "only foreign dates": ("account_id,day\na,01/02/2024\n", "none of its 1 rows can be used.*2024-01-31"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_gives_one_clear_error(read, case):
    text, message = BAD_FILES[case]
    with pytest.raises(InputError, match=f"export.csv.*({message})"):
        read(text)


def test_a_mapping_to_a_column_that_is_not_there_names_those_that_are(read):
    with pytest.raises(InputError, match=r"no column \['whn'\].*maps to \['day'\].*'when'"):
        read("account_id,when\na,2024-01-01\n", day="whn")


def test_an_account_twice_is_an_error_that_names_it(read):
    with pytest.raises(InputError, match=r"more than once: \['b'\]"):
        read("account_id\na\nb\n b \n", "accounts")


@pytest.mark.parametrize(
    ("name", "message"), [("no.csv", "no file"), ("book.xlsx", "must end in"), ("junk.parquet", "Parquet")]
)
def test_a_file_that_is_missing_or_of_another_kind_is_an_error(engine, tmp_path, name, message):
    if name != "no.csv":
        (tmp_path / name).write_bytes(b"no table at all")
    with pytest.raises(InputError, match=message):
        engine.read_book_table(TABLES["usage"], tmp_path / name, columns={})


def test_a_folder_is_no_table(engine, tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        engine.read_book_table(TABLES["usage"], tmp_path, columns={})


def test_reading_again_replaces_the_table(read):
    read("account_id,day\na,2024-01-01\nb,2024-01-01\n")
    assert read("account_id,day\nc,2024-01-01\n").table.count().to_pandas() == 1


def test_the_engine_counts_days_in_utc_and_cleans_up_after_itself():
    with DuckDbEngine(n_threads=1, memory_limit="500MB") as engine:
        (settings,) = engine._run("SELECT current_setting('TimeZone'), current_setting('threads')")
        assert settings == ("UTC", 1)
        spill = engine._spill
        assert spill.exists()
    assert not spill.exists()


def test_a_registered_frame_is_cast_as_a_file_would_be(engine):
    rows = pd.DataFrame({"account_id": [1, 2], "day": [date(2024, 1, 1), None], "quantity": ["2", "x"]})
    table = engine.register(TABLES["usage"], rows).to_pandas()
    assert table["account_id"].tolist() == ["1", "2"]
    assert table["quantity"].isna().tolist() == [False, True]
