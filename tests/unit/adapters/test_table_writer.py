"""Tables are written whole or not at all, with the same bytes for the same rows."""

import errno
import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from standfast.adapters.table_writer import TableWriter, pack_rows, unpack_rows, write_table, write_text
from standfast.adapters.tables import read_flat_table, read_own_csv
from standfast.errors import InputError

SCORES = pd.DataFrame(
    {
        "account_id": ["A1", None],
        "observation_date": pd.to_datetime(["2024-03-01", None]),
        "churn_probability": [0.1, np.nan],
        "priority": [1, 9],
        "churned": pd.array([True, None], dtype="boolean"),
    }
)
names = (f"t{number}.csv" for number in itertools.count())


def test_csv_has_short_numbers_iso_dates_and_empty_cells_for_nothing(tmp_path: Path) -> None:
    write_table(SCORES, tmp_path / "scores.csv")
    assert (tmp_path / "scores.csv").read_text() == (
        "account_id,observation_date,churn_probability,priority,churned\nA1,2024-03-01,0.1,1,true\n,,,9,\n"
    )


def test_parquet_has_explicit_types_even_where_the_first_rows_hold_nothing(tmp_path: Path) -> None:
    path = tmp_path / "scores.parquet"
    write_table(
        SCORES.assign(owner=[None, None], reward=np.float32(1), segment=pd.Categorical(["a", "b"])), path
    )
    types = {field.name: str(field.type) for field in parquet.read_schema(path)}
    assert types == {
        "account_id": "string",
        "observation_date": "timestamp[us]",
        "churn_probability": "double",
        "priority": "int64",
        "churned": "bool",
        "owner": "string",
        "reward": "double",
        "segment": "string",
    }


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_batches_give_the_same_bytes_as_one_piece(tmp_path: Path, ending: str) -> None:
    frame = pd.DataFrame({"id": [f"A{i}" for i in range(10)], "p": np.linspace(0, 1, 10), "n": range(10)})
    write_table(frame, tmp_path / f"one.{ending}")
    with TableWriter(tmp_path / f"many.{ending}") as table:
        table.write(frame.iloc[:0])
        table.write(frame.iloc[:4])
        table.write(frame.iloc[4:][["n", "p", "id"]])
    one, many = (tmp_path / f"{name}.{ending}" for name in ("one", "many"))
    if ending == "csv":
        assert one.read_bytes() == many.read_bytes()
    pd.testing.assert_frame_equal(read_flat_table(one), read_flat_table(many))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_every_number_survives_csv_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, values: list[float]
) -> None:
    path = tmp_path_factory.getbasetemp() / next(names)
    write_table(pd.DataFrame({"x": values}), path)
    assert read_flat_table(path)["x"].astype(float).tolist() == values


printable = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\r\n")
cells = st.one_of(st.none(), st.text(printable, min_size=1, max_size=6))


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_every_text_survives_csv(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str | None, str | None]]
) -> None:
    rows = [tuple(None if cell is None or not cell.strip() else cell for cell in row) for row in rows]
    path = tmp_path_factory.getbasetemp() / next(names)
    write_table(pd.DataFrame(rows, columns=["id", "note"]), path)
    back = read_own_csv(path)
    assert [tuple(None if pd.isna(c) else c for c in row) for row in back.itertuples(index=False)] == rows


def test_a_row_never_takes_its_form_from_the_rows_beside_it(tmp_path: Path) -> None:
    times = pd.Series(pd.to_datetime(["2024-03-01", "2024-03-01T09:30:00"], format="ISO8601"))
    write_table(pd.DataFrame({"at": times}), tmp_path / "two.csv")
    write_table(pd.DataFrame({"at": times.iloc[:1]}), tmp_path / "one.csv")
    assert (tmp_path / "two.csv").read_text().splitlines()[1] == (
        tmp_path / "one.csv"
    ).read_text().splitlines()[1]


def test_a_single_column_keeps_its_empty_rows(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"id": ["a", None, "b"]}), tmp_path / "ids.csv")
    assert len(read_flat_table(tmp_path / "ids.csv")) == 3


def test_a_failure_keeps_the_old_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    write_table(SCORES, path)
    before = path.read_bytes()

    def fail() -> None:
        with TableWriter(path) as table:
            table.write(SCORES)
            raise RuntimeError("killed half way")

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["scores.csv"]


def test_writing_nothing_is_an_error_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to write"), TableWriter(tmp_path / "plan.csv"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_frame_without_rows_is_a_header(tmp_path: Path) -> None:
    write_table(SCORES.iloc[:0], tmp_path / "rejected.csv")
    assert (tmp_path / "rejected.csv").read_text() == ",".join(SCORES.columns) + "\n"


def test_unknown_endings_and_targets_that_are_no_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv or \.parquet"):
        TableWriter(tmp_path / "plan.xlsx")
    (tmp_path / "plan.csv").mkdir()
    with pytest.raises(InputError, match="folder"):
        write_table(SCORES, tmp_path / "plan.csv")
    with pytest.raises(InputError, match="device"):
        write_text("report", Path("/dev/null"))


def test_folders_are_made_and_a_file_in_their_place_is_refused(tmp_path: Path) -> None:
    write_text("report", tmp_path / "out" / "deep" / "report.html")
    assert (tmp_path / "out" / "deep" / "report.html").read_text() == "report"
    with pytest.raises(InputError, match="cannot write"):
        write_text("report", tmp_path / "out" / "deep" / "report.html" / "x.html")


def test_a_full_disk_is_an_error_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("standfast.adapters.whole_file.os.fsync", full)
    with pytest.raises(InputError, match="No space left"):
        write_table(SCORES, tmp_path / "plan.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_link_keeps_pointing_at_what_it_points_at(tmp_path: Path) -> None:
    (tmp_path / "latest.csv").symlink_to(tmp_path / "plan.csv")
    write_table(SCORES, tmp_path / "latest.csv")
    assert (tmp_path / "latest.csv").is_symlink()
    assert (tmp_path / "plan.csv").is_file()


@pytest.mark.parametrize(
    ("later", "told"),
    [(SCORES[["priority"]], "columns changed"), (SCORES.assign(priority=[1.5, 2]), "priority")],
)
def test_columns_that_change_on_the_way_are_refused(tmp_path: Path, later: pd.DataFrame, told: str) -> None:
    with TableWriter(tmp_path / "plan.parquet") as table:
        table.write(SCORES)
        with pytest.raises(InputError, match=told):
            table.write(later)


def test_rows_that_were_packed_are_written_with_the_same_bytes(tmp_path: Path) -> None:
    mixed = SCORES.assign(note=["x", 7], nothing=None)
    for name, rows in (("as they are", mixed), ("packed", unpack_rows(pack_rows(mixed)))):
        for ending in ("csv", "parquet"):
            write_table(rows, tmp_path / f"{name}.{ending}")
    for ending in ("csv", "parquet"):
        assert (tmp_path / f"packed.{ending}").read_bytes() == (
            tmp_path / f"as they are.{ending}"
        ).read_bytes()
    assert list(unpack_rows(pack_rows(mixed.iloc[:0])).columns) == list(mixed.columns)
