"""A column that is no longer what training met is named, with what it was."""

import numpy as np
import pandas as pd

from standfast.features.encode import encode, learn_encoding
from standfast.features.schema_change import changed_columns, missing_columns

TRAINED = pd.DataFrame(
    {
        "seats": [1.0, 2.0, 5.0, np.nan],
        "plan": ["basic", "pro", "pro", None],
        "since": ["2024-01-01", "2024-02-01", None, "2024-03-01"],
        "never": [None, None, None, None],
    }
)
ENCODING = learn_encoding(TRAINED, columns=list(TRAINED))
SEEN = frozenset(TRAINED)


def changes(rows, seen=SEEN):
    return changed_columns(rows, encode(rows, ENCODING).matrix, encoding=ENCODING, seen=seen)


def test_the_same_columns_have_not_changed():
    assert changes(TRAINED) == ()
    assert missing_columns(TRAINED.columns, ENCODING) == ()


def test_each_missing_column_is_named_with_its_label_and_what_it_was():
    assert missing_columns(["plan"], ENCODING) == (
        "seats: a number in training, not there now",
        "since: a date in training, not there now",
        "never: a kind of thing in training, not there now",
    )
    labelled = learn_encoding(pd.DataFrame({"tickets_30d": [1.0]}), columns=["tickets_30d"])
    assert missing_columns([], labelled) == (
        "tickets_30d (tickets in 30 days): a number in training, not there now",
    )


def test_a_number_that_turned_to_text_is_named_with_examples():
    (told,) = changes(TRAINED.assign(seats=["many", "few", "3", "many"]))
    assert told == "seats: 75.0% of its cells hold something else than a number ('many', 'few')"


def test_a_stray_word_among_numbers_is_no_change_of_the_column():
    assert changes(TRAINED.assign(seats=["1", "2", "x", "4"])) == ()


def test_kinds_of_things_that_are_mostly_new_are_named():
    (told,) = changes(TRAINED.assign(plan=["gold", "silver", "pro", "gold"]))
    assert told == "plan: 75.0% of its cells hold values that training did not meet ('gold', 'silver')"


def test_a_column_that_fell_silent_is_named_and_one_always_silent_is_not():
    (told,) = changes(TRAINED.assign(since=["", " ", None, ""]))
    assert told == "since: a date in training, blank in all rows now"


def test_a_new_column_is_named_where_the_old_ones_are_known_and_ids_are_none():
    rows = TRAINED.assign(mood=1, account_id="a")
    assert changes(rows) == ("not known in training, so no part in the scores: mood",)
    assert changes(rows, seen=frozenset()) == ()


def test_what_always_was_blank_may_hold_anything_later():
    assert changes(TRAINED.assign(never=["x", "y", "z", "z"])) == ()
