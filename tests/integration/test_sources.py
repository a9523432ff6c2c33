"""A book's tables may be files, folders of files or tables of a database: what is read is the same."""

from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from standfast.adapters.engine import DuckDbEngine
from standfast.adapters.tables import read_flat_table, stream_flat_table
from standfast.errors import InputError, StandfastWarning
from standfast.pipelines.observe import observe_book
from standfast.pipelines.plan import team_capacity
from standfast.schema import TABLES
from standfast.settings import build_settings

pytestmark = pytest.mark.integration


@pytest.fixture
def read(tmp_path):
    """Read a folder, made of text by file name, as the usage table."""

    def reader(**files):
        folder = tmp_path / "usage"
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_csv", ".csv")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with DuckDbEngine(n_threads=2) as engine:
            loaded = engine.read_book_table(TABLES["usage"], folder, columns={})
            rows = loaded.table.to_pandas()
        return loaded, rows.sort_values("account_id", ignore_index=True)

    return reader


def test_the_parts_of_a_folder_are_one_table_by_the_names_of_their_columns(read):
    loaded, rows = read(
        a_csv="account_id,day,event\na,2024-01-01,x\n",
        deep__b_csv="day,quantity,account_id\n2024-01-02,2,b\nnever,1,c\n",
        c_csv="account_id;day;quantity\nd;2024-01-03;1,5\n",
    )
    assert (loaded.n_rows, loaded.n_used) == (4, 3)
    assert loaded.reasons == {"row set aside: no readable day": 1}
    assert rows["account_id"].tolist() == ["a", "b", "d"]
    assert rows["quantity"].fillna(-1).tolist() == [-1, 2, 1.5]
    assert rows["event"].fillna("").tolist() == ["x", "", ""]


def test_a_part_without_rows_is_no_error_and_what_engines_leave_beside_is_no_part(read):
    loaded, _ = read(
        a_csv="account_id,day\na,2024-01-01\n",
        b_csv="account_id,day\n",
        c_csv="account_id;day\n",
        _SUCCESS=b"",
        _temporary__d_csv="account_id,day\nd,2024-01-01\n",
    )
    assert loaded.n_rows == 1


def test_a_folder_of_empty_parts_holds_no_rows(read):
    with pytest.raises(InputError, match="usage holds no rows"):
        read(a_csv="account_id,day\n", b_csv="account_id,day\n")


def test_the_part_and_the_line_at_fault_are_named(read):
    with pytest.raises(InputError, match=r"b\.csv, line 3: 3 cells where the header has 2"):
        read(a_csv="account_id,day\na,2024-01-01\n", b_csv="account_id,day\nb,2024-01-01\nc,2024-01-01,5\n")


def test_a_part_in_an_old_encoding_is_understood(read):
    with pytest.warns(StandfastWarning, match="Windows-1252"):
        _, rows = read(
            a_csv="account_id,day,event\na,2024-01-01,x\n",
            b_csv="account_id,day,event\nb,2024-01-01,caf\xe9\n".encode("cp1252"),
        )
    assert rows["event"].tolist() == ["x", "caf\xe9"]


def test_parts_of_parquet_go_together_by_name_and_by_their_partitions(tmp_path):
    folder = tmp_path / "usage"
    for month, ids in {"2024-01": [7, 8], "2024-02": [9.0]}.items():
        part = folder / f"month={month}" / "part-0.parquet"
        part.parent.mkdir(parents=True)
        pd.DataFrame({"account_id": ids, "day": pd.Timestamp(f"{month}-05")}).to_parquet(part)
    with DuckDbEngine(n_threads=2) as engine:
        loaded = engine.read_book_table(TABLES["usage"], folder, columns={})
        rows = loaded.table.to_pandas().sort_values("account_id")
    assert rows["account_id"].tolist() == ["7", "8", "9"]
    assert rows["month"].tolist() == ["2024-01", "2024-01", "2024-02"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"notes.md": "x"}, "without CSV or Parquet"),
        ({"a.csv": "x", "b.parquet": "x"}, "both CSV and Parquet"),
    ],
)
def test_a_folder_that_is_no_table_is_refused(tmp_path, files, said):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with DuckDbEngine(n_threads=2) as engine, pytest.raises(InputError, match=said):
        engine.read_book_table(TABLES["usage"], tmp_path, columns={})


def test_a_flat_table_may_be_a_folder(tmp_path):
    (tmp_path / "a.csv").write_text("id,x\n1,a\n2,b\n")
    (tmp_path / "b.csv").write_text("x,id\nc,3\n")
    assert read_flat_table(tmp_path)["id"].tolist() == ["1", "2", "3"]
    batches = list(stream_flat_table(tmp_path, batch_rows=2))
    assert [batch["x"].tolist() for batch in batches] == [["a", "b"], ["c"]]
    assert batches[1].index.tolist() == [2]


def test_flat_parts_whose_types_do_not_go_together_are_refused(tmp_path):
    pd.DataFrame({"id": [1], "x": [1.5]}).to_parquet(tmp_path / "a.parquet")
    pd.DataFrame({"id": [2], "x": ["many"]}).to_parquet(tmp_path / "b.parquet")
    with pytest.raises(InputError, match="do not go together"):
        read_flat_table(tmp_path)


def test_a_book_of_folders_gives_the_snapshots_of_its_files(sample, snapshots, snapshots_of, tmp_path):
    for name, rows in sample.tables.items():
        for part in range(3):
            path = tmp_path / name / f"part-{part}"
            path.parent.mkdir(exist_ok=True)
            if name == "usage":
                rows.iloc[part::3].to_parquet(path.with_suffix(".parquet"))
            else:
                rows.iloc[part::3].to_csv(path.with_suffix(".csv"), index=False)
    found = snapshots_of(tmp_path, book={name: name for name in sample.tables})
    pd.testing.assert_frame_equal(found, snapshots, check_exact=True)


