"""The files a table is made of: one file, or all of a folder."""

from pathlib import Path

from standfast.adapters.table_writer import PARQUET_ENDINGS
from standfast.errors import InputError

TABLE_ENDINGS = PARQUET_ENDINGS | {".csv", ".tsv", ".txt"}
_PART_ENDINGS = TABLE_ENDINGS - {".txt"}  # in a folder, that is a note to people


def files_of(path: Path) -> tuple[Path, ...]:
    """Give the file itself, or the table files of a folder and of those within it, in order of their names.

    Names that begin with _ or . are what engines leave beside their parts, and no part of the table.

    Raises
    ------
    InputError
        There is no such file, it is empty, its ending is no table's, or a folder holds no table files or
        some of both kinds.
    """
    if path.is_dir():
        return _parts(path)
    if not path.exists():
        raise InputError(
            f"there is no file {path}; check its name, its ending and its folder (under [book]: relative to "
            "the settings file)"
        )
    if path.is_file() and path.stat().st_size == 0:
        raise InputError(f"{path} is empty (0 bytes); export it again")
    if path.suffix.lower() not in TABLE_ENDINGS:
        raise InputError(
            f"{path}: a table's name must end in .csv or .parquet, not {path.suffix or 'nothing'!r}; "
            "save it as CSV and try again"
        )
    return (path,)


def is_parquet(path: Path) -> bool:
    """Whether the ending says Parquet; else it says CSV."""
    return path.suffix.lower() in PARQUET_ENDINGS


def _parts(folder: Path) -> tuple[Path, ...]:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and _is_part(path, folder))
    kinds = {is_parquet(path) for path in found}
    if not found:
        raise InputError(
            f"{folder} is a folder without CSV or Parquet files; name the file, or the folder with its parts"
        )
    if len(kinds) > 1:
        raise InputError(
            f"{folder} is a folder with both CSV and Parquet files, such as {found[0].name} and "
            f"{next(p for p in found if is_parquet(p) != is_parquet(found[0])).name}; keep those of one kind"
        )
    return tuple(part for path in found for part in files_of(path))


def _is_part(path: Path, folder: Path) -> bool:
    names = path.relative_to(folder).parts
    return path.suffix.lower() in _PART_ENDINGS and not any(name.startswith((".", "_")) for name in names)
