"""U5: a test stops on harm, on enough evidence, or at its end, and chance alone hardly stops one."""

import numpy as np
import pytest

from standfast.learning.effect import effect_of
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.readout import read_out
from standfast.learning.stopping import advise

POLICY = ExperimentPolicy()


def advice(rows, *, is_over=False, least=20, primary="churned"):
    read = read_out(rows, control="held_out", policy=POLICY, primary=primary)
    return advise(read, least_accounts=least, is_over=is_over)


def test_harm_stops_a_test_whatever_it_was_made_to_show(drawn):
    """U5: the guardrail is churn, also where growth was to be shown."""
    for primary in ("churned", "expanded"):
        found = advice(drawn(3_000, saves=-0.1), primary=primary)
        assert (found.kind, found.arm, found.stops) == ("harm", "planned", True)


def test_complaints_are_a_guardrail_where_they_are_recorded(drawn):
    """U5: 20 % of the planned complain, and nobody else."""
    rows = drawn(600)
    complained = (rows["arm"] == "planned") & (np.arange(600) % 5 == 0)
    assert advice(rows.assign(complained=complained)).kind == "harm"
    assert advice(rows.assign(complained=False)).kind == "go on"


def test_enough_evidence_stops_a_test_and_too_little_does_not(drawn):
    """U5."""
    assert advice(drawn(4_000, saves=0.15)).kind == "enough"
    assert advice(drawn(20_000, churned=np.arange(20_000) % 5 == 0)).kind == "enough"
    assert advice(drawn(200)).kind == "go on"


@pytest.mark.parametrize(
    ("n", "is_over", "kind"), [(200, True, "ended"), (0, True, "ended"), (30, False, "waiting")]
)
def test_the_end_that_was_settled_beforehand_ends_it_and_few_accounts_are_not_read(drawn, n, is_over, kind):
    """U5."""
    assert advice(drawn(n), is_over=is_over).kind == kind


def test_chance_alone_stops_hardly_a_test_in_ten_looks(drawn):
    """U5: forty tests without an effect, looked at ten times each; the interval of one look fails some."""
    stopped = {"often": 0, "once": 0}
    for seed in range(40):
        rows = drawn(1_000, seed=seed)
        found = [
            effect_of(
                rows[:n],
                "churned",
                arm="planned",
                control="held_out",
                confidence=0.95,
                relative_reduction=0.25,
            )
            for n in range(100, 1_001, 100)
        ]
        stopped["often"] += any(one.always_gain.excludes_zero for one in found)
        stopped["once"] += any(one.gain.excludes_zero for one in found)
    assert stopped["often"] <= 2 < stopped["once"]
