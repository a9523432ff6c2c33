"""Tables are read as they stand, and what cannot be read is refused in one clear sentence."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal
from pyarrow import parquet

from standfast.adapters.tables import (
    count_parquet_rows,
    read_flat_table,
    read_own_csv,
    stream_flat_table,
    stream_parquet,
    write_table,
)
from standfast.errors import InputError, StandfastWarning

Write = Callable[..., Path]


@pytest.fixture
def file(tmp_path: Path) -> Write:
    def write(content: bytes | str, name: str = "book.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_csv_cells_are_text_and_blanks_are_missing(file: Write) -> None:
    frame = read_flat_table(file("id,amount,note\n007,1.50,\n8, ,None\n"))
    assert frame["id"].tolist() == ["007", "8"]
    assert frame["amount"].tolist()[0] == "1.50"
    assert frame["amount"].isna().tolist() == [False, True]
    assert frame["note"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("a,b\n1,x;y\n", "comma"),
        ("a;b\n1;x;y\n".replace("x;y", "x,y"), "semicolon"),
        ("a\tb\n1\tx,y\n".replace("x,y", "xy"), "tab"),
    ],
)
def test_the_delimiter_is_told_from_the_header(file: Write, content: str, what: str) -> None:
    assert list(read_flat_table(file(content)).columns) == ["a", "b"], what


def test_byte_order_mark_and_spaces_around_headers_go(file: Write) -> None:
    frame = read_flat_table(file(b"\xef\xbb\xbfCustomerid ,City\r\nA1,Bern\r\n"))
    assert list(frame.columns) == ["Customerid", "City"]


def test_windows_text_is_read_with_a_warning(file: Write) -> None:
    path = file("id,name\n1,Müller\n".encode("cp1252"))
    with pytest.warns(StandfastWarning, match="Windows-1252"):
        assert read_flat_table(path)["name"].tolist() == ["Müller"]


def test_quoted_cells_keep_delimiters_quotes_and_line_breaks(file: Write) -> None:
    frame = read_flat_table(file('id,note\n1,"a, ""b""\nc"\n'))
    assert frame["note"].tolist() == ['a, "b"\nc']


def test_decimal_commas_are_points_where_semicolons_part_cells(file: Write) -> None:
    frame = read_flat_table(file("id;amount;text\n1,5;1.234,50;a,b\n"))
    assert frame.iloc[0].tolist() == ["1.5", "1234.50", "a,b"]


def test_a_header_without_a_name_gets_its_place(file: Write) -> None:
    assert list(read_flat_table(file(",b\n1,2\n")).columns) == ["column 1", "b"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b" \n\n", "blank"),
        (b"id,churned\n", "holds no rows"),
        (b"id,churned", "holds no rows"),
        (b"id,id \n1,2\n", "several columns called"),
        (b"id,churned\n1,yes\n2\n", "line 3: 1 cells where the header has 2"),
        (b'id,churned\n1,"a\nb"\n2,no,3\n', "line 4: 3 cells where the header has 2"),
        (b'id,churned\n1,"yes\n2,no\n', "never closed"),
        (b"id,\0churned\n1,2\n", "NUL"),
        (b"id,churned\n1,2\n" * 200_000 + b"\0", "NUL"),
        (bytes(range(1, 256)) * 4, "control characters"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\x1f\x8brest", "gzip"),
        ("id,churned\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"id,name\n1,\x81\x8d\n", "neither UTF-8"),
    ],
)
def test_what_is_no_csv_is_refused_with_its_reason(file: Write, content: bytes, told: str) -> None:
    path = file(content)
    with pytest.raises(InputError, match=told) as refusal:
        read_flat_table(path)
    assert "book.csv" in str(refusal.value)
    with pytest.raises(InputError, match=told):
        list(stream_flat_table(path))


def test_a_missing_file_a_folder_and_an_unknown_ending_are_refused(tmp_path: Path, file: Write) -> None:
    with pytest.raises(InputError, match="no file"):
        read_flat_table(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="folder"):
        read_flat_table(tmp_path)
    with pytest.raises(InputError, match=r"must end in \.csv or \.parquet"):
        read_flat_table(file("a,b\n1,2\n", "book.xlsx"))


def test_unreadable_parquet_is_refused(file: Write) -> None:
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        read_flat_table(file(b"PAR1 not really", "book.parquet"))


def test_parquet_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.parquet"
    parquet.write_table(pa.table({"id": pa.array([], pa.string())}), path)
    with pytest.raises(InputError, match="holds no rows"):
        read_flat_table(path)


def test_parquet_with_lists_is_refused_by_column(tmp_path: Path) -> None:
    path = tmp_path / "book.parquet"
    parquet.write_table(pa.table({"id": ["a"], "tags": [["x", "y"]]}), path)
    with pytest.raises(InputError, match="tags"):
        read_flat_table(path)


def test_parquet_keeps_numbers_dates_flags_and_text(tmp_path: Path) -> None:
    path = tmp_path / "book.parquet"
    table = pa.table(
        {
            " id ": pa.array(["007", " "]).dictionary_encode(),
            "n": pa.array([1, 2]),
            "money": pa.array([1, None], pa.decimal128(9, 2)),
            "on": pa.array([0, 1], pa.date32()),
            "at": pa.array([0, 1], pa.timestamp("ns", tz="UTC")),
            "flag": pa.array([True, None]),
        }
    )
    parquet.write_table(table, path)
    frame = read_flat_table(path)
    assert list(map(str, frame.dtypes)) == [
        "str",
        "int64",
        "float64",
        "datetime64[us]",
        "datetime64[us]",
        "boolean",
    ]
    assert frame["id"].tolist()[0] == "007"
    assert frame["id"].isna().tolist() == [False, True]


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@pytest.mark.parametrize("batch_rows", [1, 7, 64, 1000])
def test_batches_together_are_the_whole_table(tmp_path: Path, ending: str, batch_rows: int) -> None:
    path = tmp_path / f"book{ending}"
    write_table(pd.DataFrame({"id": [f"A{i}" for i in range(100)], "x": range(100)}), path)
    batches = list(stream_flat_table(path, batch_rows=batch_rows))
    assert all(len(batch) == batch_rows for batch in batches[:-1])
    assert_frame_equal(pd.concat(batches), read_flat_table(path))


def test_our_own_csv_comes_back_with_its_ids(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    write_table(pd.DataFrame({"account_id": ["-1", "=A", "'=B", "007"]}), path)
    assert read_own_csv(path)["account_id"].tolist() == ["-1", "=A", "'=B", "007"]
    assert path.read_text().splitlines()[1] == "'-1"


@pytest.mark.parametrize("first_row", [0, 1, 6, 7, 10, 19])
def test_a_parquet_file_is_read_from_any_row_on_as_if_the_rest_were_not_there(
    tmp_path: Path, first_row: int
) -> None:
    rows = pd.DataFrame({"id": [f"A{n}" for n in range(20)], "amount": [n / 4 for n in range(20)]})
    rows.to_parquet(tmp_path / "rows.parquet", row_group_size=7)
    read = list(stream_parquet(tmp_path / "rows.parquet", first_row=first_row, batch_rows=6))
    assert [len(batch) for batch in read[:-1]] == [6] * (len(read) - 1)
    assert_frame_equal(pd.concat(read, ignore_index=True), rows.iloc[first_row:].reset_index(drop=True))
    assert count_parquet_rows(tmp_path / "rows.parquet") == 20


def test_a_file_that_is_no_parquet_has_no_rows_to_count(tmp_path: Path) -> None:
    (tmp_path / "junk.parquet").write_bytes(b"no table at all")
    with pytest.raises(InputError, match=r"junk\.parquet cannot be read as Parquet"):
        count_parquet_rows(tmp_path / "junk.parquet")
