"""What a person says of an account in place of the model: a probability, or its cell of the matrix (U3)."""

import pandas as pd

from standfast.decision.matrix import MATRIX, Matrix
from standfast.schema import ACCOUNT_ID

OVERRIDDEN_PROBABILITIES = ("churn_probability", "upsell_probability")
_INTERVAL = ("churn_low", "churn_high")
_PLACES = ("cell", "segment")


def override_probabilities(scores: pd.DataFrame, overrides: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with the probabilities that persons say, which have no interval.

    Parameters
    ----------
    overrides
        ``account_id``, ``field`` and ``value``, the latter as text, the oldest first.

    Examples
    --------
    >>> book = pd.DataFrame({"account_id": ["a", "b"], "churn_probability": [0.2, 0.3]})
    >>> said = pd.DataFrame({"account_id": ["b"], "field": ["churn_probability"], "value": ["0.6"]})
    >>> override_probabilities(book, said)["churn_probability"].tolist()
    [0.2, 0.6]
    """
    changed = scores
    for field in [name for name in OVERRIDDEN_PROBABILITIES if name in scores]:
        said = _said(scores, overrides[overrides["field"] == field]).astype("float64")
        changed = changed.assign(**{field: said.fillna(changed[field])})
        if field == "churn_probability":
            known = [name for name in _INTERVAL if name in scores]
            changed = changed.assign(**{name: changed[name].where(said.isna()) for name in known})
    return changed


def override_places(
    scores: pd.DataFrame, overrides: pd.DataFrame, *, matrix: Matrix = MATRIX
) -> pd.DataFrame:
    """Return the scores with the cells that persons say, by a cell's name or its segment's, and its tiers.

    Examples
    --------
    >>> book = pd.DataFrame({"account_id": ["a"], "risk_tier": ["low"], "value_tier": ["high"],
    ...                      "cell": "low risk, high value", "segment": "Protect & grow", "priority": 4})
    >>> said = pd.DataFrame({"account_id": ["a"], "field": ["segment"], "value": ["Save"]})
    >>> override_places(book, said)[["cell", "segment", "priority"]].values.tolist()
    [['high risk, high value', 'Save', 1]]
    """
    places = overrides[overrides["field"].isin(_PLACES)]
    cells = {name: cell for cell in matrix.cells for name in (cell.name, cell.segment)}
    said = _said(scores, places[places["value"].isin(list(cells))])
    told = {
        "risk_tier": said.map({name: cell.risk_tier for name, cell in cells.items()}),
        "value_tier": said.map({name: cell.value_tier for name, cell in cells.items()}),
        "cell": said.map({name: cell.name for name, cell in cells.items()}),
        "segment": said.map({name: cell.segment for name, cell in cells.items()}),
        "priority": said.map({name: cell.priority for name, cell in cells.items()}),
    }
    return scores.assign(
        **{name: scores[name].where(said.isna(), values) for name, values in told.items() if name in scores}
    )


def _said(scores: pd.DataFrame, overrides: pd.DataFrame) -> pd.Series:
    """Give what is said of each account scored, the newest word; empty where nothing is."""
    newest = overrides.drop_duplicates(ACCOUNT_ID, keep="last").set_index(ACCOUNT_ID)["value"]
    said: pd.Series = scores[ACCOUNT_ID].astype("str").map(newest.astype(object))
    return said
