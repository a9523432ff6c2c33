"""Names of files made from names of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.report.file_names import MOST_OCTETS, file_names

HOSTILE = [
    "../../x", "/etc/passwd", "a\\b", "", ".", "..", "con", "NUL.txt", "x" * 500, "\U0001f600" * 90, "a\nb",
    "a\x00b", "李 娜", "-rf", "~root", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("person", HOSTILE)
def test_a_name_is_one_plain_file(person):
    name = file_names([person])[person]
    assert name
    assert not set(name) & set('/\\:*?"<>|\n\x00~')
    assert not name.startswith((".", "-"))
    assert len(name.encode()) <= MOST_OCTETS + 7


def test_people_keep_readable_names():
    people = ["csm@example.com", "李 娜", "Björn Ek"]
    assert list(file_names(people).values()) == ["csm@example.com", "李-娜", "Björn-Ek"]


@given(st.lists(st.text(max_size=30), unique=True, max_size=20))
def test_no_two_people_share_a_file_on_any_system(people):
    names = file_names(people)
    assert len({name.casefold() for name in names.values()}) == len(people)
