"""The gate: who becomes champion, and the sentence that says why."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from standfast.pipelines.judge import ChampionWords, Standing, judge

CHAMPION = Standing(
    version="book-1", book_fingerprint="book", data_fingerprint="rows", model_fingerprint="m1",
    log_loss={"churned": 0.40, "expanded": 0.60}, skill={"churned": 0.10, "expanded": 0.10},
)  # fmt: skip
CHALLENGER = replace(CHAMPION, version="book-2", model_fingerprint="m2")


def verdict(challenger, champion=CHAMPION):
    return judge([], challenger=challenger, champion=champion, champion_words={})


def test_the_first_model_becomes_champion():
    assert verdict(CHALLENGER, champion=None).promoted


def test_a_tie_on_the_same_rows_keeps_the_champion():
    tie = verdict(CHALLENGER)
    assert not tie.promoted
    assert "no better than the champion" in tie.sentence


@pytest.mark.parametrize(("log_loss", "promoted"), [(0.39, True), (0.41, False)])
def test_on_the_same_rows_the_lower_log_loss_wins(log_loss, promoted):
    told = verdict(replace(CHALLENGER, log_loss={"churned": log_loss, "expanded": 0.60}))
    assert told.promoted is promoted
    assert "log loss on the same rows" in told.sentence
    assert "book-1" in told.sentence


@pytest.mark.parametrize(("skill", "promoted"), [(0.12, True), (0.10, False), (0.08, False)])
def test_on_other_rows_without_dates_the_skill_over_the_base_rate_decides(skill, promoted):
    challenger = replace(CHALLENGER, data_fingerprint="more", skill={"churned": skill, "expanded": 0.10})
    told = verdict(challenger)
    assert told.promoted is promoted
    assert "skill over the base rate" in told.sentence


def test_a_model_of_another_book_is_promoted_with_a_note():
    told = verdict(replace(CHALLENGER, book_fingerprint="other", log_loss={"churned": 9.0}))
    assert told.promoted
    assert "another book" in told.sentence
    assert "kept" in told.sentence


def test_a_challenger_that_predicts_less_does_not_replace_the_champion():
    told = verdict(replace(CHALLENGER, log_loss={"churned": 0.1}))
    assert not told.promoted
    assert "['expanded']" in told.sentence


def test_a_challenger_that_predicts_more_is_judged_on_what_both_predict():
    champion = replace(CHAMPION, log_loss={"churned": 0.40}, skill={"churned": 0.10})
    assert verdict(replace(CHALLENGER, log_loss={"churned": 0.39, "expanded": 0.9}), champion).promoted
    assert not verdict(replace(CHALLENGER, log_loss={"churned": 0.41, "expanded": 0.1}), champion).promoted


def test_the_same_models_under_changed_settings_take_effect():
    told = verdict(replace(CHALLENGER, model_fingerprint="m1"))
    assert told.promoted
    assert "settings take effect" in told.sentence


def test_the_same_bytes_stay_champion():
    assert "byte for byte" in verdict(CHAMPION).sentence


@pytest.mark.parametrize("is_new", [True, False])
def test_on_newer_dates_the_lower_log_loss_wins_and_it_is_said_where_the_champion_knew_a_part(is_new):
    label = np.repeat([0.0, 1.0], 20)
    one = SimpleNamespace(
        target="churned", word="churn", probability=0.2 + 0.6 * label,
        unseen=SimpleNamespace(label=label, groups=np.arange(40)),
    )  # fmt: skip
    told = judge(
        [one], challenger=replace(CHALLENGER, data_fingerprint="newer"), champion=CHAMPION,
        champion_words={"churned": ChampionWords(np.full(40, 0.5), is_new)},
    )  # fmt: skip
    assert told.promoted
    assert ("the champion had learned a part" in told.sentence) is not is_new
