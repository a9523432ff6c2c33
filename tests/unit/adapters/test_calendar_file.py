"""iCalendar files, read back by another's parser."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from standfast.adapters.calendar_file import CalendarEntry, calendar_text

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200)
HOSTILE = [
    '=HYPERLINK("http://x","y")', "a,b;c\\d", "line\nbreak", "line\r\nbreak", "\U0001f600" * 60,
    "شركة \u202eevil",     "END:VEVENT\nBEGIN:VEVENT", "W" * 500, "tab\there", "bell\x07", "\ud800 alone", "",
]  # fmt: skip


def entry(title="Call", *, identity=("a",), description="why"):
    return CalendarEntry(identity, date(2026, 1, 5), title, description, "outreach")


def written(*entries):
    return calendar_text(entries, name="Ann", made_on=date(2026, 1, 1))


def events(text):
    return Calendar.from_ical(text.encode("utf-8")).walk("VEVENT")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    (event,) = events(written(entry(text, description=text)))
    plain = text.replace("\r\n", "\n").replace("\x07", " ").replace("\ud800", "?")
    assert str(event["SUMMARY"]) == plain
    assert str(event["DESCRIPTION"]) == plain


@given(TEXT)
def test_any_text_comes_back_as_it_was(text):
    (event,) = events(written(entry(text)))
    assert str(event["SUMMARY"]) == text


@given(TEXT)
def test_no_line_is_longer_than_75_octets_and_all_end_in_crlf(text):
    lines = written(entry(text, description=text * 3)).encode("utf-8").split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_an_entry_lasts_its_day_and_leaves_it_free():
    (event,) = events(written(entry()))
    assert event["DTSTART"].dt == date(2026, 1, 5)
    assert event["DTEND"].dt == date(2026, 1, 6)
    assert event["TRANSP"] == "TRANSPARENT"


def test_the_same_work_keeps_its_identity_and_other_work_has_another():
    first, again, other = events(written(entry("Call"), entry("moved"), entry(identity=("b",))))
    assert first["UID"] == again["UID"] != other["UID"]


def test_a_later_list_has_a_higher_sequence():
    sequences = [
        events(calendar_text([entry()], name="Ann", made_on=day))[0]["SEQUENCE"]
        for day in (date(2026, 1, 1), date(2026, 1, 8))
    ]
    assert sequences[0] < sequences[1]
