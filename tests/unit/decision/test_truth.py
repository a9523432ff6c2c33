"""U4: what is not known is neither true nor false, and no rule turns it into either."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.truth import Truth

KINDS = {"true": (True, False), "false": (False, True), "unknown": (False, False)}


def truth(*words: str) -> Truth:
    return Truth(*(np.array(part, dtype=bool) for part in zip(*(KINDS[word] for word in words), strict=True)))


def words(of: Truth) -> list[str]:
    return np.select([of.true, of.false], ["true", "false"], "unknown").tolist()


kinds = st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=20)
pairs = kinds.flatmap(
    lambda one: st.tuples(
        st.just(one), st.lists(st.sampled_from(list(KINDS)), min_size=len(one), max_size=len(one))
    )
)


def test_one_false_part_settles_an_and_and_one_true_part_an_or():
    unknown = truth("unknown", "unknown", "unknown")
    other = truth("true", "false", "unknown")
    assert words(unknown & other) == ["unknown", "false", "unknown"]
    assert words(unknown | other) == ["true", "unknown", "unknown"]
    assert words(~other) == ["false", "true", "unknown"]
    assert words(unknown.or_else(other)) == ["true", "false", "unknown"]


@given(pairs)
def test_nothing_is_true_and_false_at_once_and_de_morgan_holds(pair):
    a, b = (truth(*one) for one in pair)
    for made in (a & b, a | b, ~a, a.or_else(b)):
        assert not (made.true & made.false).any()
    assert words(~(a & b)) == words(~a | ~b)


@given(pairs, st.data())
def test_learning_what_was_unknown_never_turns_a_settled_answer(pair, data):
    learned = [
        [word if word != "unknown" else data.draw(st.sampled_from(["true", "false"])) for word in one]
        for one in pair
    ]
    for combine in (Truth.__and__, Truth.__or__):
        before = words(combine(*(truth(*one) for one in pair)))
        after = words(combine(*(truth(*one) for one in learned)))
        assert all(was in {"unknown", is_now} for was, is_now in zip(before, after, strict=True))
