"""A CSV file's encoding, delimiter and names are told from the file itself."""

from pathlib import Path

import pytest

from standfast.adapters.csv_dialect import CsvDialect, sniff_csv


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        ("a,b\n", CsvDialect("utf-8", ",", ("a", "b"))),
        ("a;b,c;d\n", CsvDialect("utf-8", ";", ("a", "b,c", "d"))),
        ("a\tb;c\td\n", CsvDialect("utf-8", "\t", ("a", "b;c", "d"))),
        ('"a;b",c\n', CsvDialect("utf-8", ",", ("a;b", "c"))),
        ('"first\nname",c\n', CsvDialect("utf-8", ",", ("first\nname", "c"))),
        ("\n\nonly\n", CsvDialect("utf-8", ",", ("only",))),
        ("\ufeffa,ü \n", CsvDialect("utf-8", ",", ("a", "ü"))),
    ],
)
def test_the_header_tells_the_dialect(tmp_path: Path, content: str, dialect: CsvDialect) -> None:
    path = tmp_path / "book.csv"
    path.write_text(content, encoding="utf-8", newline="")
    assert sniff_csv(path) == dialect
