"""Symmetric trees beside free ones out of time, in small books: draws of accounts of two real books.

Each draw learns from its accounts' older dates, and is judged on all accounts' newest date (0040). Reads
../shared/data; prints nothing where that is missing.
"""

from collections.abc import Iterator

import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

from bench.out_of_time import DATES, Task, tasks
from standfast.propensity.model import fit_propensity
from standfast.propensity.recipe import Recipe

N_DRAWS, N_ACCOUNTS = 8, 1_200
FIGURES = {"auc": roc_auc_score, "log_loss": log_loss}


def rows() -> Iterator[tuple[str, str, str]]:
    """Name, figure and bound of each measure."""
    for name in DATES:
        for task in tasks(name):
            off = np.array([_differences(task, draw) for draw in range(N_DRAWS)])
            errors = off.std(axis=0, ddof=1) / np.sqrt(N_DRAWS)
            told = "; ".join(
                f"{metric} {mean:+.4f} +/- {error:.4f}"
                for metric, mean, error in zip(FIGURES, off.mean(axis=0), errors, strict=True)
            )
            yield (
                f"{task.name}, symmetric trees tried less not tried",
                told,
                "auc not below 0, log_loss not above",
            )


def _differences(task: Task, draw: int) -> list[float]:
    """Give each figure with symmetric trees tried less that without, learned from one draw of accounts."""
    known = np.unique(task.accounts)
    chosen = np.random.default_rng(draw).choice(known, min(N_ACCOUNTS, len(known)), replace=False)
    learn = task.learn & np.isin(task.accounts, chosen)
    y = task.y[task.test]
    without, tried = (
        fit_propensity(
            task.learnable.matrix[learn], task.y[learn], task.accounts[learn],
            encoding=task.learnable.encoding, recipe=Recipe(symmetric_rows=n_rows, seed=draw + 1),
        ).probability(task.learnable.matrix[task.test])
        for n_rows in (0, Recipe().symmetric_rows)
    )  # fmt: skip
    return [figure(y, tried) - figure(y, without) for figure in FIGURES.values()]


def main() -> None:
    for name, figure, bound in rows():
        print(f"{name:70} {figure:56} {bound}", flush=True)


if __name__ == "__main__":
    main()
