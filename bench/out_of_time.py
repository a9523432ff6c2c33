"""Churn and expansion on the newest date of two real books of purchases, learned from older dates.

The rivals see the same rows and columns: plain LightGBM, and a logistic regression on logs. Reads
../shared/data; prints nothing where that is missing.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from standfast.pipelines.observe import observe_book
from standfast.pipelines.train import Learnable, prepare_learning
from standfast.propensity.model import fit_propensity
from standfast.settings import Settings, load_settings

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
N_DRAWS = 300
Floats = NDArray[np.float64]
SETTINGS = """\
[book]
name = "{name}"
accounts = "accounts.csv"
invoices = "invoices.parquet"

[churn]
by = "inactivity"
active_days = 180

[horizon]
horizon_days = 90
expanded_at = 1.25
expanded_margin = 50

[snapshots]
dates = [{dates}]
"""
DATES = {
    "cdnow": ["1997-08-01", "1997-09-01", "1997-10-01", "1997-11-01", "1998-02-01"],
    "online_retail": ["2011-03-01", "2011-06-01"],
}
HORIZON = pd.Timedelta(days=90)


@dataclass(frozen=True, eq=False)
class Task:
    """One label of a book: which rows to learn from, and those of the newest date to be judged on."""

    name: str
    learnable: Learnable
    accounts: NDArray[np.int64]
    y: Floats
    learn: NDArray[np.bool_]
    test: NDArray[np.bool_]


def rows() -> Iterator[tuple[str, str, str]]:
    """Name, figure and bound of each measure."""
    for task in (task for name in DATES for task in tasks(name)):
        X, y, learn, test = task.learnable.matrix, task.y, task.learn, task.test
        model = fit_propensity(X[learn], y[learn], task.accounts[learn], encoding=task.learnable.encoding)
        ours = model.probability(X[test])
        for rival, said in RIVALS.items():
            yield _line(f"{task.name}, against {rival}", y[test], ours, said(X[learn], y[learn], X[test]))


def tasks(name: str) -> Iterator[Task]:
    """Give churn and expansion of a book; nothing where the data is missing."""
    if not DATA.is_dir():
        return
    with tempfile.TemporaryDirectory() as folder:
        settings = write_book(name, Path(folder))
        learnable = prepare_learning(observe_book(settings), settings=settings)
    snapshots = learnable.snapshots
    dates, accounts = snapshots["observation_date"], pd.factorize(snapshots["account_id"])[0]
    past, now = dates <= dates.max() - HORIZON, dates == dates.max()
    for label in ("churned", "expanded"):
        known = snapshots[label].notna()
        y = snapshots[label].fillna(value=False).to_numpy(dtype=float)
        learn, test = (past & known).to_numpy(), (now & known).to_numpy()
        yield Task(f"{name} {label}", learnable, accounts, y, learn, test)


def write_book(name: str, folder: Path, dates: Sequence[str] | None = None) -> Settings:
    """Write the purchases as their user would, one row per day or invoice line; ``dates`` to observe at."""
    if name == "cdnow":
        orders = pd.read_parquet(DATA / "cdnow/orders.parquet")
        days, ids, amounts = pd.to_datetime(orders["ts"]), orders["cid"], orders["amt"]
    else:
        lines = pd.read_parquet(DATA / "online_retail/invoice_lines.parquet").dropna(subset="CustomerID")
        days, ids = lines["InvoiceDate"].dt.normalize(), lines["CustomerID"].astype(int)
        amounts = (lines["Quantity"] * lines["UnitPrice"]).round(4)
    bought = pd.DataFrame({"account_id": ids.astype(str), "issued_on": days, "amount": amounts})
    bought.to_parquet(folder / "invoices.parquet")
    bought[["account_id"]].drop_duplicates().to_csv(folder / "accounts.csv", index=False)
    written = ", ".join(dates or DATES[name])
    (folder / "standfast.toml").write_text(SETTINGS.format(name=name, dates=written))
    return load_settings(folder / "standfast.toml")


def _plain_trees(X: Floats, y: Floats, new: Floats) -> Floats:
    model = lgb.LGBMClassifier(n_jobs=2, verbose=-1, random_state=1, deterministic=True, force_row_wise=True)
    return np.asarray(model.fit(X, y).predict_proba(new))[:, 1]


def _logistic_on_logs(X: Floats, y: Floats, new: Floats) -> Floats:
    model = make_pipeline(
        FunctionTransformer(lambda cells: np.sign(cells) * np.log1p(np.abs(cells))),
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=500),
    )
    return np.asarray(model.fit(X, y).predict_proba(new))[:, 1]


RIVALS: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "plain LightGBM": _plain_trees,
    "logistic on logs": _logistic_on_logs,
}


def _line(name: str, y: Floats, ours: Floats, theirs: Floats) -> tuple[str, str, str]:
    """Both figures, and each difference with its 95 % interval over draws of accounts."""
    random = np.random.default_rng(1)
    draws = [random.integers(0, len(y), len(y)) for _ in range(N_DRAWS)]
    told, wanted = [], []
    for metric, figure in {"auc": roc_auc_score, "log_loss": log_loss}.items():
        off = [figure(y[drawn], ours[drawn]) - figure(y[drawn], theirs[drawn]) for drawn in draws]
        low, high = np.quantile(off, [0.025, 0.975])
        mine, rival = figure(y, ours), figure(y, theirs)
        told.append(f"{metric} {mine:.4f} ({mine - rival:+.4f}, {low:+.4f} to {high:+.4f})")
        wanted.append(f"{metric} {rival:.4f}")
    return name, "; ".join(told), ", ".join(wanted)


def main() -> None:
    for name, figure, bound in rows():
        print(f"{name:52} {figure:100} {bound}", flush=True)


if __name__ == "__main__":
    main()
