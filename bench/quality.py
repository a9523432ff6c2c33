"""Our propensities against the rivals on the five clean sets, on the same folds.

Run ``python bench/quality.py`` for telco, ``--all`` for every set. Reads ../shared/data; where that
is missing it says so and prints nothing else.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score

from standfast.features.encode import encode, learn_encoding
from standfast.propensity.outer import out_of_fold_probability
from standfast.propensity.recipe import Recipe

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SETS = ("telco", "maven", "mlc", "saas", "bank")
TELCO_BOUNDS = {"auc": 0.848, "log_loss": 0.413}
BETTER = {"auc": 1, "log_loss": -1}


@dataclass(frozen=True)
class Result:
    """Our figures on one set, fold by fold, and the best rival's on each metric."""

    name: str
    folds: dict[str, list[float]]
    rivals: dict[str, dict[str, Any]]

    def ours(self, metric: str) -> float:
        return float(np.mean(self.folds[metric]))

    def best_rival(self, metric: str) -> tuple[str, float]:
        """Name and figure of the best rival, on the same folds where they are known."""
        figures = {name: _figure(rival, metric) for name, rival in self.rivals.items()}
        best = max(figures, key=lambda name: BETTER[metric] * figures[name])
        return best, figures[best]

    def difference(self, metric: str) -> tuple[float, float | None]:
        """Ours less the best rival's, and the standard error over folds where its folds are known."""
        rival, value = self.best_rival(metric)
        theirs = _same_folds(self.rivals[rival], metric)
        if theirs is None:
            return self.ours(metric) - value, None
        off = np.array(self.folds[metric]) - np.array(theirs)
        return float(off.mean()), float(off.std(ddof=1) / np.sqrt(len(off)))


def _same_folds(rival: dict[str, Any], metric: str) -> list[float] | None:
    found: list[float] | None = rival.get("folds", {}).get("repeat_0", {}).get(metric)
    return found


def _figure(rival: dict[str, Any], metric: str) -> float:
    folds = _same_folds(rival, metric)
    return float(rival[metric]) if folds is None else float(np.mean(folds))


def measure(name: str, *, recipe: Recipe | None = None) -> Result:
    """Fit and judge on repeat 0 of the folds given."""
    book = pd.read_csv(DATA / name / f"{name}_clean.csv")
    encoding = learn_encoding(book, columns=[str(c) for c in book if c not in {"account_id", "churned"}])
    X, y = encode(book, encoding).matrix, book["churned"].to_numpy(dtype=float)
    given = pd.read_csv(DATA / "folds.csv.gz")
    given = given[(given["dataset"] == name) & (given["repeat"] == 0)].sort_values("row")
    folds = given["fold"].to_numpy()
    p = out_of_fold_probability(X, y, book["account_id"], encoding=encoding, recipe=recipe, folds=folds)
    parts = [folds == fold for fold in np.unique(folds)]
    return Result(
        name,
        {
            "auc": [roc_auc_score(y[part], p[part]) for part in parts],
            "log_loss": [log_loss(y[part], p[part]) for part in parts],
        },
        json.loads((DATA / "rivals.json").read_text())[name],
    )


def why_not() -> str | None:
    """Say why nothing can be measured; None where it can."""
    return None if DATA.is_dir() else f"skipped: {DATA.name} is not beside the project (../shared/data)"


def rows(*, every: bool = False) -> list[tuple[str, str, str]]:
    """Name, figure and bound of each measure: telco, or all five sets."""
    if why_not() is not None:
        return []
    return [line for name in (SETS if every else SETS[:1]) for line in _lines(measure(name))]


def _lines(result: Result) -> Iterator[tuple[str, str, str]]:
    for metric, sign in BETTER.items():
        rival, value = result.best_rival(metric)
        difference, error = result.difference(metric)
        spread = "" if error is None else f" +/- {error:.4f}"
        bound = f"{rival} {value:.4f}"
        if result.name == "telco":
            bound = f"{'at least' if sign > 0 else 'at most'} {TELCO_BOUNDS[metric]}; {bound}"
        figure = f"{result.ours(metric):.4f} ({difference:+.4f}{spread} to the best rival)"
        yield f"{result.name} {metric} out of fold", figure, bound


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="all five sets instead of telco alone")
    reason = why_not()
    if reason:
        print(reason)
        return
    for name, figure, bound in rows(every=parser.parse_args().all):
        print(f"{name:28} {figure:42} {bound}", flush=True)


if __name__ == "__main__":
    main()
