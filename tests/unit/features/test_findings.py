"""Findings: what is set aside and what forbids going on follows from the policy alone."""

from standfast.features.findings import CheckPolicy, Finding, resolve

LEAK = Finding(name="leak:reason", severity="error", explanation="it knows", column="reason")
TWICE = Finding(
    name="duplicate_ids", severity="error", explanation="two rows", column="account_id", is_final=True
)
STALE = Finding(name="stale:usage", severity="error", explanation="it stopped")
CONSTANT = Finding(name="constant:x", severity="note", explanation="one value", column="x", sets_aside=True)
SUSPECT = Finding(name="suspect:y", severity="warning", explanation="perhaps", column="y")
ALL = (LEAK, TWICE, CONSTANT, SUSPECT)


def test_a_leak_forbids_going_on_by_default() -> None:
    assert resolve(ALL, CheckPolicy()) == (("x",), (LEAK, TWICE))


def test_a_leak_is_set_aside_where_the_settings_say_so() -> None:
    assert resolve(ALL, CheckPolicy(leakage="set_aside")) == (("reason", "x"), (TWICE,))


def test_an_accepted_leak_is_a_feature_like_any_other() -> None:
    for leakage in ("refuse", "set_aside"):
        policy = CheckPolicy(leakage=leakage, accept=("leak:reason",))
        assert resolve(ALL, policy) == (("x",), (TWICE,))


def test_duplicate_ids_cannot_be_accepted_away() -> None:
    assert resolve([TWICE], CheckPolicy(accept=("duplicate_ids",))) == ((), (TWICE,))


def test_an_error_that_the_settings_name_forbids_nothing() -> None:
    assert resolve([STALE], CheckPolicy()) == ((), (STALE,))
    assert resolve([STALE], CheckPolicy(accept=("stale:usage",))) == ((), ())


def test_warnings_and_notes_forbid_nothing() -> None:
    assert resolve([SUSPECT], CheckPolicy()) == ((), ())
