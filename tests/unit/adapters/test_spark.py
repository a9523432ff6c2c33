import socket
import sys

import ibis
import pytest

from standfast.adapters import spark
from standfast.errors import InputError, StateError


def test_without_pyspark_the_way_out_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(StateError, match=r'pip install "standfast\[spark\]"'):
        spark.refuse_no_spark()


def test_without_java_the_place_that_was_looked_at_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyspark", sys)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(StateError, match=f"needs Java 17 or newer.*{tmp_path}"):
        spark.refuse_no_spark()


def test_a_master_that_does_not_answer_is_named_at_once():
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"spark://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(StateError, match=address):
            spark._refuse_silent_master(address)
    with pytest.raises(StateError, match="spark://nowhere"):
        spark._refuse_silent_master("spark://nowhere")


def test_one_of_several_masters_is_enough():
    with socket.create_server(("127.0.0.1", 0)) as server:
        spark._refuse_silent_master(f"spark://127.0.0.1:1,127.0.0.1:{server.getsockname()[1]}")


def test_the_staging_folder_is_made_and_goes_with_all_in_it(tmp_path):
    with spark.staging_folder(tmp_path / "deep" / "stage") as folder:
        (folder / "rows").write_text("x")
        assert folder.parent == tmp_path / "deep" / "stage"
    assert list((tmp_path / "deep" / "stage").iterdir()) == []


def test_a_staging_folder_that_cannot_be_is_an_error_that_names_it(tmp_path):
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises(InputError, match=r"\[engine\] staging = .*file/stage"),
        spark.staging_folder(tmp_path / "file" / "stage"),
    ):
        pass


def test_columns_of_types_that_spark_cannot_read_come_in_another(tmp_path):
    kinds = {
        "when": "timestamp(9)", "tiny": "uint8", "huge": "uint64", "hour": "time", "tags": "array<string>",
        "name": "string", "day": "date", "money": "decimal(9, 2)", "flag": "boolean", "share": "float64",
    }  # fmt: skip
    given = spark._known_to_spark(ibis.table(kinds, name="rows")).schema()
    expected = kinds | {
        "when": "timestamp(6)", "tiny": "int64", "huge": "float64", "hour": "string", "tags": "string",
    }  # fmt: skip
    assert given == ibis.schema(expected)


def test_what_a_workers_python_raised_is_told_in_its_own_words():
    told = (
        "Job failed\nTraceback (most recent call last):\n  File x\nModuleNotFoundError: No module named 'y'\n"
    )
    assert "gave up: ModuleNotFoundError: No module named 'y';" in spark._gave_up("m", ValueError(told))
    assert "gave up: Job aborted;" in spark._gave_up("m", ValueError("Job aborted\nsomewhere"))


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ([0, 2], "piece 2 .* where 1 was due"),
        ([0, 1, 1], "piece 1 .* where 2 was due"),
        ([0, 1], "the last 1 of 3"),
    ],
)
def test_a_piece_that_is_missing_or_came_twice_is_an_error(pieces, words):
    rows = [(piece, None, [b"told"]) for piece in pieces]
    with pytest.raises(StateError, match=words):
        list(spark._each_once(rows, n_pieces=3))


def test_what_a_piece_complained_of_is_told_as_it_is():
    with pytest.raises(InputError, match=r"^no such column$"):
        list(spark._each_once([(0, None, []), (1, "no such column", None)], n_pieces=2))
