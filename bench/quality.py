"""Our propensities against the rivals on the five clean sets, on the same folds.

Run ``python -m bench.quality`` for telco, ``--all`` for every set and each rival; ``--repeat 1`` or ``both``
for other folds than those that choices were made on. Reads ../shared/data; where
that is missing it says so and prints nothing else. Rivals' seconds were taken on another busy machine.
"""

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata, t
from sklearn.metrics import log_loss, roc_auc_score

from standfast.features.encode import encode, learn_encoding
from standfast.propensity.outer import out_of_fold_probability
from standfast.propensity.recipe import Recipe

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SETS = ("telco", "maven", "mlc", "saas", "bank")
TELCO_BOUNDS = {"auc": 0.848, "log_loss": 0.413}
BETTER = {"auc": 1, "log_loss": -1}
REPEATS = {"0": (0,), "1": (1,), "both": (0, 1)}
CLOSE = 0.002
"""How far behind the best rival a figure may lie, or one standard error where that is more."""


@dataclass(frozen=True)
class Difference:
    """Ours less a rival's; the standard error over folds is None where the rival's folds are not known."""

    value: float
    error: float | None
    n_folds: int

    def __str__(self) -> str:
        if self.error is None:
            return f"{self.value:+.4f}"
        reach = float(t.ppf(0.975, self.n_folds - 1)) * self.error
        return f"{self.value:+.4f}, {self.value - reach:+.4f} to {self.value + reach:+.4f}"

    def is_close(self, metric: str) -> bool:
        """Whether ours is level with the rival's, or near enough."""
        return BETTER[metric] * self.value >= -max(CLOSE, self.error or 0.0)


@dataclass(frozen=True)
class Result:
    """Our figures on one set, fold by fold, the seconds of processor time a fit took, and the rivals'."""

    name: str
    folds: dict[str, list[float]]
    rivals: dict[str, dict[str, Any]]
    fit_seconds: float
    repeats: tuple[int, ...] = (0,)

    def ours(self, metric: str) -> float:
        return float(np.mean(self.folds[metric]))

    def best_rival(self, metric: str) -> str:
        """Name of the best rival, on the same folds where they are known."""
        return max(self.rivals, key=lambda name: BETTER[metric] * self.theirs(name, metric))

    def theirs(self, rival: str, metric: str) -> float:
        folds = _same_folds(self.rivals[rival], metric, repeats=self.repeats)
        return float(self.rivals[rival][metric] if folds is None else np.mean(folds))

    def difference(self, rival: str, metric: str) -> Difference:
        """Ours less that rival's, paired over the folds."""
        n_folds = len(self.folds[metric])
        theirs = _same_folds(self.rivals[rival], metric, repeats=self.repeats)
        if theirs is None:
            return Difference(self.ours(metric) - self.theirs(rival, metric), None, n_folds)
        off = np.array(self.folds[metric]) - np.array(theirs)
        return Difference(float(off.mean()), float(off.std(ddof=1) / np.sqrt(n_folds)), n_folds)

    def rank(self, metric: str) -> tuple[float, int]:
        """Our place among all, the best first, and how many there are."""
        figures = [self.ours(metric), *(self.theirs(name, metric) for name in self.rivals)]
        return float(rankdata([-BETTER[metric] * value for value in figures])[0]), len(figures)


def _same_folds(rival: dict[str, Any], metric: str, *, repeats: tuple[int, ...]) -> list[float] | None:
    """Give a rival's figures fold by fold; None where it did not run on each of the repeats."""
    found = [rival.get("folds", {}).get(f"repeat_{repeat}", {}).get(metric) for repeat in repeats]
    return None if None in found else [figure for folds in found for figure in folds]


def measure(name: str, *, recipe: Recipe | None = None, repeats: tuple[int, ...] = (0,)) -> Result:
    """Fit and judge on repeats of the folds given; on others than 0 beside the rivals that ran there."""
    book = pd.read_csv(DATA / name / f"{name}_clean.csv")
    encoding = learn_encoding(book, columns=[str(c) for c in book if c not in {"account_id", "churned"}])
    X, y = encode(book, encoding).matrix, book["churned"].to_numpy(dtype=float)
    figures: dict[str, list[float]] = {"auc": [], "log_loss": []}
    start = time.process_time()
    for repeat in repeats:
        folds = folds_of(name, repeat=repeat)
        p = out_of_fold_probability(X, y, book["account_id"], encoding=encoding, recipe=recipe, folds=folds)
        for metric, values in fold_figures(p, y, folds).items():
            figures[metric] += values
    seconds = (time.process_time() - start) / len(figures["auc"])
    rivals = json.loads((DATA / "rivals.json").read_text())[name]
    there = {
        key: one for key, one in rivals.items() if repeats == (0,) or _same_folds(one, "auc", repeats=repeats)
    }
    return Result(name, figures, there, seconds, repeats)


