"""A fitted propensity: the calibrated probability of one outcome, with its intervals and reasons."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import numpy as np
from lightgbm.basic import LightGBMError
from numpy.typing import NDArray
from scipy.special import expit

from standfast.errors import StateError
from standfast.features.matrix_rows import MatrixRows
from standfast.propensity.additive import Additive
from standfast.propensity.blend import Blend
from standfast.propensity.interval import Interval
from standfast.propensity.ladder import Rung
from standfast.propensity.target_encoding import TargetEncoding
from standfast.propensity.trees import Trees

SCHEMA = 2
"""Version of the files; a model of another version is refused, not guessed at."""

_READABLE = (1, SCHEMA)
"""Schema 1 had no calibration curve, and is otherwise the same."""

_BLOCK_ROWS = 16_384
"""Rows scored at a time, so that a block's columns stay in the processor's cache."""


@dataclass(frozen=True)
class Propensity:
    """Probability of one outcome per row of an encoded matrix; a row's value never depends on its neighbours.

    ``importances`` is each column's share of the mean absolute contribution over training rows.
    """

    rung: Rung
    names: tuple[str, ...]
    additive: Additive
    trees: Trees | None
    blend: Blend
    intervals: Interval
    base_rate: float
    n_rows: int
    n_accounts: int
    n_events: int
    importances: tuple[float, ...]
    warnings: tuple[str, ...]

    def log_odds(self, X: NDArray[np.float64] | MatrixRows, *, n_threads: int = 1) -> NDArray[np.float64]:
        """Calibrated log-odds of each row."""
        if not len(X):
            return np.zeros(0)
        if isinstance(X, MatrixRows):
            return X.by_block(partial(self.log_odds, n_threads=n_threads))
        additive = _score_in_blocks(self.additive, X, n_threads=n_threads)
        if self.trees is None:
            return self.blend.score((additive,))
        return self.blend.score((additive, self.trees.score(X, n_threads=n_threads)))

    def probability(self, X: NDArray[np.float64] | MatrixRows, *, n_threads: int = 1) -> NDArray[np.float64]:
        """Calibrated probability of each row."""
        found: NDArray[np.float64] = expit(self.log_odds(X, n_threads=n_threads))
        return found

    def shifted(self, shift: float) -> "Propensity":
        """Give the propensity with its level moved by ``shift`` log-odds; the order of rows stays."""
        return replace(self, blend=self.blend.shifted(shift), intervals=self.intervals.shifted(shift))

    def interval(self, probability: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Low and high end of each probability, from what happened to accounts of like probability."""
        return self.intervals.of(probability)

    def contributions(
        self, X: NDArray[np.float64], *, n_threads: int = 1
    ) -> tuple[float, NDArray[np.float64]]:
        """Give the base and one value per row and column; each row adds up to its probability's log-odds."""
        return _contributions(self.additive, self.trees, self.blend, X, n_threads=n_threads)

    def importance(self) -> dict[str, float]:
        """Share of each column in what moves the probabilities, the largest first."""
        pairs = zip(self.names, self.importances, strict=True)
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def to_files(self) -> dict[str, str]:
        """Text of each file of the model, by name: JSON and LightGBM text, nothing executable."""
        about = {
            "schema": SCHEMA,
            "rung": self.rung,
            "names": list(self.names),
            "base_rate": self.base_rate,
            "n_rows": self.n_rows,
            "n_accounts": self.n_accounts,
            "n_events": self.n_events,
            "importances": list(self.importances),
            "warnings": list(self.warnings),
            "n_models": len(self.trees.models) if self.trees else 0,
        }
        files = {
            "propensity.json": _json(about),
            "additive.json": _json(self.additive.to_dict()),
            "blend.json": _json(self.blend.to_dict()),
            "interval.json": _json(self.intervals.to_dict()),
        }
        if self.trees is not None:
            files["target_encoding.json"] = _json(self.trees.target_encoding.to_dict())
            files |= {f"trees-{number}.txt": text for number, text in enumerate(self.trees.models)}
        return files

    @classmethod
    def from_files(cls, files: Mapping[str, str]) -> "Propensity":
        """Read back what ``to_files`` gave.

        Raises
        ------
        StateError
            Where a file is missing, unreadable or of another version.
        """
        about = _read(files, "propensity.json")
        if about.get("schema") not in _READABLE:
            raise StateError(
                f"propensity.json has schema {about.get('schema')!r}, this version reads {SCHEMA}; "
                "train again"
            )
        try:
            return cls(
                rung=about["rung"],
                names=tuple(about["names"]),
                additive=Additive.from_dict(_read(files, "additive.json")),
                trees=_read_trees(files, about["n_models"]),
                blend=Blend.from_dict(_read(files, "blend.json")),
                intervals=Interval.from_dict(_read(files, "interval.json")),
                base_rate=about["base_rate"],
                n_rows=about["n_rows"],
                n_accounts=about["n_accounts"],
                n_events=about["n_events"],
                importances=tuple(about["importances"]),
                warnings=tuple(about["warnings"]),
            )
        except (KeyError, TypeError) as error:
            raise StateError(f"the model's files lack {error}; train again") from error


def _score_in_blocks(additive: Additive, X: NDArray[np.float64], *, n_threads: int) -> NDArray[np.float64]:
    if len(X) <= _BLOCK_ROWS:
        return additive.score(X)
    blocks = [X[start : start + _BLOCK_ROWS] for start in range(0, len(X), _BLOCK_ROWS)]
    if n_threads == 1:
        return np.concatenate([additive.score(block) for block in blocks])
    with ThreadPoolExecutor(n_threads) as pool:
        return np.concatenate(list(pool.map(additive.score, blocks)))


def _contributions(
    additive: Additive, trees: Trees | None, blend: Blend, X: NDArray[np.float64], *, n_threads: int
) -> tuple[float, NDArray[np.float64]]:
    base = blend.intercept + blend.weights[0] * additive.intercept
    matrix = blend.weights[0] * additive.contributions(X)
    if trees is not None and len(X):
        by_tree = trees.contributions(X, n_threads=n_threads)
        base += blend.weights[1] * float(by_tree[0, -1])
        matrix += blend.weights[1] * by_tree[:, :-1]
    return blend.share_out(base, matrix)


def importances(
    additive: Additive, trees: Trees | None, blend: Blend, X: NDArray[np.float64], *, n_threads: int
) -> tuple[float, ...]:
    """Share of each column in the mean absolute contribution over the rows."""
    _, matrix = _contributions(additive, trees, blend, X, n_threads=n_threads)
    size = np.abs(matrix).mean(axis=0)
    return tuple((size / size.sum() if size.sum() > 0 else size).tolist())


def _read_trees(files: Mapping[str, str], n_models: int) -> Trees | None:
    if not n_models:
        return None
    encoding = TargetEncoding.from_dict(_read(files, "target_encoding.json"))
    names = [f"trees-{number}.txt" for number in range(n_models)]
    try:
        return Trees(tuple(files[name] for name in names), encoding)
    except LightGBMError as error:
        raise StateError(f"{names} are not readable ({error}); train again") from error


def _read(files: Mapping[str, str], name: str) -> dict[str, Any]:
    if name not in files:
        raise StateError(f"the model lacks its file {name}; train again")
    try:
        return cast("dict[str, Any]", json.loads(files[name]))
    except json.JSONDecodeError as error:
        raise StateError(f"{name} is not readable ({error}); train again") from error


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, indent=1, allow_nan=False) + "\n"
