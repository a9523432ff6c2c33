"""A user's file of features, run as it stands: the user wrote it and the settings name it."""

import hashlib
import inspect
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from standfast.errors import InputError
from standfast.features.catalogue import FeatureMeaning
from standfast.features.own import OwnFeature, OwnFeatures


def read_own_features(path: Path) -> OwnFeatures:
    """Give the features that a Python file defines: its public functions, in order.

    The first line of a docstring says what a feature means, or "label: meaning". ``UNITS`` may give units by
    name, ``ZEROS`` names counts that are 0 where a function gives no row.

    Raises
    ------
    InputError
        There is no such file, it cannot be run, or it defines no feature.
    """
    try:
        code = path.read_bytes()
    except OSError as problem:
        raise InputError(
            f"{path}, which [book] features names, cannot be read ({problem.strerror}); its path is relative "
            "to the settings file"
        ) from problem
    names = _run(code, path)
    functions = _functions(names, module=path.stem)
    if not functions:
        raise InputError(
            f"{path} defines no feature; write functions such as: def weekend_logins(events, day): ..."
        )
    units, zeros = dict(names.get("UNITS", {})), tuple(names.get("ZEROS", ()))
    if unknown := sorted({*units, *zeros} - set(functions)):
        raise InputError(f"{path}: UNITS or ZEROS name {unknown}, and its features are {sorted(functions)}")
    features = tuple(
        OwnFeature(name, make, _meaning(name, make, unit=str(units.get(name, ""))), is_count=name in zeros)
        for name, make in functions.items()
    )
    return OwnFeatures(str(path), hashlib.sha256(code).hexdigest(), features)


def _run(code: bytes, path: Path) -> dict[str, Any]:
    """Run the file by itself, without leaving compiled code beside it."""
    module = ModuleType(path.stem)
    try:
        exec(compile(code, str(path), "exec"), module.__dict__)  # noqa: S102  (the user's own code, by name)
    except Exception as problem:
        line = getattr(problem, "lineno", None) or _line(problem, path)
        raise InputError(
            f"{path}, line {line}: {type(problem).__name__}: {problem}; mend it, or take [book] features out"
        ) from problem
    return module.__dict__


def _line(problem: Exception, path: Path) -> int | None:
    """Give the line of the file in which it went wrong."""
    lines = [
        frame.lineno for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == str(path)
    ]
    return lines[-1] if lines else None


def _functions(names: Mapping[str, Any], *, module: str) -> dict[str, Callable[..., Any]]:
    """Give the functions that are the file's own, not what it imported."""
    return {
        name: value
        for name, value in names.items()
        if inspect.isfunction(value) and value.__module__ == module and not name.startswith("_")
    }


def _meaning(name: str, make: Callable[..., Any], *, unit: str) -> FeatureMeaning:
    """Read "label: meaning" off the docstring's first line; the label is the name in words otherwise."""
    first_line = (inspect.getdoc(make) or "a feature of your own").splitlines()[0].strip()
    label, colon, meaning = first_line.partition(": ")
    if not colon:
        label, meaning = name.replace("_", " "), first_line
    return FeatureMeaning(label, unit, meaning, family="product")
