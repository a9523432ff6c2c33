"""U1: what is usual among peers is learned once and kept, so that no row's reasons move another's."""

import json

import numpy as np
import pandas as pd
import pytest

from standfast.features.encode import learn_encoding
from standfast.features.peer_values import WHOLE_BOOK, PeerValues, learn_peer_values


def book() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "industry": ["Retail"] * 6 + ["Bank"] * 4 + [None] * 2,
            "plan": ["pro"] * 6 + ["basic"] * 4 + ["pro"] * 2,
            "seats": [1, 2, 3, 4, 5, 6, 100, 100, 100, 100, 100, 100.0],
            "score": [np.nan, np.nan, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9.0],
            "empty": np.full(12, np.nan),
        }
    )


def learned(frame: pd.DataFrame) -> PeerValues:
    return learn_peer_values(frame, learn_encoding(frame, columns=list(frame.columns)))


def test_a_group_of_five_has_its_own_medians_and_a_smaller_one_the_whole_book_s():
    peers = learned(book())
    assert peers.sizes == {("Retail", "pro"): 6}
    places = peers.place(book())
    assert places.tolist() == [0] * 6 + [WHOLE_BOOK] * 6
    assert peers.usual("seats")[places].tolist() == [3.5] * 6 + [53.0] * 6
    assert peers.words(0) == "6 accounts of Retail, pro"
    assert peers.words(WHOLE_BOOK) == "all 12 accounts of the book"


def test_what_fewer_than_five_of_a_group_have_is_not_known_of_it():
    assert np.isnan(learned(book()).usual("score")[0])
    assert np.isnan(learned(book()).usual("industry")).all()
    assert np.isnan(learned(book()).tenths("nothing")).all()


def test_peers_come_back_from_json_as_they_were():
    peers = learned(book())
    back = PeerValues.from_dict(json.loads(json.dumps(peers.to_dict(), allow_nan=False)))
    assert back.to_dict() == peers.to_dict()
    assert back.place(book()).tolist() == peers.place(book()).tolist()


def test_the_order_of_rows_changes_nothing():
    assert learned(book().sample(frac=1, random_state=3)).to_dict() == learned(book()).to_dict()


@pytest.mark.parametrize("absent", [["industry", "plan"], ["plan"]])
def test_a_book_without_the_columns_compares_with_those_it_has_or_with_all(absent):
    peers = learned(book().drop(columns=absent))
    places = peers.place(book().drop(columns=absent)[:1])
    assert places.tolist() == [WHOLE_BOOK if len(absent) == 2 else 0]


def test_rows_without_the_columns_are_compared_with_the_whole_book():
    assert learned(book()).place(pd.DataFrame({"seats": [1]})).tolist() == [WHOLE_BOOK]


def test_the_same_industry_written_otherwise_is_the_same():
    frame = book().assign(plan=[7] * 12)
    assert learned(frame).place(frame.assign(plan="7.0"))[0] == 0
