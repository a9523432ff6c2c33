"""U3: what people said in place of the model is scored beside it, fairly and without naming anybody."""

import numpy as np
import pandas as pd

from standfast.learning.told_better import judge_overrides, score_overrides


def overrides(said, model_said, happened):
    n = len(said)
    return pd.DataFrame(
        {
            "override_id": range(n), "account_id": [f"A{place}" for place in range(n)],
            "field": "churn_probability", "said": said, "model_said": model_said, "happened": happened,
        }
    )  # fmt: skip


def test_people_who_know_more_are_heard():
    happened = np.tile([1.0, 0.0], 20)
    told = score_overrides(overrides(np.where(happened, 0.8, 0.1), [0.4] * 40, happened))
    check = judge_overrides(told)
    assert check.step == "watch"
    assert "in 40 of 40 the person was nearer" in check.sentence
    assert "people know something the model does not" in check.sentence


def test_a_model_that_was_nearer_is_told_too():
    happened = np.tile([1.0, 0.0, 0.0, 0.0], 10)
    check = judge_overrides(score_overrides(overrides([0.9] * 40, [0.25] * 40, happened)))
    assert "the model was nearer" in check.sentence


def test_few_overrides_tell_nothing_and_open_ones_wait():
    told = score_overrides(overrides([0.9, 0.2], [0.3, 0.3], [1.0, np.nan]))
    check = judge_overrides(told)
    assert (told.n, told.n_open) == (1, 1)
    assert (check.step, check.is_judged) == ("nothing", False)


def test_a_word_without_the_models_is_counted_and_not_scored():
    assert score_overrides(overrides([0.9, np.nan], [np.nan, 0.3], [1.0, 0.0])).n_not_scored == 2


def test_each_override_keeps_both_errors_and_being_sure_is_not_punished_without_end():
    told = score_overrides(overrides([1.0], [0.5], [0.0]))
    assert told.scored["said_error"].item() < 1
    assert told.scored["model_error"].item() == 0.25
