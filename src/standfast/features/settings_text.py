"""The settings file a person would keep: short, with what was guessed and why it stands there."""

import json
from collections.abc import Iterable, Mapping

from standfast.features.book_guess import BookGuess
from standfast.features.label_values import LabelValues
from standfast.features.reading_guess import Value
from standfast.features.table_guess import TableGuess

DEFAULT_HOURS = 400


def render_settings(
    book: BookGuess,
    *,
    hours: float = DEFAULT_HOURS,
    capacity_note: str = "",
    hourly_cost: float | None = None,
) -> str:
    """Give the text of ``standfast.toml`` for a guessed book.

    ``hourly_cost`` is written only where it is given, with ``capacity_note`` as the comment that says why.
    """
    sections = [
        _book(book),
        _columns(book),
        *(_table_columns(guess) for guess in book.tables if guess.table != "accounts"),
        *(_read(guess) for guess in book.tables),
        _churn(book),
        _labels(book.roles.label_values),
        _units(book),
        _check(book),
        _capacity(book, hours, hourly_cost, capacity_note),
        '[paths]  # relative to the folder you work in\nmodels = "models"\nmlruns = "mlruns"',
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def toml_text(text: str) -> str:
    r"""Give text as a TOML string.

    >>> toml_text('Kosten "netto" in €')
    '"Kosten \\"netto\\" in €"'
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(toml_text(text) for text in texts)}]"


def _book(book: BookGuess) -> str:
    lines = ["[book]  # paths are relative to this file", f"name = {toml_text(book.name)}"]
    lines += [f"{guess.table} = {toml_text(guess.file_name)}" for guess in book.tables]
    if book.identifiers is not None and book.identifiers.named is not None:
        lines.append(f"identifiers = {toml_text(book.identifiers.named)}  # knows the ids of other systems")
    lines += [
        f"# {_one_line(guess.file_name)} is not used: {_one_line(guess.reason)}" for guess in book.unused
    ]
    return "\n".join(lines)


def _columns(book: BookGuess) -> str:
    """Give the roles that other names play; a column with its canonical name needs no line."""
    lines = [f"{g.role} = {toml_text(g.column)}" for g in book.roles.guesses if g.role != g.column]
    if ignored := [guess.column for guess in book.roles.ignore]:
        reason = _one_line(book.roles.ignore[0].reason)
        lines.append(f"ignore = {_toml_list(ignored)}  # {reason}")
    return "\n".join(["[columns]  # our name = your column", *lines]) if lines else ""


def _table_columns(guess: TableGuess) -> str:
    lines = [f"{name} = {toml_text(column)}" for name, column in guess.columns.items() if name != column]
    return "\n".join([f"[columns.{guess.table}]", *lines]) if lines else ""


def _read(guess: TableGuess) -> str:
    """Give how a table's cells are written, where not as everywhere."""
    reading = guess.reading
    lines = [f"{name} = {_toml_value(value)}" for name, value in reading.settings.items()]
    lines += [f"# {_one_line(hint)}" for hint in reading.hints]
    return "\n".join([f"[read.{guess.table}]", *lines]) if lines else ""


def _toml_value(value: Value) -> str:
    return toml_text(value) if isinstance(value, str) else _toml_list(value)


def _churn(book: BookGuess) -> str:
    """Say how churn shows where no contract tells it."""
    if book.is_flat or book.table("subscriptions"):
        return ""
    if "churned_on" in book.roles.columns:
        return '[churn]\nby = "column"  # churned_on of accounts says when'
    return (
        '[churn]  # no contracts: who leaves falls silent\nby = "inactivity"\n'
        "active_days = 180  # an account is a customer while its last activity is at most so old"
    )


def _labels(label_values: Mapping[str, LabelValues]) -> str:
    lines = [f"{label} = {{{_meanings(values)}}}" for label, values in label_values.items()]
    if any(values.is_exclude for values in label_values.values()):
        lines.insert(0, "# excluded accounts are scored, but nothing is learned from them")
    return "\n".join(["[labels]", *lines]) if lines else ""


def _meanings(values: LabelValues) -> str:
    parts = {"true": values.is_true, "false": values.is_false, "exclude": values.is_exclude}
    return ", ".join(f"{part} = {_toml_list(listed)}" for part, listed in parts.items() if listed)


def _units(book: BookGuess) -> str:
    lines = []
    if book.revenue_period != "year":
        lines.append(f"revenue_period = {toml_text(book.revenue_period)}")
    if book.currencies and book.currencies != ("USD",):
        lines.append(f"currency = {toml_text(book.currencies[0])}")
    if len(book.currencies) > 1:
        rates = ", ".join(f"{code} = 1.0" for code in book.currencies[1:])
        lines.append(f"# rates = {{{rates}}}  # what one unit is worth in {book.currencies[0]}: fill in")
    return "\n".join(["[units]", *lines]) if lines else ""


def _capacity(book: BookGuess, hours: float, hourly_cost: float | None, note: str) -> str:
    """Give the hours to spend, unless a team table tells them per owner, and their cost where it matters."""
    lines = []
    if not any(guess.table == "team" and "hours" in guess.columns for guess in book.tables):
        lines.append(f"hours = {hours:g}  # what the team can give to outreach in the next 90 days")
    if hourly_cost is not None:
        lines += [f"# {_one_line(note)}", f"hourly_cost = {hourly_cost:g}"]
    return "\n".join(["[capacity]", *lines]) if lines else ""


def _check(book: BookGuess) -> str:
    if not book.leaks:
        return ""
    lines = [f"# {_one_line(finding.explanation)}" for finding in book.leaks]
    lines.append('leakage = "set_aside"  # train without these columns; "refuse" stops instead')
    return "\n".join(["[check]", *lines])


def _one_line(text: str) -> str:
    """Keep a comment a comment, whatever a column is called."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
