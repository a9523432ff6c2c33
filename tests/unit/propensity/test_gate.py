"""Only what surely beats the base rate is used, and only what surely beats the champion replaces it."""

import numpy as np
import pytest

from standfast.propensity.evaluation import evaluate
from standfast.propensity.gate import beats_base_rate, compare, honest_grade


def drawn(n=2000, seed=0, a=1.0, b=4.0):
    rng = np.random.default_rng(seed)
    p = rng.beta(a, b, n).clip(0.01, 0.99)
    return (rng.random(n) < p).astype(float), p


def judged(y, p):
    return evaluate(y, p, np.arange(len(y)), target="churned", how="out of time", seed=1)


def test_true_probabilities_beat_the_base_rate():
    verdict = beats_base_rate(judged(*drawn()))
    assert verdict.passed
    assert verdict.sentence.startswith("churned: beats the base rate out of time")


def test_the_base_rate_itself_and_noise_do_not():
    y, p = drawn()
    assert not beats_base_rate(judged(y, np.full(len(y), y.mean()))).passed
    assert not beats_base_rate(judged(y, np.random.default_rng(1).permutation(p))).passed


def test_with_few_events_the_figure_itself_decides():
    y = np.zeros(60)
    y[[0, 1, 20, 21, 22, 23]] = 1
    p = np.where(np.arange(60) < 12, 0.16, 0.085)
    evaluation = judged(y, p)
    assert evaluation.gain_over_base.value < 0 < evaluation.gain_over_base.high
    assert beats_base_rate(evaluation).passed
    assert not beats_base_rate(evaluation, sure_from=6).passed


def test_the_better_of_two_wins_and_the_worse_does_not():
    y, p = drawn()
    worse = 0.5 * p + 0.5 * y.mean()
    groups = np.arange(len(y))
    assert compare(y, p, worse, groups).passed
    lost = compare(y, worse, p, groups)
    assert not lost.passed
    assert "the champion is better" in lost.sentence


def test_a_tie_keeps_the_champion():
    y, p = drawn()
    verdict = compare(y, p, p, np.arange(len(y)))
    assert not verdict.passed
    assert verdict.difference.value == 0
    assert "the champion stays" in verdict.sentence


@pytest.mark.parametrize(("a", "b", "letter"), [(0.2, 0.6, "A"), (1.0, 3.0, "B"), (4.0, 12.0, "C")])
def test_grades_follow_how_much_can_be_told(a, b, letter):
    assert honest_grade(judged(*drawn(4000, a=a, b=b)))[0] == letter


def test_label_noise_lowers_the_grade_to_d():
    y, p = drawn(4000, a=0.2, b=0.6)
    letters = []
    for noise in (0.0, 0.3, 1.0):
        rng = np.random.default_rng(2)
        swapped = np.where(rng.random(len(y)) < noise, rng.permutation(y), y)
        letters.append(honest_grade(judged(swapped, p))[0])
    assert letters == sorted(letters)
    assert letters[-1] == "D"
    assert "do not plan" in honest_grade(judged(swapped, p))[1]


def test_a_small_book_passes_by_its_order_though_log_loss_alone_is_unsure():
    """Some thirty events leave the log loss interval across zero; the order is beyond chance all the same."""
    random = np.random.default_rng(0)
    truth = 1 / (1 + np.exp(3.6 - 0.7 * random.normal(size=700)))
    y = (random.random(700) < truth).astype(float)
    said = judged(y, truth)
    assert said.gain_over_base.value < 0 < said.gain_over_base.high
    assert said.metrics["auc"].low > 0.5
    assert beats_base_rate(said).passed
