"""Reading a settings file: TOML to validated values, with errors that name the key and show the value."""

import dataclasses
import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, available_timezones

from standfast.decision.alert_policy import ALERT_TYPES, AlertPolicy
from standfast.decision.expression import parse_expression
from standfast.decision.matrix_policy import CellChange, MatrixPolicy, build_matrix
from standfast.decision.named_segments import NAMED_SEGMENTS, UNCLEAR, NamedSegment
from standfast.errors import InputError, SettingsError
from standfast.features.label_values import LabelValues
from standfast.features.read_policy import MONEY_COLUMNS, RECURRING_COLUMN, ReadPolicy
from standfast.schema import ACCOUNT_ID, LABELS, RECORDS, TABLES
from standfast.settings.address import without_password
from standfast.settings.plays_section import read_plays
from standfast.settings.sections import as_section, read_section, refuse_unknown
from standfast.settings.values import Columns, Settings

DEFAULT_FILE = Path("standfast.toml")

NOT_SECTIONS = {"folder", "source", "given"}


def load_settings(path: Path | None = None) -> Settings:
    """Give the settings of a file; without one, ``standfast.toml`` if it is there, else the defaults.

    Raises
    ------
    SettingsError
        The file is missing or not TOML, a key is unknown (the nearest known one is named), or a value
        is impossible.
    """
    if path is None:
        return load_settings(DEFAULT_FILE) if DEFAULT_FILE.exists() else Settings()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise SettingsError(
            f"settings file {path} cannot be read ({problem.strerror}); "
            "give --settings FILE, or make one with: standfast init YOUR_TABLE.csv"
        ) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsError(f"settings file {path} is not valid TOML: {problem}") from problem
    return build_settings(values, folder=path.parent, source=str(path))


def build_settings(
    values: Mapping[str, Any], *, folder: Path = Path(), source: str = "the settings"
) -> Settings:
    """Give validated settings from plain values as TOML holds them.

    Raises
    ------
    SettingsError
        A key is unknown or a value is impossible; the message names the key and shows the value.
    """
    sections = {f.name for f in dataclasses.fields(Settings)} - NOT_SECTIONS
    refuse_unknown(values, sections, where="", source=source)
    hints = get_type_hints(Settings)
    built: dict[str, Any] = {"folder": folder, "source": source, "given": _storable(values)}
    built["matrix"] = _matrix(values.get("matrix", {}), source=source)
    matrix = build_matrix(built["matrix"])
    for name, value in values.items():
        as_section(name, value, source)
        if name == "columns":
            built[name] = _columns(value, source=source)
        elif name == "labels":
            built[name] = _labels(value, source=source)
        elif name == "read":
            built[name] = _read(value, values.get("book"), source=source)
        elif name == "segments":
            own = (_segment(str(key), said, matrix.segments, source=source) for key, said in value.items())
            built[name] = tuple(own)
        elif name == "plays":
            built[name] = read_plays(value, matrix, source=source)
        elif name == "alerts":
            built[name] = read_section(AlertPolicy, _alerts(value), where=name, source=source)
        elif name != "matrix":
            built[name] = read_section(hints[name], value, where=name, source=source)
    return Settings(**built)


def _matrix(values: Any, *, source: str) -> MatrixPolicy:
    """Give what the team says of the matrix, once it is known that a matrix can be made of it."""
    cells = as_section("matrix.cells", as_section("matrix", values, source).get("cells", {}), source)
    changes = {}
    for name, said in cells.items():
        where = f"matrix.cells.{name}"
        changes[name] = read_section(CellChange, as_section(where, said, source), where=where, source=source)
    policy: MatrixPolicy = read_section(MatrixPolicy, {**values, "cells": {}}, where="matrix", source=source)
    policy = dataclasses.replace(policy, cells=changes)
    try:
        segments = build_matrix(policy).segments
    except InputError as problem:
        raise SettingsError(f"{source}: {problem}") from None
    if taken := sorted({*segments} & {UNCLEAR, *(segment.name for segment in NAMED_SEGMENTS)}):
        raise SettingsError(
            f"{source}: [matrix.cells] calls a segment {taken[0]!r}, which is the name of a named segment; "
            "choose another"
        )
    return policy


def _alerts(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is said of each type of alert over the type's own defaults."""
    own = {name: dataclasses.asdict(getattr(AlertPolicy(), name)) for name in ALERT_TYPES}
    return {
        name: {**own[name], **said} if name in own and isinstance(said, Mapping) else said
        for name, said in values.items()
    }


def _segment(name: str, said: Any, taken: tuple[str, ...], *, source: str) -> NamedSegment:
    """Give a named segment of the team's own, or a known one with what the team changes of it."""
    where = f"segments.{name}"
    as_section(where, said, source)
    if name in {*taken, UNCLEAR, ""} or "name" in said:
        raise SettingsError(f"{source}: [{where}] is the name of another segment; choose one of your own")
    read = read_section(NamedSegment, {"name": name, **said}, where=where, source=source)
    known = {segment.name: segment for segment in NAMED_SEGMENTS}
    if "where" in said:
        try:
            parse_expression(read.where)
        except InputError as problem:
            raise SettingsError(f"{source}: [{where}] {problem}") from None
    elif name not in known and not read.accounts:
        near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.0)[0]
        raise SettingsError(
            f'{source}: [{where}] needs where = "..." or accounts = {{ID = "reason"}}; '
            f"of those that are there, {near!r} is the nearest"
        )
    own = NamedSegment(name=name, meaning=f"Accounts where {read.where}" if read.where else "Chosen by hand")
    return dataclasses.replace(known.get(name, own), **{key: getattr(read, key) for key in said})


