"""The page says of a look what it found, the most urgent first, and nothing where nobody has looked."""

from standfast.report.monitor_view import monitor_view

CHECK = {"kind": "level", "about": "churn", "step": "nothing", "sentence": "fine", "is_judged": True}
TOLD = {
    "sentence": "retrain: level (churn)", "as_of": "2026-01-01", "champion": "book-1", "next_step": "train",
    "retrained": None, "notes": ["a month is missing"], "matured": ["2025-08-01"],
    "months": [{"model": "churn", "day": "2025-08-01", "n_rows": 900, "observed": 60.0, "expected": 30.0}],
    "checks": [
        CHECK,
        {**CHECK, "is_judged": False, "sentence": "too few"},
        {**CHECK, "step": "retrain", "sentence": "twice as many"},
    ],
}  # fmt: skip


def test_what_asks_for_most_stands_first_and_what_could_not_be_judged_last():
    view = monitor_view(TOLD)
    assert view.parts == (
        ("Asks for a new model", ("twice as many",)),
        ("As it should be", ("fine",)),
        ("Not judged yet", ("too few",)),
    )


def test_the_months_tell_what_was_promised_and_what_came():
    assert monitor_view(TOLD).months.rows[0][2:] == ("900", "30.0", "60", "2.00")


def test_what_training_brought_is_told():
    view = monitor_view({**TOLD, "retrained": {"sentence": "the champion stays"}})
    assert view.trained == "the champion stays"


def test_where_nobody_has_looked_there_is_no_view():
    assert monitor_view({}) is None
    assert monitor_view(None) is None
