import pandas as pd


def test_the_truth_has_one_row_per_account_and_month(book):
    assert not book.truth.duplicated(["account_id", "month"]).any()
    assert len(book.truth) == 2000 * 24
    assert book.truth["month"].min() == pd.Timestamp("2024-01-01")


def test_chances_are_probabilities_and_come_true_as_often_as_they_say(book):
    for chance, event in (("churn_hazard", "churned"), ("expansion_propensity", "expanded")):
        expected, happened = book.truth[chance].sum(), book.truth[event].sum()
        assert book.truth[chance].between(0, 1).all()
        assert abs(happened - expected) < 4 * expected**0.5 + 0.05 * expected


def test_churn_falls_in_the_month_of_its_date(book):
    once = book.truth[book.truth["returned_on"].isna() & book.truth["churned"]]
    assert (once["churned_on"].dt.to_period("M") == once["month"].dt.to_period("M")).all()


def test_those_who_have_not_joined_or_have_left_are_not_active(book):
    truth = book.truth[book.truth["returned_on"].isna() & book.truth["churned_on"].notna()]
    after = truth["month"] >= truth["churned_on"]
    assert not truth["active"][after].any()