@pytest.fixture
def shop(sample, tmp_path):
    """The sample book as an SQLite database beside the settings."""
    database = sa.create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    for name, rows in sample.tables.items():
        rows.to_sql(name, database, index=False)
    with database.begin() as connection:
        connection.execute(sa.text("CREATE VIEW busy AS SELECT * FROM usage WHERE quantity > 0"))
    database.dispose()
    return tmp_path


def test_a_book_in_a_database_gives_the_snapshots_of_its_files(shop, sample, snapshots, snapshots_of):
    tables = {name: name for name in sample.tables} | {"database": "sqlite:///shop.db"}
    pd.testing.assert_frame_equal(snapshots_of(shop, book=tables), snapshots, check_exact=True)


def test_files_views_and_tables_mix_and_the_team_comes_from_the_database(shop, sample, sample_files):
    values = {
        "accounts": str(sample_files / "accounts.csv"), "subscriptions": "subscriptions", "usage": "busy",
        "team": "team", "database": "sqlite:///shop.db",
    }  # fmt: skip
    settings = build_settings({"book": values}, folder=shop)
    observed = observe_book(settings)
    used = sample.tables["usage"]
    assert observed.counts["usage rows"] == (used["quantity"] > 0).sum()
    hours = dict(team_capacity(settings).owners)
    assert hours == dict(zip(sample.tables["team"]["owner"], sample.tables["team"]["hours"], strict=True))


def test_the_environment_says_where_the_database_is_before_the_file_does(shop, snapshots_of, monkeypatch):
    tables = {"accounts": "accounts", "subscriptions": "subscriptions", "usage": "usage"}
    monkeypatch.setenv("STANDFAST_DATABASE", f"sqlite:///{shop / 'shop.db'}")
    assert len(snapshots_of(shop, book=tables | {"database": "sqlite:///elsewhere.db"}))
    assert len(snapshots_of(shop, book=tables))


def test_a_flat_book_may_be_in_a_database(tmp_path, make_customers):
    database = sa.create_engine(f"sqlite:///{tmp_path / 'crm.db'}")
    customers = make_customers(60)
    customers.to_sql("customers", database, index=False)
    customers.to_csv(tmp_path / "customers.csv", index=False)
    columns = {"account_id": "id", "annual_revenue": "mrr", "churned": "left"}
    seen = [
        observe_book(build_settings({"book": book, "columns": columns}, folder=tmp_path))
        for book in ({"accounts": "customers.csv"}, {"accounts": "customers", "database": "sqlite:///crm.db"})
    ]
    from_file, from_database = (one.snapshots.astype({"usage": float}) for one in seen)  # 2.0 is written 2
    pd.testing.assert_frame_equal(from_database, from_file, check_exact=True)
    assert seen[0].counts == seen[1].counts


def test_cells_of_a_database_are_read_whatever_their_type(tmp_path):
    """SQLite holds values of any type in one column, and whole numbers as text or not."""
    database = sa.create_engine(f"sqlite:///{tmp_path / 'odd.db'}")
    with database.begin() as connection:
        connection.execute(sa.text("CREATE TABLE accounts (account_id, size, employees)"))
        connection.execute(sa.text("INSERT INTO accounts VALUES (7.0, 'big', 12), ('8', x'00ff', 'many')"))
        connection.execute(sa.text("CREATE TABLE usage (account_id, day)"))
        connection.execute(sa.text("INSERT INTO usage VALUES (7, '2024-01-05'), (9, '2024-01-06')"))
    book = {"accounts": "accounts", "usage": "usage", "database": "sqlite:///odd.db"}
    observed = observe_book(build_settings({"book": book}, folder=tmp_path))
    assert observed.current["account_id"].tolist() == ["7"]
    assert observed.table_notes["accounts"] == {
        "cell left empty: employees is not of the form numbers (1234.5)": 1
    }


@pytest.mark.parametrize(
    ("book", "said"),
    [
        ({"accounts": "acounts"}, "no table or view 'acounts' in the database .*; the nearest is 'accounts'"),
        ({"accounts": "accounts", "database": "sqlite:///shp.db"}, "there is no SQLite file .*shp.db"),
        ({"accounts": "accounts", "database": "oracel://u:s3cret@h/x"}, "knows no database 'oracel'"),
        (
            {"accounts": "accounts", "database": "mssql+pyodbc://u:s3cret@h/x"},
            "driver 'pyodbc'",
        ),
        (
            {"accounts": "accounts", "database": "s3cret"},
            "address of the database that holds accounts",
        ),
        ({"accounts": "accounts", "database": "mysql://u:s3cr@et@h/x"}, "signs such as @ in the password"),
        ({"accounts": "accounts.csv"}, "there is no file .*accounts.csv"),
    ],
)
def test_what_is_wrong_with_a_database_is_one_clear_error_without_the_password(shop, book, said):
    book = {"database": "sqlite:///shop.db", "subscriptions": "subscriptions", **book}
    with pytest.raises(InputError, match=said) as caught:
        observe_book(build_settings({"book": book}, folder=shop))
    assert "cret" not in str(caught.value)


def test_a_database_that_is_away_is_named_without_the_password(cli, shop):
    Path("standfast.toml").write_text(
        '[book]\ndatabase = "postgresql+psycopg://ann:s3cret@127.0.0.1:9/shop"\n'
        'accounts = "accounts"\nsubscriptions = "billing.subscriptions"\n'
    )
    answer = cli("check")
    assert answer.exit_code == 1
    assert "table accounts cannot be read from the database shop at 127.0.0.1:9" in answer.complaint
    assert "s3cret" not in answer.stderr + answer.stdout