def _storable(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the values as bundles and records may hold them: no password."""
    kept = dict(values)
    for section, key in (("book", "database"), ("paths", "ledger")):
        said = values.get(section)
        told = said.get(key) if isinstance(said, Mapping) else None
        if isinstance(said, Mapping) and isinstance(told, str) and (key == "database" or "://" in told):
            kept[section] = {**said, key: without_password(told)}
    return kept


def _columns(values: Mapping[str, Any], *, source: str) -> Columns:
    known = set(TABLES["accounts"].names) | set(LABELS) | set(TABLES) | {"ignore", "categorical", *RECORDS}
    known |= {"observation_date", "upsell_value"}
    refuse_unknown(values, known, where="columns", source=source)
    lists = {key: _names(values.get(key, []), key=key, source=source) for key in ("ignore", "categorical")}
    plain = {k: v for k, v in values.items() if not isinstance(v, Mapping) and k not in lists}
    tables = {k: dict(v) for k, v in values.items() if isinstance(v, Mapping)}
    for table, mapping in tables.items():
        roles = TABLES.get(table) or RECORDS.get(table)
        if roles is None:
            raise SettingsError(f"{source}: [columns.{table}] is not a table; known: {', '.join(TABLES)}")
        refuse_unknown(mapping, set(roles.names), where=f"columns.{table}", source=source)
    plain.update(tables.pop("accounts", {}))
    for key, value in [*plain.items(), *((f"{t}.{k}", v) for t, m in tables.items() for k, v in m.items())]:
        if not isinstance(value, str):
            raise SettingsError(f"{source}: columns.{key} = {value!r} should be the name of a column")
    return Columns(plain, tables, **lists)


def _names(value: Any, *, key: str, source: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SettingsError(f"{source}: columns.{key} = {value!r} should be a list of column names")
    return tuple(value)


def _labels(values: Mapping[str, Any], *, source: str) -> dict[str, LabelValues]:
    refuse_unknown(values, set(LABELS), where="labels", source=source)
    for name, value in values.items():
        if not isinstance(value, Mapping):
            raise SettingsError(
                f"{source}: labels.{name} = {value!r} should be {{true = [...], false = [...]}}"
            )
        refuse_unknown(value, {"true", "false", "exclude"}, where=f"labels.{name}", source=source)
        for part, listed in value.items():
            if not isinstance(listed, list):
                raise SettingsError(f"{source}: labels.{name}.{part} = {listed!r} should be a list of values")
    return {
        name: LabelValues(**{f"is_{part}": tuple(map(str, listed)) for part, listed in value.items()})
        for name, value in values.items()
    }


def _read(values: Mapping[str, Any], book: Any, *, source: str) -> dict[str, ReadPolicy]:
    refuse_unknown(values, set(TABLES), where="read", source=source)
    policies = {}
    for table, value in values.items():
        where = f"read.{table}"
        policies[table] = read_section(
            ReadPolicy, as_section(where, value, source), where=where, source=source
        )
        _refuse_unfit(table, policies[table], source=source)
        if policies[table].identifier and not (isinstance(book, Mapping) and book.get("identifiers")):
            raise SettingsError(
                f"{source}: [read.{table}] identifier needs the table that maps ids: "
                'write identifiers = "FILE.csv" under [book]'
            )
    return policies


def _refuse_unfit(table: str, policy: ReadPolicy, *, source: str) -> None:
    """Refuse what a table cannot mean: it has no such column, no money, or money for no period."""
    refuse_unknown(dict.fromkeys(policy.cents), _numbers(table), where=f"read.{table} cents", source=source)
    money = ("quantity", "currency") if table not in MONEY_COLUMNS else ()
    recurring = ("amount_period", "interval", "interval_count") if table not in RECURRING_COLUMN else ()
    identifier = ("identifier",) if ACCOUNT_ID not in TABLES[table].names else ()
    for key in (*money, *recurring, *identifier):
        if getattr(policy, key) is not None:
            raise SettingsError(f"{source}: [read.{table}] {key}: {table} holds {_LACKS[key]}; take it out")
    if policy.interval_count and not policy.interval:
        raise SettingsError(f"{source}: [read.{table}] interval_count needs interval, which it multiplies")
    try:
        ZoneInfo(policy.time_zone)
    except (KeyError, ValueError, OSError):
        near = difflib.get_close_matches(policy.time_zone, sorted(available_timezones()), n=1, cutoff=0.0)
        raise SettingsError(
            f"{source}: [read.{table}] time_zone = {policy.time_zone!r} is unknown; the nearest known one is "
            f"{near[0]!r}"
        ) from None


def _numbers(table: str) -> set[str]:
    return {column.name for column in TABLES[table].columns if column.kind == "number"}


_LACKS = {
    **dict.fromkeys(("quantity", "currency"), "no money"),
    **dict.fromkeys(("amount_period", "interval", "interval_count"), "no money per period"),
    "identifier": "no account ids",
}
"""What a table must hold for a key of ``[read.TABLE]`` to mean anything."""
