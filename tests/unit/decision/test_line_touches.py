"""Plan lines as touches in their order."""

from dataclasses import replace

import pandas as pd
import pytest

from standfast.decision.bundles import BUNDLES, Channel, Channels
from standfast.decision.line_touches import OFFSETS, ORDER, line_touches
from standfast.decision.matrix import CELLS
from standfast.errors import InputError


def lines_of(bundles, *, cell="high risk, high value", channels=None):
    channels = channels or Channels()
    call = channels.low_value_call if cell.endswith("low value") else channels.call
    takes = (channels.in_person, channels.review, call, channels.email, channels.digital)
    counts = [(b.n_visit, b.n_review, b.n_call, b.n_email, b.n_digital) for b in bundles]
    minutes = [sum(n * one.minutes for n, one in zip(own, takes, strict=True)) for own in counts]
    return pd.DataFrame(
        {
            "account_id": [f"A{place}" for place in range(len(bundles))],
            "cell": cell,
            "n_in_person": [b.n_in_person for b in bundles], "n_call": [b.n_call for b in bundles],
            "n_email": [b.n_email for b in bundles], "n_digital": [b.n_digital for b in bundles],
            "hours": [one / 60 for one in minutes],
        }
    )  # fmt: skip


@pytest.mark.parametrize("cell", [cell.name for cell in CELLS])
def test_hours_tell_reviews_from_visits_in_every_bundle(cell):
    """C1: in-person counts hold both, and the hours say which."""
    rows = line_touches(lines_of(BUNDLES, cell=cell), channels=Channels())
    for place, bundle in enumerate(BUNDLES):
        own = rows.loc[rows["place"] == place, "channel"].value_counts()
        assert own.get("review", 0) == bundle.n_review
        assert own.get("in_person", 0) == bundle.n_visit


def test_the_minutes_of_an_account_add_up_to_its_hours():
    lines = lines_of(BUNDLES)
    minutes = line_touches(lines, channels=Channels()).groupby("place")["minutes"].sum()
    expected = (lines["hours"] * 60).round()
    assert (minutes.reindex(range(len(lines)), fill_value=0) == expected).all()


def test_a_call_opens_the_review_lies_in_the_middle_and_mail_follows():
    rows = line_touches(
        lines_of([bundle for bundle in BUNDLES if bundle.n_review and bundle.n_call]), channels=Channels()
    )
    for _, own in rows[~rows["is_automated"]].groupby("place"):
        channels = own.sort_values("step")["channel"].tolist()
        assert channels[0] == "call"
        assert channels.index("review") > 0
        assert "email" not in channels[: channels.index("call") + 1]


def test_calls_of_the_low_value_tier_are_the_short_ones():
    rows = line_touches(lines_of([BUNDLES[2]], cell="low risk, low value"), channels=Channels())
    assert rows.loc[rows["channel"] == "call", "minutes"].tolist() == [30]


def test_hours_that_the_touches_do_not_take_are_refused():
    lines = lines_of([BUNDLES[5]]).assign(hours=99.0)
    with pytest.raises(InputError, match=r"account 'A0' 99 hours.*plan again"):
        line_touches(lines, channels=Channels())


def test_where_a_visit_takes_as_long_as_a_review_one_review_comes_once():
    alike = replace(Channels(), in_person=Channel(minutes=180))
    rows = line_touches(lines_of([BUNDLES[-1]], channels=alike), channels=alike)
    assert rows["channel"].value_counts()[["review", "in_person"]].tolist() == [1, 2]


def test_every_channel_has_its_place():
    assert set(ORDER) == set(OFFSETS)


def test_an_empty_plan_has_no_touches():
    assert line_touches(lines_of([BUNDLES[0]]), channels=Channels()).empty
