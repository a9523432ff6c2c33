"""R7: the book's forecast in words and as a picture."""

import pytest

from standfast.report.forecast_view import forecast_view, plot_retention
from standfast.report.forecast_words import forecast_caution, forecast_lead, forecast_listing
from standfast.report.page import build_report


def share(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


@pytest.fixture
def told():
    return {
        "n_accounts": 40, "annual_revenue": 2e6, "horizon_days": 90, "confidence": 0.9, "n_draws": 2000,
        "contraction_share": 0.25, "holds_level": True, "has_contraction": True,
        "without_plan": {"gross": share(0.95), "net": share(0.97)},
        "cautious": {"gross": share(0.954), "net": share(0.974)},
        "with_plan": {"gross": share(0.96), "net": share(0.99)},
    }  # fmt: skip


@pytest.fixture
def without_net(told):
    return {
        **told,
        **{course: {**told[course], "net": None} for course in ("without_plan", "cautious", "with_plan")},
    }


def test_the_lead_compares_the_cautious_plan_with_going_on_as_before(told):
    text = forecast_lead(told, "USD").replace("\xa0", " ")
    assert "keep 95.0 % of the 2 M USD a year of 40 accounts (97.0 % with expansions)" in text
    assert "and 95.4 % (97.4 %) with the plan at the cautious estimate" in text


def test_every_course_has_its_line_with_intervals(told):
    listing = forecast_listing(told)
    assert listing.columns == ("Course", "Gross retention", "Between", "Net retention", "Between")
    assert [cell.replace("\xa0", " ") for cell in listing.rows[0]] == [
        "Without the plan", "95.0 %", "94.0 % to 96.0 %", "97.0 %", "96.0 % to 98.0 %",
    ]  # fmt: skip
    assert len(listing.rows) == 3


def test_without_an_upsell_model_net_is_left_out_everywhere(without_net):
    assert forecast_listing(without_net).columns == ("Course", "Gross retention", "Between")
    assert "expansions" not in forecast_lead(without_net, "USD")
    assert len(plot_retention(without_net).axes[0].lines) == 6


def test_the_picture_draws_gross_and_net_with_an_interval_each(told):
    assert len(plot_retention(told).axes[0].lines) == 12


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"holds_level": False}, "chance alone"),
        ({"holds_level": True}, "chance and the doubt about base rates"),
        ({"has_contraction": False}, "Contraction is not in it"),
        ({}, "under past practice"),
    ],
)
def test_what_the_intervals_hold_is_said(told, changes, words):
    assert words in forecast_caution({**told, **changes})


def test_the_page_tells_the_forecast_where_there_is_one(told, content, bent):
    page = build_report(bent(plan_summary={**content.plan_summary, "forecast": told}))
    assert "Revenue kept over the next 90 days" in page
    assert "Revenue kept over the next 90 days" not in build_report(content)
    assert forecast_view(None) is None


def test_a_deprioritised_segment_is_marked_and_its_ratio_shown(content, bent):
    """R6."""
    costly = content.segments.assign(ltv_to_cac=[1.4, 3.0], is_deprioritised=[True, False])
    page = build_report(bent(segments=costly))
    assert page.count('<span class="tag">deprioritise</span>') == 1
    assert "LTV:CAC" not in build_report(content)
