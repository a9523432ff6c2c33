"""Features of the user's own: one value per account, from tables that end before the date."""

from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from standfast.adapters.feature_file import read_own_features
from standfast.errors import InputError
from standfast.features.catalogue import FeatureMeaning, describe
from standfast.features.own import OwnFeature, OwnFeatures
from standfast.features.snapshot import build_snapshots, collect_snapshots


def own(make, *, name="mine", is_count=False):
    """A file of one feature."""
    meaning = FeatureMeaning("mine", "", "a feature of the test", family="product")
    return OwnFeatures("mine.py", "0", (OwnFeature(name, make, meaning, is_count),))


def look(maker, features, *, dates=None, **tables):
    return collect_snapshots(build_snapshots(maker.book(**tables), dates=dates or [maker.t], own=features))


def n_rows(table):
    """A feature that counts the rows of a table."""
    return lambda events, day: events[table].group_by("account_id").agg(n=events[table].count())  # noqa: ARG005


def test_a_function_sees_the_days_before_each_date_and_none_after(maker):
    rows = maker.events("day", -31, -30, -1, 0, 5)
    seen = look(maker, own(n_rows("usage")), usage=rows, dates=[maker.day(-30), maker.t])
    assert seen["mine"].tolist() == [1, 3]


def test_even_a_careless_join_cannot_look_ahead(maker):
    def make(events, day):
        both = events["usage"].join(events["tickets"], "account_id")
        return both.group_by("account_id").agg(last=both.day.max().delta(day, unit="day"))

    tables = {"usage": maker.events("day", -40, -2, 3), "tickets": maker.events("opened_at", -50, 2)}
    seen = look(maker, own(make), dates=[maker.day(-30), maker.t], **tables)
    assert seen["mine"].tolist() == [-10, -2]


def test_accounts_without_a_row_have_nothing_or_zero_as_the_file_says(maker):
    for is_count, expected in ((False, [True]), (True, [False])):
        features = own(n_rows("tickets"), is_count=is_count)
        seen = look(maker, features, tickets=maker.events("opened_at", 1))
        assert seen["mine"].isna().tolist() == expected


def test_the_values_are_numbers_flags_or_text(maker):
    def of(value):
        return own(lambda events, _: events["accounts"].select("account_id", x=value))

    third = own(lambda e, _: e["accounts"].select("account_id", x=e["accounts"].account_id.length() / 3))
    assert look(maker, third)["mine"].tolist() == [0.333333]
    assert look(maker, of(ibis.literal(value=True)))["mine"].tolist() == [1.0]
    assert look(maker, of(ibis.literal("north")))["mine"].tolist() == ["north"]
    assert np.isnan(look(maker, of(ibis.literal(float("inf"))))["mine"]).all()
    with pytest.raises(InputError, match=r"'mine' of mine\.py gives date; a feature is a number"):
        look(maker, of(ibis.literal(maker.t)))


def test_the_users_columns_beyond_ours_are_there_for_their_features(maker):
    def make(events, _):
        calls = events["tickets"].filter(events["tickets"].topic == "billing")
        return calls.group_by("account_id").agg(n=calls.count())

    tickets = maker.events("opened_at", -1, topic="billing") + maker.events("opened_at", -1, topic="login")
    assert look(maker, own(make), tickets=tickets)["mine"].tolist() == [1]


BAD = {
    "a failing function": (lambda *_: 1 / 0, "fails: ZeroDivisionError: division by zero"),
    "a table that is not there": (
        lambda events, _: events["visits"],
        r"asks for a table 'visits'; this book",
    ),
    "no table": (lambda *_: 3, "gives a int; it must give an Ibis table of account_id and one column"),
    "two columns": (
        lambda e, _: e["accounts"].mutate(x=1, y=2),
        r"gives a table of \['account_id', 'x', 'y'\]",
    ),
    "no account": (lambda e, _: e["accounts"].select(x=1, y=2), r"gives a table of \['x', 'y'\]"),
    "several rows": (
        lambda e, _: e["usage"].select("account_id", "quantity"),
        r"gives up to 2 rows per account; aggregate: \.group_by\('account_id'\)",
    ),
    "what the engine cannot run": (
        lambda e, _: e["accounts"].select("account_id", x=e["accounts"].account_id.cast("int64")),
        "fails: ConversionException",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_said_under_the_functions_name(maker, case):
    make, complaint = BAD[case]
    with pytest.raises(InputError, match=rf"^feature 'mine' of mine\.py {complaint}"):
        look(maker, own(make), usage=maker.events("day", -1, -1, quantity=2))


@pytest.mark.parametrize("name", ["tenure_days", "account_id", "industry", "churned"])
def test_a_name_that_is_taken_is_refused(maker, name):
    with pytest.raises(InputError, match=f"feature '{name}' of mine.py has the name of a column"):
        look(maker, own(n_rows("subscriptions"), name=name))


def test_features_of_the_users_own_change_no_other(maker):
    rows = {"usage": maker.events("day", -1, -5)}
    with_it = look(maker, own(n_rows("usage")), **rows)
    pd.testing.assert_frame_equal(with_it.drop(columns="mine"), maker.look(**rows))


def test_the_file_in_the_documentation_works_as_it_says(maker, tmp_path):
    page = Path(__file__).parents[3].joinpath("docs", "features.md").read_text()
    path = tmp_path / "my_features.py"
    path.write_text(page.split("```python\n")[1].split("```")[0])
    tickets = maker.events("opened_at", -1, -90, -91, topic="billing") + maker.events(
        "opened_at", -1, topic="x"
    )
    usage = maker.events("day", -1, -1, -2, -3, -8)  # t is a Saturday
    (row,) = look(maker, read_own_features(path), tickets=tickets, usage=usage).to_dict("records")
    assert (row["n_billing_tickets"], row["weekend_share"]) == (2, 0)
    weekend = maker.events("day", -6, -7, -8, -9)
    assert look(maker, read_own_features(path), tickets=tickets, usage=weekend)["weekend_share"].tolist() == [
        0.5
    ]


def test_the_words_of_a_feature_are_those_of_its_file():
    meanings = own(n_rows("usage")).meanings
    assert describe("mine", meanings).meaning == "a feature of the test"
    assert describe("tenure_days", meanings) == describe("tenure_days")
