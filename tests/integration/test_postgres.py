"""A book in PostgreSQL: schemas, views, types of its own, and what can go wrong with a server."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from standfast.adapters.database import fetch_table
from standfast.adapters.tables import read_flat_table
from standfast.errors import InputError
from standfast.schema import TABLES

pytestmark = [pytest.mark.integration, pytest.mark.postgres]


@pytest.fixture(scope="module")
def run(postgres):
    """Run a statement on the server."""
    import sqlalchemy as sa

    engine = sa.create_engine(postgres)

    def execute(statement):
        with engine.begin() as connection:
            return connection.execute(sa.text(statement))

    yield execute
    engine.dispose()


@pytest.fixture(scope="module")
def book(postgres, run, sample):
    """The sample book on the server, its invoices in a schema of their own; the address."""
    import sqlalchemy as sa

    run("CREATE SCHEMA billing")
    engine = sa.create_engine(postgres)
    for name, rows in sample.tables.items():
        days = [
            column.name for column in TABLES[name].columns if column.kind == "date" and column.name in rows
        ]
        rows.to_sql(
            name, engine, index=False, schema="billing" if name == "invoices" else None,
            dtype=dict.fromkeys(days, sa.Date()),
        )  # fmt: skip
    engine.dispose()
    return postgres


@pytest.fixture
def tables(sample):
    """What ``[book]`` says of it."""
    return {name: f"billing.{name}" if name == "invoices" else name for name in sample.tables}


def test_a_book_in_postgres_gives_the_snapshots_of_its_files(book, tables, snapshots, snapshots_of, tmp_path):
    found = snapshots_of(tmp_path, book=tables | {"database": book})
    pd.testing.assert_frame_equal(found, snapshots, check_exact=True)


def test_cells_come_as_a_csv_would_hold_them(postgres, run, tmp_path):
    run(
        'CREATE TABLE "Odd Types" (id uuid, amount numeric(30, 10), paid boolean, at timestamptz, day date, '
        '"Order" bigint, tags text[], share double precision, big numeric)'
    )
    run(
        """INSERT INTO "Odd Types" VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 12.5, true,
        '2024-01-01 10:00+02', '2024-01-31', 7, '{a,b}', 3, 1e30), (null, null, null, null, null, null, null,
        0.25, null)"""
    )
    rows = read_flat_table(fetch_table(postgres, "Odd Types", folder=tmp_path))
    first = rows.iloc[0].to_dict()
    assert pd.Timestamp(first.pop("at")) == pd.Timestamp("2024-01-01T08:00Z")
    assert float(first.pop("amount")) == 12.5
    assert float(first.pop("big")) == 1e30
    assert first == {
        "id": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "paid": "true", "day": "2024-01-31", "Order": "7",
        "tags": "['a', 'b']", "share": "3",
    }  # fmt: skip
    assert rows.iloc[1].drop("share").isna().all()
    assert rows.iloc[1]["share"] == "0.25"


def test_many_rows_come_in_stretches(postgres, run, tmp_path):
    run("CREATE VIEW counted AS SELECT n AS id, n % 7 AS rest FROM generate_series(1, 120001) AS n")
    from pyarrow import parquet

    file = parquet.ParquetFile(fetch_table(postgres, "counted", folder=tmp_path))
    assert file.metadata.num_rows == 120_001
    assert file.metadata.num_row_groups == 3


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "acounts",
            "no table or view 'acounts' in the database postgres at .*nearest is 'accounts'",
        ),
        ("bling.invoices", "no table or view 'invoices' in schema bling of"),
        ("empty", "table empty of the database postgres at .* holds no rows"),
        ("forbidden", "table forbidden cannot be read .* division by zero"),
    ],
)
def test_a_table_that_cannot_be_had_is_named(book, run, tmp_path, name, said):
    run("CREATE TABLE IF NOT EXISTS empty (id int)")
    run("CREATE OR REPLACE VIEW forbidden AS SELECT 1 / (id - id) AS one FROM (VALUES (1)) AS t (id)")
    with pytest.raises(InputError, match=said):
        fetch_table(book, name, folder=tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (":s3cret@", ":wr0ng@", "password authentication failed"),
        ("/postgres", "/nowhere", 'database "nowhere" does not exist'),
        ("tester:", "stranger:", 'password authentication failed for user "stranger"'),
    ],
)
def test_a_server_that_refuses_is_told_without_the_password(book, tmp_path, old, new, said):
    with pytest.raises(InputError, match=said) as caught:
        fetch_table(book.replace(old, new), "accounts", folder=tmp_path)
    told = str(caught.value)
    assert "table accounts cannot be read from the database" in told
    assert "127.0.0.1" in told
    assert "s3cret" not in told
    assert "wr0ng" not in told


def test_no_password_is_stored_recorded_or_printed(cli, book, tables):
    """From the settings file to the bundle, MLflow's record and the report."""
    lines = "\n".join(f'{name} = "{table}"' for name, table in tables.items())
    model = "[model]\nn_folds = 3\nn_knots = 5\nridge_strengths = [3.0]\nmax_trees = 20\nsymmetric_rows = 0\n"
    Path("standfast.toml").write_text(f'[book]\nname = "shop"\ndatabase = "{book}"\n{lines}\n{model}')
    answers = [
        cli("check"),
        cli("check", "--json"),
        cli("run", "--no-backtest"),
        cli("score", "-o", "scores.csv"),
    ]
    said = "".join(answer.stdout + answer.stderr for answer in answers)
    assert [answer.exit_code for answer in answers[:2]] == [0, 0], said
    assert json.loads(answers[1].stdout)
    files = [path for path in Path.cwd().rglob("*") if path.is_file() and path.name != "standfast.toml"]
    assert any(path.name == "mlflow.db" for path in files), said
    for path in files:
        assert b"s3cret" not in path.read_bytes(), path
    assert "s3cret" not in said


def test_the_environment_keeps_the_address_out_of_the_file(cli, book, tables, monkeypatch):
    monkeypatch.setitem(os.environ, "STANDFAST_DATABASE", book)
    lines = "\n".join(f'{name} = "{table}"' for name, table in tables.items())
    Path("standfast.toml").write_text(f"[book]\n{lines}\n")
    assert cli("snapshots", "-o", "snapshots.parquet").exit_code == 0
