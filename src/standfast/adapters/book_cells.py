"""SQL that reads a cell of a user's table as the schema wants it; what cannot be read becomes missing."""

from standfast.adapters.cell_dates import as_moment
from standfast.features.read_policy import ReadPolicy
from standfast.schema import Kind

_NOTHING = ("na", "n/a", "nan", "null", "none", "nat", "-")
_LONGEST_NOTHING = 8
_TRUE = ("true", "yes", "1", "1.0", "t", "y")
_FALSE = ("false", "no", "0", "0.0", "f", "n")
_NUMBERS = ("DOUBLE", "FLOAT", "DECIMAL")
_PLAIN = ReadPolicy()


def quoted(name: str) -> str:
    """Give an identifier as SQL.

    >>> print(quoted("day of use"))
    "day of use"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Give a text as SQL.

    >>> print(literal("it's"))
    'it''s'
    """
    return "'" + text.replace("'", "''") + "'"


def as_text(column: str, source_type: str, *, kind: Kind = "text") -> str:
    """Give SQL for a cell as trimmed text: "7" for the float 7.0; null where it is blank.

    Where the cell should hold something else than text, words for nothing ("n/a") are null as well; as text
    they stay, for NA may be Namibia.
    """
    text = f"CAST({column} AS VARCHAR)"
    if source_type.startswith(_NUMBERS):
        is_whole = f"{column} = floor({column}) AND abs({column}) < 1e15"
        text = f"CASE WHEN {is_whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE {text} END"
    # Trimming a set of characters is slow; cells that end in anything but a space are rare.
    odd = " OR ".join(f"contains({text}, chr({code}))" for code in (9, 10, 13, 160))
    trimmed = f"nullif(CASE WHEN {odd} THEN trim({text}, ' \t\r\n\u00a0') ELSE trim({text}) END, '')"
    if kind == "text":
        return trimmed
    is_nothing = f"length({text}) <= {_LONGEST_NOTHING} AND lower(trim({text})) IN {_NOTHING}"
    return f"CASE WHEN {is_nothing} THEN NULL ELSE {trimmed} END"


def as_kind(text: str, kind: Kind, *, policy: ReadPolicy = _PLAIN) -> str:
    """Give SQL for a cell's trimmed text as the kind the schema names; null where it cannot be read so."""
    if kind == "text":
        return text
    if kind in {"number", "whole"}:
        number = f"TRY_CAST({text} AS DOUBLE)"
        finite = f"CASE WHEN isfinite({number}) THEN {number} END"
        return finite if kind == "number" else f"TRY_CAST({finite} AS BIGINT)"
    if kind == "flag":
        return f"CASE WHEN lower({text}) IN {_TRUE} THEN TRUE WHEN lower({text}) IN {_FALSE} THEN FALSE END"
    return as_moment(text, kind, policy=policy)


KIND_WORDS: dict[Kind, str] = {
    "text": "text",
    "number": "numbers (1234.5)",
    "whole": "whole numbers",
    "date": "dates (2024-01-31)",
    "time": "dates or times (2024-01-31 14:00)",
    "flag": "true/false, yes/no or 1/0",
}
"""How a user would write each kind."""