def folds_of(name: str, *, repeat: int = 0) -> NDArray[np.int64]:
    """Fold of each row of a set, as given."""
    given = pd.read_csv(DATA / "folds.csv.gz")
    rows = given[(given["dataset"] == name) & (given["repeat"] == repeat)].sort_values("row")
    return np.asarray(rows["fold"])


def fold_figures(
    p: NDArray[np.float64], y: NDArray[np.float64], folds: NDArray[np.int64]
) -> dict[str, list[float]]:
    """AUC and log loss, fold by fold; a rival that is sure and wrong loses 16 and not more."""
    parts = [folds == fold for fold in np.unique(folds)]
    kept = np.clip(p, 1e-7, 1 - 1e-7)
    return {
        "auc": [float(roc_auc_score(y[part], p[part])) for part in parts],
        "log_loss": [float(log_loss(y[part], kept[part])) for part in parts],
    }


def why_not() -> str | None:
    """Say why nothing can be measured; None where it can."""
    return None if DATA.is_dir() else f"skipped: {DATA.name} is not beside the project (../shared/data)"


def rows(
    *, every: bool = False, recipe: Recipe | None = None, repeats: tuple[int, ...] = (0,)
) -> Iterator[tuple[str, str, str]]:
    """Name, figure and bound of each measure: telco, or all five sets."""
    if why_not() is not None:
        return
    results = []
    for name in SETS if every else SETS[:1]:
        results.append(measure(name, recipe=recipe, repeats=repeats))
        yield from lines(results[-1])
    if every:
        yield from overall(results)


def lines(result: Result) -> Iterator[tuple[str, str, str]]:
    """Each figure of a set beside the best rival's, and what a fit took."""
    for metric, sign in BETTER.items():
        rival = result.best_rival(metric)
        difference = result.difference(rival, metric)
        verdict = "close enough" if difference.is_close(metric) else "BEHIND"
        bound = f"within {CLOSE} or one standard error of {rival} {result.theirs(rival, metric):.4f}"
        if result.name == "telco":
            bound = f"{'at least' if sign > 0 else 'at most'} {TELCO_BOUNDS[metric]}; {bound}"
        yield f"{result.name} {metric}", f"{result.ours(metric):.4f} ({difference}): {verdict}", bound
    timed = {
        name: rival["fit_s"]
        for name, rival in result.rivals.items()
        if rival.get("fit_s") and ("autogluon" in name or name in {"catboost", "lgbm_default", "lgbm_bag5"})
    }
    said = ", ".join(f"{name} {seconds:.1f}" for name, seconds in timed.items())
    yield f"{result.name} seconds a fit", f"{result.fit_seconds:.1f} of processor time", said


def overall(results: list[Result]) -> Iterator[tuple[str, str, str]]:
    """Each rival over the sets it was run on, and our mean rank."""
    for rival in sorted({name for result in results for name in result.rivals}):
        on = [result for result in results if rival in result.rivals]
        figures = {metric: _mean_difference(on, rival, metric) for metric in BETTER}
        said = "; ".join(f"{metric} {figure}" for metric, figure in figures.items())
        better = all(BETTER[metric] * figure.value > 0 for metric, figure in figures.items())
        yield f"against {rival} on {len(on)} sets", said, f"better: {'yes' if better else 'NO'}"
    for metric in BETTER:
        ranks = [result.rank(metric) for result in results]
        said = ", ".join(f"{rank:g} of {n}" for rank, n in ranks)
        yield f"mean rank by {metric}", f"{np.mean([rank for rank, _ in ranks]):.1f} ({said})", "1"


def _mean_difference(results: Iterable[Result], rival: str, metric: str) -> Difference:
    """Mean over sets; its error, where each set's is known, is that of a mean of independent sets."""
    found = [result.difference(rival, metric) for result in results]
    errors = [difference.error for difference in found if difference.error is not None]
    error = float(np.sqrt(np.square(errors).sum())) / len(found) if len(errors) == len(found) else None
    n_folds = sum(difference.n_folds - 1 for difference in found) + 1
    return Difference(float(np.mean([difference.value for difference in found])), error, n_folds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="all five sets and each rival, not telco alone")
    parser.add_argument("--free", action="store_true", help="without symmetric trees (0040)")
    parser.add_argument("--repeat", choices=REPEATS, default="0", help="which repeat of the folds")
    asked = parser.parse_args()
    reason = why_not()
    if reason:
        print(reason)
        return
    recipe = Recipe(symmetric_rows=0) if asked.free else None
    for name, figure, bound in rows(every=asked.all, recipe=recipe, repeats=REPEATS[asked.repeat]):
        print(f"{name:44} {figure:58} {bound}", flush=True)


if __name__ == "__main__":
    main()
