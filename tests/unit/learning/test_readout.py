"""U5: what an experiment has shown, by chance and by deed, and what is left out and counted."""

import math

import numpy as np
import pandas as pd
import pytest

from standfast.errors import InputError
from standfast.learning.effect import effect_of
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.readout import read_out

POLICY = ExperimentPolicy()


def churn_of(found):
    return found.decisive[0]


def test_the_effect_is_told_in_accounts_and_in_money_with_intervals(drawn):
    """U5: 15 points fewer leave, each of whom pays 1,000 a year."""
    found = read_out(drawn(4_000, saves=0.15), control="held_out", policy=POLICY)
    churn, _, money = found.by_chance
    assert churn.finding == "helps"
    assert churn.effect.gained == pytest.approx(0.15, abs=0.025)
    assert churn.effect.gain.low < 0.15 < churn.effect.gain.high
    assert money.effect.gained == pytest.approx(1_000 * churn.effect.gained, rel=1e-6)
    assert money.effect.gain.low < 150 < money.effect.gain.high


def test_who_looks_every_week_is_told_by_the_wider_interval(drawn):
    """U5."""
    rows = drawn(400, saves=0.08)
    once, often = (read_out(rows, control="held_out", policy=POLICY, looks=how) for how in ("once", "often"))
    for a, b in zip(once.by_chance, often.by_chance, strict=True):
        assert b.judged_by.low < a.judged_by.low < a.judged_by.high < b.judged_by.high


def test_a_harmful_arm_is_called_so(drawn):
    """U5: sleeping dogs."""
    assert churn_of(read_out(drawn(3_000, saves=-0.1), control="held_out", policy=POLICY)).finding == "hurts"


def test_a_small_test_says_how_many_accounts_and_months_it_lacks(drawn):
    """U5: 903 an arm at 20 % in all."""
    found = churn_of(read_out(drawn(200), control="held_out", policy=POLICY))
    assert found.finding == "too small"
    assert 1_000 < found.lack.n_more < 2_200
    assert found.lack.months == pytest.approx(math.ceil(found.lack.n_more / 200) * 90 / 30.44, rel=0.01)


def test_a_large_test_without_an_effect_says_alike(drawn):
    """U5."""
    rows = drawn(20_000, churned=np.arange(20_000) % 5 == 0)
    assert churn_of(read_out(rows, control="held_out", policy=POLICY)).finding == "alike"


def test_what_has_not_matured_is_left_out_even_where_its_end_is_known(drawn):
    """U5: or whoever leaves early would be read before all others."""
    rows = drawn(400)
    rows.loc[:99, "is_matured"] = False
    rows.loc[:49, "churned"] = True
    found = read_out(rows, control="held_out", policy=POLICY)
    assert (found.tally.n_open, found.tally.n_read) == (100, 300)
    rest = read_out(rows[100:], control="held_out", policy=POLICY)
    assert churn_of(found).effect == churn_of(rest).effect


def test_missing_records_are_counted_and_never_read_as_not_done(drawn):
    """U4, U5: intention to treat does not need them, and as done leaves them out."""
    rows = drawn(400)
    lost = rows.index < 150
    rows.loc[lost, ["done_in_person", "done_call", "done_email", "done_digital"]] = None
    rows.loc[lost, "is_recorded"] = False
    found = read_out(rows, control="held_out", policy=POLICY)
    assert found.tally.n_unrecorded == 150
    assert churn_of(found).effect == churn_of(read_out(drawn(400), control="held_out", policy=POLICY)).effect
    assert found.by_deed[0].n_rows + found.by_deed[0].n_control == 250


def test_a_holdout_account_that_was_contacted_stays_in_its_arm_and_is_counted(drawn):
    """U5: intention to treat and as done are kept apart."""
    rows = drawn(400, saves=0.1)
    reached = rows.index[rows["arm"] == "held_out"][:20]
    crossed = rows.assign(done_call=rows["done_call"].where(~rows.index.isin(reached), 1.0))
    plain, found = (read_out(r, control="held_out", policy=POLICY) for r in (rows, crossed))
    assert found.tally.n_crossed == 20
    assert [one.effect for one in found.by_chance] == [one.effect for one in plain.by_chance]
    assert found.by_deed[0].n_control == plain.by_deed[0].n_control - 20


