from dataclasses import replace

from standfast.report.pictures import evaluation_pictures, hours_picture, importance_picture


def test_curves_without_points_are_left_out(evaluation):
    told, analyst = evaluation_pictures(
        replace(evaluation, curves={"gain": evaluation.curves["gain"]}, by_date=()),
        anchor="m",
        event="Who leaves",
    )
    assert (len(told), len(analyst)) == (1, 0)


def test_a_single_test_date_draws_no_line_over_time(evaluation):
    _, analyst = evaluation_pictures(
        replace(evaluation, by_date=evaluation.by_date[:1]), anchor="m", event="E"
    )
    assert len(analyst) == 2


def test_the_words_of_a_picture_hold_its_figures(content):
    (picture,) = importance_picture([("seat use", 0.3)], anchor="m", event="Who leaves")
    assert "seat use 30\u00a0%" in picture.svg
    (hours,) = hours_picture(content.plan_summary["by_owner"])
    assert "Zoë: 6.5\u00a0h of 7\u00a0h" in hours.svg


def test_nothing_to_draw_gives_no_picture(content):
    assert importance_picture([], anchor="m", event="E") == ()
    assert importance_picture([("a", float("nan"))], anchor="m", event="E") == ()
    assert hours_picture(content.plan_summary["by_owner"][:1]) == ()
