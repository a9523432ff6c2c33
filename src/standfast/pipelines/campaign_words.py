"""Names and reasons that people give, as one plain line."""

import unicodedata

from standfast.errors import InputError

MOST_SIGNS = 120


def one_line(text: str, *, called: str, most: int = MOST_SIGNS) -> str:
    """Give the text without blanks around it.

    Raises
    ------
    InputError
        It is empty, too long, or holds line breaks or other control signs.

    Examples
    --------
    >>> one_line(" Spring offer ", called="the name")
    'Spring offer'
    """
    told = text.strip()
    if not told:
        raise InputError(f"{called} is empty; give some words")
    if len(told) > most:
        raise InputError(f"{called} {told[:40]!r}... has {len(told)} signs; {most} are the most")
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in told):
        raise InputError(f"{called} {told!r} holds control signs; write it on one line")
    return told
