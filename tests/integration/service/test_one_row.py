"""One account scored at once gets what the table's kernel gives it, or is left to that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.pipelines.one_row import QuickScorer
from standfast.pipelines.score_sent import score_sent
from standfast.service.rows import rows_of

pytestmark = pytest.mark.integration

ROW = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["A-1", " A 2 ", "007"]),
        "plan": st.sampled_from(["pro", "PRO", "gold", "", " basic ", None, True, 7, 7.5]),
        "usage": st.one_of(
            st.none(), st.floats(-5, 5), st.integers(-3, 3), st.sampled_from(["0.5", "n/a", "", True])
        ),
        "tickets": st.one_of(st.none(), st.integers(0, 20), st.sampled_from(["3", "many", 2.5])),
        "mrr": st.one_of(
            st.none(), st.floats(-100, 1e6), st.integers(0, 10_000), st.sampled_from(["100", "much", True])
        ),
    },
    optional={
        "left": st.sampled_from([None, "yes", "No", "?"]),
        "gross_margin": st.sampled_from([None, 0.5, 1, 0, 2, "0.7"]),
        "upsell_value": st.sampled_from([None, 100, -1.0, "x"]),
        "auto_renew": st.sampled_from([None, True, 1, 0.0, "yes"]),
        "seat_utilisation": st.sampled_from([None, 0.2, 0.9, "0.9"]),
        "observation_date": st.sampled_from([None, "2026-01-01", "01/02/2026", "2026-02-30"]),
        "renews_on": st.sampled_from([None, "2026-05-01", "soon", "2026-05-01T10:00:00"]),
        "name": st.sampled_from([None, "Acme", "=1+1"]),
        "owner": st.sampled_from([None, "cleo"]),
        "annual_revenue": st.sampled_from([None, 5]),
        "account_id": st.sampled_from(["other"]),
        "colour": st.sampled_from(["red", 1]),
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def scorer(desk):
    return desk.scorer


@pytest.fixture(scope="module")
def quick(scorer):
    return QuickScorer(scorer)


@given(row=ROW)
def test_whatever_the_cells_the_quick_way_tells_the_same_or_nothing(row, scorer, quick):
    from standfast.errors import InputError

    told = quick.score(row)
    if told is None:
        return
    try:
        table = score_sent([row], scorer)
    except InputError as problem:  # pragma: no cover  (what the table refuses the quick way must not score)
        raise AssertionError(row) from problem
    assert not len(table.rejected)
    assert [told] == rows_of(table.scores)


def test_a_plain_row_goes_the_quick_way(quick, row):
    assert quick.score(row) is not None
    assert quick.score(row | {"left": "yes"}) is None
    assert quick.score({name: cell for name, cell in row.items() if name != "plan"}) is None
