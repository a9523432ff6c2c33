"""R2, R3, R4: a matrix of one's own, whatever its tiers, names and ceilings, stays total and in order."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.capacity import Capacity
from standfast.decision.matrix import CELLS, MATRIX, Matrix, refuse_other_matrix
from standfast.decision.matrix_policy import CellChange, MatrixPolicy, build_matrix
from standfast.decision.outreach import Plan, plan_outreach
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.reward import Economics, add_reward
from standfast.decision.tiers import TierPolicy, value_cutoffs
from standfast.errors import InputError
from standfast.pipelines.place import Yardsticks, place_scores
from standfast.schema import RISK_TIERS, VALUE_TIERS

TWO_BY_TWO = MatrixPolicy(risk_tiers=("high", "low"), value_tiers=("high", "low"))
TIERS = st.sampled_from([("high", "medium", "low"), ("high", "low"), ("low", "high")])
CHANGES = st.builds(
    CellChange,
    sla_days=st.none() | st.integers(0, 90),
    owner_function=st.sampled_from([None, "CS", "sales", "finance", "executive"]),
    contact_cap=st.none() | st.floats(0, 30),
    visits=st.none() | st.integers(0, 3),
    calls=st.none() | st.integers(0, 9),
    emails=st.none() | st.integers(0, 9),
    digital=st.none() | st.integers(0, 9),
)


@st.composite
def policies(draw: st.DrawFn) -> MatrixPolicy:
    """Any matrix a settings file may ask for, but for its priorities."""
    risk, value = draw(TIERS), draw(TIERS)
    kept = [cell.segment for cell in CELLS if cell.risk_tier in risk and cell.value_tier in value]
    changed = draw(st.lists(st.sampled_from(kept), unique=True))
    names = {name: f"our {name}" for name in changed if draw(st.booleans())}
    cells = {}
    for name in changed:
        change = draw(CHANGES)
        cells[name] = CellChange(**{**vars(change), "segment": names.get(name)})
    return MatrixPolicy(risk_tiers=risk, value_tiers=value, cells=cells)


def placed(scores: pd.DataFrame, matrix: Matrix, *, tiers: TierPolicy | None = None) -> pd.DataFrame:
    """Place a book in a matrix by its own yardsticks."""
    reward = add_reward(scores, economics=Economics())["reward"]
    cuts = tiers or TierPolicy()
    yardsticks = Yardsticks(0.1, value_cutoffs(reward, policy=cuts))
    return place_scores(scores, yardsticks=yardsticks, economics=Economics(), tiers=cuts, matrix=matrix)


def planned(scores: pd.DataFrame, matrix: Matrix) -> Plan:
    return plan_outreach(scores, policy=PlanPolicy(capacity=Capacity(hours=40), matrix=matrix))


def test_the_defaults_make_the_nine_cells():
    assert build_matrix(MatrixPolicy()) == MATRIX


def test_a_two_by_two_keeps_four_cells_in_their_order():
    cells = build_matrix(TWO_BY_TWO).cells
    assert [(c.priority, c.segment) for c in cells] == [
        (1, "Save"), (2, "Protect & grow"), (3, "Rescue by program"), (4, "Maintain"),
    ]  # fmt: skip


@given(policy=policies())
def test_every_matrix_covers_every_pair_of_its_tiers_and_ranks_them(policy):
    """R3: total, one segment each, priorities without a gap."""
    matrix = build_matrix(policy)
    pairs = [(cell.risk_tier, cell.value_tier) for cell in matrix.cells]
    assert sorted(pairs) == sorted(product(policy.risk_tiers, policy.value_tiers))
    assert [cell.priority for cell in matrix.cells] == list(range(1, len(pairs) + 1))
    assert len(set(matrix.segments)) == len(pairs)


@given(policy=policies(), seed=st.integers(0, 99))
def test_any_matrix_places_and_plans_every_account(make_book, policy, seed):
    """R3, C1, C2: no account falls out, and hours hold, whatever the matrix."""
    matrix = build_matrix(policy)
    scores = placed(make_book(60, seed=seed), matrix)
    assert scores["cell"].isin(matrix.cell_names).all()
    plan = planned(scores, matrix)
    assert plan.lines["play"].notna().all()
    assert plan.lines["segment"].isin(matrix.segments).all()
    assert plan.summary.hours_used <= 40 + 1e-9
    ceilings = {cell.name: cell.ceiling.calls for cell in matrix.cells}
    assert (plan.lines["n_call"] <= plan.lines["cell"].map(ceilings)).all()


@given(
    policy=policies(),
    cuts=st.builds(
        TierPolicy,
        high_risk_odds=st.floats(1, 5),
        medium_risk_odds=st.floats(0.01, 1),
        top_share=st.floats(0.01, 0.5),
        middle_share=st.floats(0, 0.5),
    ),
    seed=st.integers(0, 99),
)
def test_more_risk_or_more_reward_never_worsens_the_priority(make_book, policy, cuts, seed):
    """R3: whatever the cuts."""
    matrix, book = build_matrix(policy), make_book(40, seed=seed)
    cutoffs = value_cutoffs(book["reward"], policy=cuts)
    yardsticks = Yardsticks(0.1, cutoffs)
    given_ = {"yardsticks": yardsticks, "economics": Economics(), "tiers": cuts, "matrix": matrix}
    before = place_scores(book, **given_)["priority"]
    riskier = place_scores(book.assign(churn_probability=book["churn_probability"] ** 0.7), **given_)
    larger = place_scores(book.assign(annual_revenue=book["annual_revenue"] * 3), **given_)
    assert (riskier["priority"] <= before).all()
    assert (larger["priority"] <= before).all()


def test_a_priority_of_ones_own_moves_the_cell_and_the_others_close_up():
    cells = {"Protect & grow": CellChange(priority=2), "Steer": CellChange(priority=3)}
    with pytest.raises(InputError, match=r"'Steer' .* would come after 'Protect & grow'"):
        build_matrix(MatrixPolicy(cells=cells))
    moved = build_matrix(MatrixPolicy(cells={"Steer": CellChange(priority=2)}))
    assert moved.segments[:4] == ("Save", "Steer", "Rescue", "Protect & grow")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"Save": CellChange(priority=2)}, "'Save' .* would come after 'Rescue'"),
        ({"Save": CellChange(priority=10)}, "has 9 cells"),
        ({"Save": CellChange(priority=1), "Steer": CellChange(priority=1)}, "'Save' and 'Steer' the same"),
        ({"Safe": CellChange(sla_days=1)}, "nearest of its cells is 'Save'"),
        ({"Save": CellChange(segment=" ")}, "no name"),
        ({"Save": CellChange(segment="Watch")}, "both called 'Watch'"),
    ],
)
def test_what_would_break_the_matrix_is_refused_by_name(cells, says):
    with pytest.raises(InputError, match=says):
        build_matrix(MatrixPolicy(cells=cells))


def test_a_cell_that_the_matrix_lacks_cannot_be_changed():
    policy = MatrixPolicy(risk_tiers=("high", "low"), cells={"Steer": CellChange(sla_days=3)})
    with pytest.raises(InputError, match="medium risk, high value, which this matrix"):
        build_matrix(policy)


@pytest.mark.parametrize("tiers", [(), ("high",), ("medium", "low"), ("high", "high", "low")])
def test_tiers_keep_high_and_low(tiers):
    with pytest.raises(InputError, match="value_tiers"):
        build_matrix(MatrixPolicy(value_tiers=tiers))


def test_below_high_is_low_and_the_unknown_is_never_low(make_book):
    """R2, U4: two tiers of risk."""
    scores = make_book(30)
    scores.loc[0, "churn_probability"] = np.nan
    three, two = placed(scores, MATRIX), placed(scores, build_matrix(TWO_BY_TWO))
    known = scores["churn_probability"].notna()
    assert (three["risk_tier"].eq("high") == two["risk_tier"].eq("high"))[known].all()
    assert (three["value_tier"].eq("high") == two["value_tier"].eq("high")).all()
    assert two.loc[0, "risk_tier"] == "high"
    assert set(two["risk_tier"]) == {"high", "low"}


def test_ceilings_and_caps_of_ones_own_bind_the_plan(make_book):
    """C2."""
    quiet = build_matrix(MatrixPolicy(cells={"Save": CellChange(visits=0, reviews=0, calls=1)}))
    scores = placed(make_book(200), quiet)
    lines = planned(scores, quiet).lines
    saves = lines[lines["segment"] == "Save"]
    assert saves["n_call"].max() == 1
    assert saves["n_in_person"].max() == 0


@pytest.mark.parametrize(
    ("risk", "value"),
    [(RISK_TIERS, ("high", "low")), (("high", "low"), VALUE_TIERS), (("high", "low"), ("high", "low"))],
)
def test_scores_placed_by_another_matrix_are_refused(make_book, risk, value):
    other = build_matrix(MatrixPolicy(risk_tiers=risk, value_tiers=value))
    scores = make_book(200)
    refuse_other_matrix(scores, matrix=MATRIX)
    with pytest.raises(InputError, match="placed by another matrix"):
        refuse_other_matrix(scores, matrix=other)
    with pytest.raises(InputError, match="placed by another matrix"):
        refuse_other_matrix(placed(scores, other), matrix=MATRIX)


def test_scores_from_a_file_with_floats_and_blanks_are_recognised(make_book):
    scores = make_book(50)
    scores["priority"] = scores["priority"].astype(float)
    scores.loc[0, ["cell", "segment", "priority"]] = None
    refuse_other_matrix(scores, matrix=MATRIX)
