import re
import warnings

from standfast.report.ink import inked, new_axes, to_svg


def _drawn(label):
    with inked():
        figure, axes = new_axes()
        axes.plot([0, 1], [0, 1])
        axes.set_xlabel(label)
    return figure


def test_the_picture_has_a_title_and_a_description_for_those_who_cannot_see_it():
    svg = to_svg(_drawn("x"), name="one", title="A <title>", description="Rises & rises")
    assert 'role="img" aria-labelledby="one-title one-description"' in svg
    assert '<title id="one-title">A &lt;title&gt;</title>' in svg
    assert '<desc id="one-description">Rises &amp; rises</desc>' in svg


def test_ids_of_two_pictures_never_meet_and_references_hold():
    one = to_svg(_drawn("x"), name="one", title="", description="")
    two = to_svg(_drawn("x"), name="two", title="", description="")
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (one, two)]
    assert not ids[0] & ids[1]
    assert set(re.findall(r"(?:url\(#|href=\"#)([^\")]+)", one)) <= ids[0]


def test_the_picture_carries_no_date_program_or_foreign_address():
    svg = to_svg(_drawn("x"), name="one", title="", description="")
    assert set(re.findall(r"https?://[^\"\s<]+", svg)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "matplotlib.org" not in svg
    assert "<metadata" not in svg


def test_markup_and_other_scripts_in_labels_stay_text():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = to_svg(_drawn("<b>株式会社</b>"), name="one", title="", description="")
    assert "&lt;b&gt;株式会社&lt;/b&gt;" in svg
