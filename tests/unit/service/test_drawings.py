"""Drawings for the page carry no inline style, and say in words what they show."""

from markupsafe import Markup

from standfast.service.page.account_view import bar_of
from standfast.service.page.drawings import over_time, without_styles

HARM = "<script>alert(1)</script>"


def point(day, value, low=None, high=None):
    return {"day": day, "value": value, "low": low, "high": high}


def test_styles_become_attributes_and_a_short_hand_font_its_parts():
    drawn = without_styles(
        Markup('<g style="fill: #fff; stroke: none"><text style="font: bold 9px Arial"/></g>')
    )
    assert "style=" not in drawn
    assert 'fill="#fff" stroke="none"' in drawn
    assert 'font-weight="bold" font-size="9px" font-family="Arial"' in drawn


def test_one_day_is_no_line():
    assert over_time([point("2026-01-04", 0.1)], title="x") is None
    assert over_time([point("2026-01-04", 0.1), point("2026-01-11", None)], title="x") is None


def test_a_line_has_a_dot_a_day_tells_it_in_words_and_escapes_its_title():
    drawn = over_time([point("2026-01-04", 0.1, 0.05, 0.2), point("2026-01-11", 0.3)], title=HARM)
    assert drawn.count("<circle") == 2
    assert "30\u00a0%" in drawn
    assert HARM not in drawn
    assert "nan" not in drawn


def test_a_bar_starts_in_the_middle_and_the_widest_reaches_the_edge():
    more, less = bar_of(0.5, 0.5), bar_of(-0.25, 0.5)
    assert (more.x, more.width, more.is_more, more.figure) == (50.0, 50.0, True, "+0.50")
    assert (less.x, less.width, less.is_more) == (25.0, 25.0, False)