def test_an_account_in_two_arms_of_a_cycle_is_left_out_and_counted(drawn):
    """U5."""
    rows = drawn(400)
    other = rows.iloc[:10].assign(arm=np.where(rows["arm"].iloc[:10] == "planned", "held_out", "planned"))
    found = read_out(pd.concat([rows, other]), control="held_out", policy=POLICY)
    assert (found.tally.n_twice, found.tally.n_read) == (20, 390)


def test_whoever_churned_has_not_expanded_rather_than_being_left_out(drawn):
    """U5: comparing those whom each arm happened to keep would be no fair comparison."""
    rows = drawn(400)
    found = {
        one.effect.outcome: one.effect for one in read_out(rows, control="held_out", policy=POLICY).by_chance
    }
    assert found["expanded"].n_rows == found["churned"].n_rows


def test_accounts_that_return_count_as_clusters(drawn):
    """U5: the same rows in four cycles tell no more than once."""
    rows = drawn(600, saves=0.05)
    four = pd.concat(
        [rows.assign(cycle=pd.Timestamp("2026-01-01") + pd.Timedelta(days=90 * k)) for k in range(4)]
    )
    one, many = (read_out(r, control="held_out", policy=POLICY).by_chance[0].effect for r in (rows, four))
    width = many.estimate.interval.high - many.estimate.interval.low
    assert width == pytest.approx(one.estimate.interval.high - one.estimate.interval.low, rel=0.02)
    assert many.n_accounts == one.n_accounts


def test_unequal_chances_are_weighed_so_that_a_stratum_with_few_controls_does_not_mislead(drawn):
    """U5: in the risky stratum one of ten is held out, elsewhere half; nothing has an effect."""
    rng = np.random.default_rng(4)
    risky = rng.random(20_000) < 0.5
    chance = np.where(risky, 0.1, 0.5)
    control = rng.random(20_000) < chance
    rows = drawn(
        20_000, arm=np.where(control, "held_out", "planned"),
        arm_probability=np.where(control, chance, 1 - chance),
        stratum=np.where(risky, "risky", "calm"), churned=rng.random(20_000) < np.where(risky, 0.4, 0.05),
    )  # fmt: skip
    found = effect_of(
        rows, "churned", arm="planned", control="held_out", confidence=0.95, relative_reduction=0.25
    )
    assert found.gain.low < 0 < found.gain.high
    assert abs(found.difference) < 0.02


def test_what_was_known_before_sharpens_the_interval(drawn):
    """U5: CUPED."""
    rng = np.random.default_rng(5)
    p = rng.choice([0.02, 0.6], 3_000)
    rows = drawn(3_000, churn_probability=p, churned=rng.random(3_000) < p)
    told, untold = (
        read_out(r, control="held_out", policy=POLICY).by_chance[0].effect
        for r in (rows, rows.assign(churn_probability=0.3))
    )
    assert told.kept_variance < 0.65
    assert untold.kept_variance > 0.95
    assert told.estimate.variance < 0.65 * untold.estimate.variance


def test_secondary_outcomes_are_marked_and_corrected(drawn):
    """U5: no p-hacking: the one that was named beforehand decides."""
    found = read_out(drawn(400, saves=0.05), control="held_out", policy=POLICY)
    assert [one.effect.outcome for one in found.by_chance if one.is_primary] == ["churned"]
    assert all(one.corrected_p >= one.effect.estimate.p_value for one in found.by_chance)


def test_the_order_of_rows_changes_nothing(drawn):
    rows = drawn(400, saves=0.05)
    a, b = (
        read_out(r, control="held_out", policy=POLICY) for r in (rows, rows.sample(frac=1, random_state=2))
    )
    assert a.by_chance[0].effect.difference == pytest.approx(b.by_chance[0].effect.difference)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_an_empty_or_tiny_experiment_has_no_effects_and_is_no_error(drawn, n):
    found = read_out(drawn(n), control="held_out", policy=POLICY, arms=["planned"])
    assert found.tally.n_rows == n
    assert len(found.tally.arms) == 2


@pytest.mark.parametrize("chance", [0.0, -0.1, 1.2, math.nan])
def test_a_chance_that_is_none_is_refused_with_its_value(drawn, chance):
    with pytest.raises(InputError, match="arm_probability holds"):
        read_out(drawn(20, arm_probability=chance), control="held_out", policy=POLICY)


def test_a_missing_column_is_named(drawn):
    with pytest.raises(InputError, match="is_matured"):
        read_out(drawn(20).drop(columns="is_matured"), control="held_out", policy=POLICY)
