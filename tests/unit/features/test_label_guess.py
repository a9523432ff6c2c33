"""What a label column's values mean is guessed from their words, or not at all."""

import pandas as pd
import pytest

from standfast.features.label_guess import guess_label_values


def test_plain_yes_and_no_need_no_explanation() -> None:
    guessed = guess_label_values(pd.Series(["YES", "no", None]), label="expanded")
    assert guessed is not None
    assert guessed.label_values is None
    assert guessed.reason == "a known name; its values are YES and no"


@pytest.mark.parametrize(
    "values", [[None, None], [str(i) for i in range(20)], ["Churned", "Churned"], ["a", "b"]]
)
def test_values_that_do_not_look_like_a_label_give_no_guess(values: list[str]) -> None:
    assert guess_label_values(pd.Series(values, dtype="str"), label="churned") is None


def test_only_churn_is_read_from_a_status() -> None:
    status = pd.Series(["Churned", "Stayed"])
    assert guess_label_values(status, label="churned") is not None
    assert guess_label_values(status, label="expanded") is None
