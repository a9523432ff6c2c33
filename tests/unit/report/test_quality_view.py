from dataclasses import replace

from standfast.report.content import PageLimits
from standfast.report.quality_view import event_of, qualities, sentences, weak_models


def _told(view):
    return " ".join(sentences(view, event_of(view.target))).replace("\u00a0", " ")


def test_auc_is_told_as_pairs_told_apart(evaluation):
    assert "82 times in 100 (between 79 and 85); tossing a coin gives 50" in _told(evaluation)


def test_calibration_is_told_as_what_was_given_and_what_came_highest_first(evaluation):
    assert "of those given about 25 %, 24 % left" in _told(evaluation)
    assert _told(evaluation).index("25 %") < _told(evaluation).index("of those given about 2 %, 1 % left")


def test_skill_is_told_against_the_base_rate(evaluation):
    assert "12 % (8 % to 16 %) less error (log loss) than giving all the base rate of 8.5 %" in _told(
        evaluation
    )


def test_a_model_worse_than_the_base_rate_is_told_so(evaluation):
    worse = replace(evaluation, metrics={"skill": (-0.01, -0.03, 0.01)})
    assert "no better than giving all the base rate" in _told(worse)


def test_figures_that_are_not_there_are_not_told(evaluation):
    nan = float("nan")
    assert _told(replace(evaluation, metrics={"auc": (nan, nan, nan)}, curves={})) == ""


def test_leaving_comes_first_and_both_names_of_a_target_mean_one_model(bent, evaluation):
    """The plots and the sentences of one model stand together, whatever its label is called."""
    views = [replace(evaluation, target="upsell"), replace(evaluation, target="churn")]
    models = [{"target": "expanded", "grade": "B"}, {"target": "churned", "grade": "A"}]
    found = qualities(bent(evaluations=views, models=models), limits=PageLimits())
    assert [(one.title, one.grade) for one in found] == [
        ("Who leaves", "Grade A"),
        ("Who buys more", "Grade B"),
    ]


def test_the_grade_is_not_said_twice(content):
    (quality,) = qualities(content, limits=PageLimits())
    assert (quality.grade, quality.grade_sentence) == ("Grade A", "orders accounts very well")


def test_a_model_without_evaluation_says_that_it_was_not_tested(bent):
    (quality,) = qualities(bent(evaluations=[]), limits=PageLimits())
    assert "not tested" in quality.basis
    assert quality.sentences == ()


def test_a_target_without_words_of_its_own_goes_by_its_name(evaluation):
    assert "cases of paid late" in _told(replace(evaluation, target="paid_late"))


def test_few_events_are_named():
    """U6: fewer than 100 events is said."""
    models = [{"target": "churned", "n_events": 99}, {"target": "expanded", "n_events": 100}, {"target": "x"}]
    assert weak_models(models) == [("Who leaves", 99)]
