"""What kind of CSV a file is: its encoding, its delimiter and its column names; and what is wrong with it."""

import codecs
import csv
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from standfast.errors import InputError, NoRowsError, StandfastWarning

_DELIMITERS = (",", ";", "\t")
_CHUNK = 1 << 20
_KNOWN_STARTS = {b"PK\x03\x04": "an Excel workbook or a zip archive", b"\x1f\x8b": "gzip", b"PAR1": "Parquet"}
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\x0b\x0c\r\x1a")
_MOST_CONTROL = 0.05


@dataclass(frozen=True)
class CsvDialect:
    """How a CSV file is written."""

    encoding: str
    delimiter: str
    names: tuple[str, ...]


def sniff_csv(path: Path) -> CsvDialect:
    """Give the encoding, the delimiter and the column names of a CSV file.

    Raises
    ------
    InputError
        The file is no text, it is blank, or two columns have the same name.
    """
    encoding = _encoding(path)
    header, delimiter = _header(path, encoding)
    names = tuple(name.strip() or f"column {place}" for place, name in enumerate(header, start=1))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{path} has several columns called {twice}; rename all but one")
    return CsvDialect(encoding, delimiter, names)


def explain_csv_error(path: Path, dialect: CsvDialect, problem: Exception) -> InputError:
    """Give the error that names the line at fault, where one can be found."""
    line = 0
    try:
        for line, n_cells in _cell_counts(path, dialect):
            if n_cells != len(dialect.names):
                return InputError(
                    f"{path}, line {line}: {n_cells} cells where the header has {len(dialect.names)}; "
                    "correct that line (a stray delimiter or quote?) and try again"
                )
    except csv.Error:
        line = 0
    if line == 1:
        return no_rows(path)
    said = str(problem).splitlines()[0]
    return InputError(f"{path} cannot be read as CSV ({said}); export it again as CSV UTF-8")


def no_rows(called: object) -> NoRowsError:
    """Give the error for a file that has a header and nothing under it."""
    return NoRowsError(f"{called} holds no rows, only a header; export it again with its rows")


def refuse_open_quote(path: Path, last_cell: str | None) -> None:
    """Refuse a file whose last cell swallowed the lines below a quote that nobody closed."""
    if last_cell is None or "\n" not in last_cell:
        return
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 64), io.SEEK_END)
        is_closed = file.read().rstrip().endswith(b'"')
    if not is_closed:
        start = last_cell.splitlines()[0][:40]
        raise InputError(f"{path}: the quote before {start!r} is never closed; correct it and try again")


def _encoding(path: Path) -> str:
    _refuse_binary(path)
    if _decodes(path, "utf-8"):
        return "utf-8"
    if not _decodes(path, "cp1252"):
        raise _no_text(path, "it is neither UTF-8 nor Windows-1252 text")
    warnings.warn(
        f"{path} is not UTF-8; it was read as Windows-1252, so check names with accents",
        StandfastWarning,
        stacklevel=2,
    )
    return "cp1252"


def _refuse_binary(path: Path) -> None:
    start = next(_chunks(path), b"")
    for signature, what in _KNOWN_STARTS.items():
        if start.startswith(signature):
            raise _no_text(path, f"it is {what}")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _no_text(path, "it is UTF-16")
    if any(b"\0" in chunk for chunk in _chunks(path)):
        raise _no_text(path, "it holds NUL bytes")
    if len(start) - len(start.translate(None, _CONTROL)) > _MOST_CONTROL * len(start):
        raise _no_text(path, "it holds control characters")


def _no_text(path: Path, reason: str) -> InputError:
    return InputError(f"{path} is not a CSV file: {reason}; export it as CSV UTF-8")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except OSError as problem:
        raise InputError(f"{path} cannot be read ({problem.strerror}); check your rights to it") from problem


def _header(path: Path, encoding: str) -> tuple[list[str], str]:
    """Give the first row as the delimiter reads it that finds the most cells in it."""
    start = next(_chunks(path), b"").decode(encoding, errors="replace").removeprefix("\ufeff")
    found = [(_first_row(start, delimiter), delimiter) for delimiter in _DELIMITERS]
    header, delimiter = max(found, key=lambda row_and_delimiter: len(row_and_delimiter[0]))
    if not any(cell.strip() for cell in header):
        raise InputError(f"{path} is blank or its first line names no columns; export it again with a header")
    return header, delimiter


def _first_row(text: str, delimiter: str) -> list[str]:
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return next((row for row in rows if row), [])
    except csv.Error:
        return []


def _cell_counts(path: Path, dialect: CsvDialect) -> Iterator[tuple[int, int]]:
    """Yield the first line of each row that is not empty, and its number of cells."""
    encoding = "utf-8-sig" if dialect.encoding == "utf-8" else dialect.encoding
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=dialect.delimiter)
        line = 1
        for row in reader:
            if row:
                yield line, len(row)
            line = reader.line_num + 1
