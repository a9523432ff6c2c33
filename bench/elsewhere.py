"""Our propensities on other people's tables, those that R packages ship, against rivals fitted beside them.

Nothing of the recipe was chosen on them, but for the straight tables of the logistic part (0034), which were
looked at on some. Where its packages are there, R writes them as CSV files::

    Rscript -e '
      for (n in commandArgs(TRUE)) {
        data(list = n, package = c("modeldata", "mlbench", "AER", "kernlab"))
        write.csv(get(n), paste0(n, ".csv"), row.names = FALSE)
      }' attrition credit_data lending_club cells PimaIndiansDiabetes2 HMDA SwissLabor PSID1976 CreditCard \
      ResumeNames HealthInsurance SmokeBan spam ticdata NMES1988 DoctorVisits

``BENCH_TABLES=FOLDER python -m bench elsewhere`` then compares; CatBoost takes part where it is installed.
Without the folder nothing is printed.
"""

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import lightgbm as lgb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from bench.quality import Result, fold_figures, lines, overall
from standfast.features.encode import encode, learn_encoding
from standfast.propensity.outer import out_of_fold_probability

FOLDER = os.environ.get("BENCH_TABLES")
N_FOLDS = 5
Floats = NDArray[np.float64]
Rival = Callable[[pd.DataFrame, Floats, pd.DataFrame], Floats]
"""Learns from rows and their outcomes, and gives the probability of other rows."""


class Table(NamedTuple):
    """The outcome's column, the value that counts, and columns that know it or are no features.

    Rows alike in the columns ``together`` share a fold: they are of one origin, which could be recognised.
    """

    label: str
    event: str
    left_out: tuple[str, ...] = ()
    together: tuple[str, ...] = ()


JOB_OFFER = (
    "city", "minimum", "equal", "wanted", "requirements", "reqexp", "reqcomm", "reqeduc", "reqcomp", "reqorg",
    "industry",
)  # fmt: skip
"""What tells a job offer; several of the letters went to each."""

TABLES = {
    "attrition": Table("Attrition", "Yes"),
    "credit_data": Table("Status", "bad"),
    "lending_club": Table("Class", "bad"),
    "cells": Table("class", "PS", ("case",)),
    "PimaIndiansDiabetes2": Table("diabetes", "pos"),
    "HMDA": Table("deny", "yes"),
    "SwissLabor": Table("participation", "yes"),
    "PSID1976": Table("participation", "yes", ("hours", "wage", "repwage")),
    "CreditCard": Table("card", "no", ("share", "expenditure")),
    "ResumeNames": Table("call", "yes", ("name",), JOB_OFFER),
    "HealthInsurance": Table("insurance", "no"),
    "SmokeBan": Table("smoker", "yes"),
    "spam": Table("type", "spam"),
    "ticdata": Table("CARAVAN", "insurance"),
    "NMES1988": Table("insurance", "no"),
    "DoctorVisits": Table("private", "yes"),
}
SMALL = {
    "num_leaves": 15, "max_depth": 5, "learning_rate": 0.03, "min_data_in_leaf": 20, "lambda_l2": 5,
    "feature_fraction": 0.7, "bagging_fraction": 0.8, "bagging_freq": 1,
}  # fmt: skip


def rows() -> Iterator[tuple[str, str, str]]:
    """Name, figure and bound of each measure."""
    results = []
    for name, table in TABLES.items():
        path = Path(FOLDER or ".") / f"{name}.csv"
        if FOLDER is None or not path.is_file():
            continue
        results.append(measure(name, table, pd.read_csv(path)))
        yield from lines(results[-1])
    if results:
        yield from overall(results)


