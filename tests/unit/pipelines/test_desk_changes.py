"""What changed since the plan before: who moved, came, went; and how the plan differs."""

from datetime import date
from types import SimpleNamespace

import pandas as pd

from standfast.decision.matrix import MATRIX
from standfast.pipelines.desk_changes import changes_of

CELLS = {cell.segment: cell for cell in MATRIX.cells}


def lines(**segment_of):
    return pd.DataFrame(
        {
            "account_id": list(segment_of),
            "cell": [CELLS[segment].name for segment in segment_of.values()],
            "segment": list(segment_of.values()),
            "hours": 1.0,
            "conservative_value": 10.0,
        }
    )


def desk(before, now):
    accounts = now.assign(
        priority=[CELLS[segment].priority for segment in now["segment"]],
        annual_revenue=[100.0 * place for place in range(1, len(now) + 1)],
    )
    return SimpleNamespace(
        book=SimpleNamespace(given=SimpleNamespace(past=SimpleNamespace(last_plan=before))),
        accounts=accounts,
        plan=SimpleNamespace(lines=now),
        settings=SimpleNamespace(built_matrix=MATRIX),
    )


def test_the_first_plan_has_nothing_before_it():
    assert changes_of(desk(None, lines(a="Save"))).since is None


def test_who_moved_came_and_went_is_counted_and_the_largest_stands_first():
    before = lines(a="Watch", b="Save", c="Save", gone="Save").assign(as_of=pd.Timestamp("2026-01-01"))
    found = changes_of(desk(before, lines(a="Save", b="Steer", c="Save", new="Watch")))
    assert found.since == date(2026, 1, 1)
    assert list(found.moved["account_id"]) == ["b", "a"]
    assert (found.n_moved, found.n_up, found.n_come, found.n_gone) == (2, 1, 1, 1)
    assert found.n_planned == (4, 4)


def test_only_the_first_are_shown_and_all_are_counted():
    before = lines(a="Watch", b="Watch").assign(as_of=pd.Timestamp("2026-01-01"))
    found = changes_of(desk(before, lines(a="Save", b="Save")), most=1)
    assert (len(found.moved), found.n_moved) == (1, 2)
