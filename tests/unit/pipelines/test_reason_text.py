"""U1: the reasons that travel with the scores, column by column, say what a loop over rows would say."""

import json

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from standfast.features.catalogue import describe
from standfast.features.encode import encode, learn_encoding
from standfast.features.peer_values import learn_peer_values
from standfast.pipelines.reason_text import plain_value, reasons_as_json, strongest

ROWS = pd.DataFrame(
    {
        "seats": [3, 4, 5, 6, 7, 8],
        "plan": ["a", 'quo"te', None, "ü", "b", "b"],
        "industry": ["x"] * 6,
        "usage_30d": [1.23456, np.nan, -0.0, 1e9, 2.5, np.inf],
        "auto_renew": pd.array([True, False, None, True, True, False], dtype="boolean"),
        "mixed": [1, True, "1", None, 2.5, "x"],
    }
)
NAMES = tuple(ROWS.columns)
ENCODING = learn_encoding(ROWS, columns=list(NAMES))
MATRIX = encode(ROWS, ENCODING).matrix
PEERS = learn_peer_values(ROWS.assign(usage_30d=1.5), ENCODING)
ROW_OF_EFFECTS = st.lists(st.floats(-9, 9).map(lambda x: round(x, 3)), min_size=6, max_size=6)


def by_rows(effects: np.ndarray, n: int, *, with_peers: bool) -> list[list[dict]]:
    told = []
    for i, row in enumerate(effects):
        order = np.argsort(-np.abs(row), kind="stable")[:n]
        told.append([])
        for j in order:
            value = ROWS[NAMES[j]].iloc[i]
            is_endless = isinstance(value, float) and np.isinf(value)
            reason = {
                "feature": describe(NAMES[j]).label,
                "value": None if is_endless else plain_value(value),
                "effect": round(float(row[j]), 4),
                "family": describe(NAMES[j]).family,
            }
            if with_peers:
                reason["peers"] = plain_value(
                    {"seats": 5.5, "usage_30d": 1.5, "auto_renew": 1.0}.get(NAMES[j])
                )
            told[-1].append(reason)
    return told


@given(
    st.lists(ROW_OF_EFFECTS, min_size=6, max_size=6),
    st.integers(1, 8),
    st.booleans(),
)
def test_each_row_has_its_strongest_reasons_with_value_family_and_peers(effects, n, with_peers):
    found = reasons_as_json(
        ROWS,
        MATRIX,
        np.array(effects),
        encoding=ENCODING,
        own={},
        peers=PEERS if with_peers else None,
        n_reasons=n,
    )
    assert [json.loads(text) for text in found] == by_rows(np.array(effects), n, with_peers=with_peers)


def test_equal_effects_keep_the_order_of_the_columns():
    assert strongest(np.array([[0.0, -1, 1, 0]]), 4).tolist() == [[1, 2, 0, 3]]


def test_no_rows_have_no_reasons():
    found = reasons_as_json(
        ROWS[:0], MATRIX[:0], MATRIX[:0], encoding=ENCODING, own={}, peers=PEERS, n_reasons=3
    )
    assert found.tolist() == []


def test_a_number_that_stood_in_a_cell_as_text_is_told_as_a_number():
    frame = pd.DataFrame({"seats": [" 2.0409191213851825", "3", None, "4", "5"]})
    encoding = learn_encoding(frame, columns=["seats"])
    told = reasons_as_json(
        frame,
        encode(frame, encoding).matrix,
        np.ones((5, 1)),
        encoding=encoding,
        own={},
        peers=None,
        n_reasons=1,
    )
    assert [json.loads(text)[0]["value"] for text in told] == [2.0409, 3, None, 4, 5]