def measure(name: str, table: Table, book: pd.DataFrame) -> Result:
    """Fit ours and every rival on the same folds."""
    y = book[table.label].astype(str).eq(table.event).to_numpy(dtype=float)
    told = book.drop(columns=[table.label, *table.left_out])
    groups = _groups(told, table)
    folds = np.zeros(len(y), dtype=np.int64)
    dealt = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=1).split(told, y, groups)
    for fold, (_, held) in enumerate(dealt):
        folds[held] = fold
    encoding = learn_encoding(told, columns=list(told))
    start = time.process_time()
    ours = out_of_fold_probability(encode(told, encoding).matrix, y, groups, encoding=encoding, folds=folds)
    seconds = (time.process_time() - start) / N_FOLDS
    rivals = {
        rival: fold_figures(_out_of_fold(fit, told, y, folds), y, folds) for rival, fit in RIVALS.items()
    }
    return Result(
        name,
        fold_figures(ours, y, folds),
        {
            rival: {
                "auc": np.mean(by["auc"]), "log_loss": np.mean(by["log_loss"]), "folds": {"repeat_0": by}
            }
            for rival, by in rivals.items()
        },
        seconds,
    )  # fmt: skip


def _groups(told: pd.DataFrame, table: Table) -> NDArray[np.int64]:
    if not table.together:
        return np.arange(len(told))
    return told.groupby(list(table.together), dropna=False).ngroup().to_numpy()


def _out_of_fold(fit: Rival, told: pd.DataFrame, y: Floats, folds: NDArray[np.int64]) -> Floats:
    words = _words(told)
    typed = told.assign(**{c: told[c].astype("string").fillna("missing").astype("category") for c in words})
    p = np.zeros(len(y))
    for fold in range(N_FOLDS):
        held = folds == fold
        p[held] = fit(typed[~held], y[~held], typed[held])
    return p


def _words(rows: pd.DataFrame) -> list[str]:
    return [str(c) for c in rows if not pd.api.types.is_numeric_dtype(rows[c]) or rows[c].dtype == bool]


def _logistic(taught: pd.DataFrame, y: Floats, asked: pd.DataFrame) -> Floats:
    words = _words(taught)
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = make_column_transformer(
        (numbers, [c for c in taught if c not in words]),
        (OneHotEncoder(handle_unknown="ignore", min_frequency=5), words),
    )
    model = make_pipeline(columns, LogisticRegression(max_iter=2000)).fit(taught, y)
    return np.asarray(model.predict_proba(asked)[:, 1])


def _lightgbm(taught: pd.DataFrame, y: Floats, asked: pd.DataFrame) -> Floats:
    parameters = {"objective": "binary", "verbose": -1, "num_threads": 2}
    return np.asarray(lgb.train(parameters, lgb.Dataset(taught, y)).predict(asked))


def _bag(taught: pd.DataFrame, y: Floats, asked: pd.DataFrame) -> Floats:
    """Five small early-stopped models, each judged on another fifth."""
    said = []
    for seed, (learn, judge) in enumerate(StratifiedKFold(5, shuffle=True, random_state=7).split(taught, y)):
        model = lgb.train(
            {**SMALL, "objective": "binary", "verbose": -1, "num_threads": 2, "seed": seed},
            lgb.Dataset(taught.iloc[learn], y[learn]), 1500,
            valid_sets=[lgb.Dataset(taught.iloc[judge], y[judge])],
            callbacks=[lgb.early_stopping(60, verbose=False)],
        )  # fmt: skip
        said.append(model.predict(asked, num_iteration=model.best_iteration))
    return np.asarray(np.mean(said, axis=0))


def _histograms(taught: pd.DataFrame, y: Floats, asked: pd.DataFrame) -> Floats:
    model = HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=0).fit(taught, y)
    return np.asarray(model.predict_proba(asked)[:, 1])


def _catboost(taught: pd.DataFrame, y: Floats, asked: pd.DataFrame) -> Floats:
    from catboost import CatBoostClassifier  # noqa: PLC0415  (where it is installed)

    words = _words(taught)
    quiet = {"verbose": 0, "thread_count": 2, "random_seed": 0, "allow_writing_files": False}
    as_words = partial(pd.DataFrame.astype, dtype=dict.fromkeys(words, object))
    model = CatBoostClassifier(cat_features=words, **quiet).fit(as_words(taught), y)
    return np.asarray(model.predict_proba(as_words(asked))[:, 1])


RIVALS: dict[str, Rival] = {
    "logreg": _logistic,
    "lgbm_default": _lightgbm,
    "lgbm_bag5": _bag,
    "hgb": _histograms,
    **({"catboost": _catboost} if find_spec("catboost") else {}),
}
