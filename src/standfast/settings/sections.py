"""Sections of a settings file into dataclasses, with errors that name the key and show the value."""

import dataclasses
import difflib
from collections.abc import Mapping
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from standfast.errors import SettingsError


def as_section(where: str, said: Any, source: str) -> Mapping[str, Any]:
    """Give a section of the file, once it is one."""
    if not isinstance(said, Mapping):
        raise SettingsError(f"{source}: {where} = {said!r} should be a section [{where}]")
    return said


def read_section(kind: Any, values: Mapping[str, Any], *, where: str, source: str) -> Any:
    """Give a section as its dataclass.

    Raises
    ------
    SettingsError
        A key is unknown (the nearest is named), or a value is impossible.
    """
    _refuse_unknown_within(kind, values, where=where, source=source)
    try:
        return TypeAdapter(kind).validate_python(dict(values))
    except ValidationError as problem:
        first = problem.errors()[0]
        key = ".".join([where, *(str(part) for part in first["loc"])])
        raise SettingsError(f"{source}: {key} = {first['input']!r} is impossible: {first['msg']}") from None


def _refuse_unknown_within(kind: Any, values: Mapping[str, Any], *, where: str, source: str) -> None:
    """Refuse unknown keys of a section and of the dataclasses inside it."""
    fields = {f.name for f in dataclasses.fields(kind)}
    refuse_unknown(values, fields, where=where, source=source)
    for name, hint in get_type_hints(kind).items():
        if not isinstance(values.get(name), Mapping):
            continue
        if dataclasses.is_dataclass(hint):
            _refuse_unknown_within(hint, values[name], where=f"{where}.{name}", source=source)
        for key, said in values[name].items() if (each := _each(hint)) else ():
            if isinstance(said, Mapping):
                _refuse_unknown_within(each, said, where=f"{where}.{name}.{key}", source=source)


def _each(hint: Any) -> Any:
    """Give the dataclass that each entry of a section with free names holds, such as limits per owner."""
    for part in (hint, *get_args(hint)):
        if get_origin(part) is Mapping and dataclasses.is_dataclass(get_args(part)[1]):
            return get_args(part)[1]
    return None


def refuse_unknown(values: Mapping[str, Any], known: set[str], *, where: str, source: str) -> None:
    """Refuse keys that are not among those known."""
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.0)
            hint = f"; the nearest known key is {near[0]!r}" if near else ""
            place = f"[{where}] " if where else ""
            raise SettingsError(f"{source}: unknown key {place}{key!r}{hint}")
