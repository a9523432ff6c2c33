"""Text a spreadsheet would run as a formula: made harmless in our CSV files, restored when they are read."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_TRIGGERS = r"=+\-@\t\r"
_DANGEROUS = rf"[{_TRIGGERS}]|'[{_TRIGGERS}']"
_DEFUSED = rf"'[{_TRIGGERS}']"


def looks_like_formula(text: str) -> bool:
    """Say whether a spreadsheet might run a text.

    >>> looks_like_formula("=1+1"), looks_like_formula("Acme")
    (True, False)
    """
    return re.match(_DANGEROUS, text) is not None


def defuse(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Give the frame with an apostrophe before text a spreadsheet would run; numbers stay untouched.

    Text that already looks defused gets one more apostrophe, so that ``undefuse`` gives back exactly what
    was. Column names are cells too.

    >>> import pandas as pd
    >>> defuse(pd.DataFrame({"name": ["=cmd()", "Acme", "'=old"]}))["name"].tolist()
    ["'=cmd()", 'Acme', "''=old"]
    """
    return _on_text(frame, _defuse_text)


def undefuse(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Give the frame as it was before ``defuse``.

    >>> import pandas as pd
    >>> undefuse(pd.DataFrame({"name": ["'=cmd()", "Acme", "''=old"]}))["name"].tolist()
    ['=cmd()', 'Acme', "'=old"]
    """
    return _on_text(frame, _undefuse_text)


def _on_text(frame: "pd.DataFrame", change: Callable[["pd.Series"], "pd.Series"]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415  (importing this module must stay cheap)

    changed = frame.copy()
    for position in range(frame.shape[1]):
        column = frame.iloc[:, position]
        if isinstance(column.dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(column.dtype):
            changed.isetitem(position, change(column.astype("str")).array)
    changed.columns = pd.Index(change(pd.Series(list(map(str, frame.columns)), dtype="str")))
    return changed


def _defuse_text(values: "pd.Series") -> "pd.Series":
    dangerous = values.str.match(_DANGEROUS).fillna(False).astype(bool)
    return values.where(~dangerous, "'" + values)


def _undefuse_text(values: "pd.Series") -> "pd.Series":
    defused = values.str.match(_DEFUSED).fillna(False).astype(bool)
    return values.where(~defused, values.str.slice(1))
