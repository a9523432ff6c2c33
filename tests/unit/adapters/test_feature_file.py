"""A user's file of features: what it defines, what its words say, and what is said when it is wrong."""

import hashlib

import pytest

from standfast.adapters.feature_file import read_own_features
from standfast.errors import InputError

FILE = '''
"""Our features."""
import math
from collections import Counter
from standfast.features.windows import ratio

UNITS = {"weekend_share": "share"}
ZEROS = ["n_calls"]
LIMIT = 3


def _of_calls(events):
    return events["touches"]


def weekend_share(events, day):
    """weekends: share of use on weekends, 90 days.

    More of it.
    """


def n_calls(events, day):
    """calls with us"""


def bare(events, day):
    return None
'''


@pytest.fixture
def write(tmp_path):
    def written(text):
        path = tmp_path / "ours.py"
        path.write_text(text)
        return path

    return written


def test_public_functions_of_the_file_itself_are_its_features(write):
    path = write(FILE)
    own = read_own_features(path)
    assert [feature.name for feature in own.features] == ["weekend_share", "n_calls", "bare"]
    assert [feature.is_count for feature in own.features] == [False, True, False]
    assert own.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [one.name for one in path.parent.iterdir()] == ["ours.py"], "no compiled code is left beside it"


def test_a_docstring_says_what_a_feature_means(write):
    meanings = read_own_features(write(FILE)).meanings
    weekend, calls, bare = (meanings[name] for name in ("weekend_share", "n_calls", "bare"))
    assert (weekend.label, weekend.unit, weekend.meaning) == (
        "weekends", "share", "share of use on weekends, 90 days.",
    )  # fmt: skip
    assert (calls.label, calls.meaning) == ("n calls", "calls with us")
    assert (bare.label, bare.meaning) == ("bare", "a feature of your own")


WRONG = {
    "x = 1\ny = 2 +": r"ours\.py, line 2: SyntaxError: .*; mend it, or take \[book\] features out",
    "x = 1\n\nimport no_such_library": r"ours\.py, line 3: ModuleNotFoundError: No module named",
    "def f(events, day): ...\nboom = 1 / 0": r"ours\.py, line 2: ZeroDivisionError",
    "from math import sqrt\nX = 1": r"ours\.py defines no feature; write functions such as",
    "ZEROS = ['g']\ndef f(events, day): ...": r"UNITS or ZEROS name \['g'\], and its features are \['f'\]",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_with_the_file_is_one_sentence(write, text):
    with pytest.raises(InputError, match=WRONG[text]):
        read_own_features(write(text))


def test_a_file_that_is_not_there_is_named_with_its_setting(tmp_path):
    with pytest.raises(InputError, match=r"gone\.py, which \[book\] features names, cannot be read"):
        read_own_features(tmp_path / "gone.py")
