import io
from dataclasses import replace

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from standfast.report import plots
from standfast.report.ink import to_svg


def _texts(figure):
    axes = figure.axes[0]
    return " | ".join(
        text.get_text()
        for text in [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels(), axes.xaxis.label]
    ).replace("\u00a0", " ")


DRAWN = {
    "matrix": lambda content: plots.plot_matrix(content.matrix, currency="USD"),
    "roc": lambda content: plots.plot_roc(content.evaluations[0]),
    "precision_recall": lambda content: plots.plot_precision_recall(content.evaluations[0]),
    "calibration": lambda content: plots.plot_calibration(content.evaluations[0]),
    "gain": lambda content: plots.plot_gain(content.evaluations[0]),
    "importance": lambda content: plots.plot_importance(content.models[0]["top_features"]),
    "hours": lambda content: plots.plot_hours(content.plan_summary["by_owner"]),
    "by_date": lambda content: plots.plot_metric_by_date(content.evaluations[0]),
}


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_figures_give_the_same_picture_to_the_byte(content, name):
    def svg():
        return to_svg(DRAWN[name](content), name=name, title="T", description="D")

    with mpl.rc_context({"font.size": 30, "svg.hashsalt": None, "axes.facecolor": "red"}):
        styled_by_user = svg()
    assert svg() == styled_by_user


@pytest.mark.parametrize("name", DRAWN)
def test_every_plot_can_be_recorded_as_png(content, name):
    """The same figures go to the record of the training run."""
    figure = DRAWN[name](content)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png")
    assert isinstance(figure, Figure)
    assert drawn.getvalue().startswith(b"\x89PNG")


def test_drawing_touches_no_global_figure_and_no_global_style(content):
    before = dict(mpl.rcParams)
    plots.plot_matrix(content.matrix)
    assert dict(mpl.rcParams) == before


def test_the_matrix_shows_accounts_and_money_of_each_cell(content):
    told = _texts(plots.plot_matrix(content.matrix, currency="USD"))
    assert "Save | 1 accounts | at risk 40 k USD" in told
    assert told.count("accounts") == 9


def test_hours_are_labelled_with_plan_and_capacity(content):
    told = _texts(plots.plot_hours(content.plan_summary["by_owner"]))
    assert "6 of 7 h" in told or "6.5 h of 7 h" in told


def test_the_gain_plot_says_what_the_first_fifth_finds(evaluation):
    assert "first 20 % of the list:\n55 % of the events" in _texts(plots.plot_gain(evaluation))


def test_the_auc_stands_on_the_roc_plot(evaluation):
    assert "AUC 0.820" in _texts(plots.plot_roc(evaluation))


@pytest.mark.parametrize(
    "draw", [plots.plot_roc, plots.plot_precision_recall, plots.plot_calibration, plots.plot_gain]
)
def test_an_evaluation_without_curves_still_draws(evaluation, draw):
    figure = draw(replace(evaluation, curves={}, metrics={}))
    figure.savefig(io.BytesIO(), format="png")


@pytest.mark.parametrize("empty", [[], [("a", float("nan"))], [("a", 0.0)]])
def test_importance_without_any_share_still_draws(empty):
    plots.plot_importance(empty).savefig(io.BytesIO(), format="png")


def test_dollar_signs_in_names_are_text_not_formulas():
    plots.plot_importance([("cost in $ per $ earned", 0.3), ("a_b^c$", 0.1)]).savefig(
        io.BytesIO(), format="svg"
    )
