"""What a column holds is told from its values, as the models will read them."""

import pandas as pd
import pytest

from standfast.features.kinds import column_kind, column_kinds


def kind_of(values: object, name: str = "x") -> str:
    return column_kind(pd.Series(values, name=name)).kind


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2.5", " "], "number"),
        (["1", "n/a", "3"], "number"),
        ([1, 2, 2], "number"),
        (["a", "b", "a"], "category"),
        (["1", "b", "1"], "category"),
        (["a", None, "a"], "category"),
        (["a", "a", "a"], "constant"),
        ([None, None], "constant"),
        (["5", "5"], "constant"),
        (["2024-01-01", "2024-02-01"], "date"),
        (["27-07-2023", "28-07-2023 03:00"], "date"),
        ([f"A{i}" for i in range(30)], "identifier"),
        ([str(i) for i in range(1001, 1031)], "number"),
    ],
)
def test_each_kind_is_told_from_its_values(values: list[object], kind: str) -> None:
    assert kind_of(values) == kind


def test_numbers_that_all_differ_are_ids_only_where_the_name_says_so() -> None:
    odd = [i * i for i in range(30)]
    assert (
        kind_of(odd, name="CustomerId")
        == kind_of(odd, name="RowNumber")
        == kind_of(odd, name="column 1")
        == "identifier"
    )
    assert kind_of(odd, name="visits") == "number"
    assert kind_of([i + 0.5 for i in range(30)], name="CustomerId") == "number"


def test_blanks_are_counted_and_told() -> None:
    kind = column_kind(pd.Series(["1", " ", None, "4"], name="TotalCharges"))
    assert str(kind) == "TotalCharges: number, 2 blank"


def test_dates_in_another_form_are_known_to_be_unreadable() -> None:
    kind = column_kind(pd.Series(["27-07-2023", "01-02-2024"], name="start"))
    assert not kind.is_readable
    assert "27-07-2023" in str(kind)


def test_typed_columns_have_the_kind_of_their_type() -> None:
    frame = pd.DataFrame(
        {
            "flag": pd.array([True, False, None], dtype="boolean"),
            "day": pd.to_datetime(["2024-01-01", None, "2024-01-03"]),
            "plan": pd.Categorical(["a", "b", "a"]),
        }
    )
    assert [kind.kind for kind in column_kinds(frame)] == ["number", "date", "category"]
    day = column_kinds(frame)[1].numbers
    assert day is not None
    assert day[2] - day[0] == 2
