"""Each feature has a name a customer-success manager understands."""

from standfast.features.catalogue import CATALOGUE, describe, model_features


def test_every_entry_says_what_it_is_in_words():
    for name, meaning in CATALOGUE.items():
        assert meaning.label, name
        assert "_" not in meaning.label, name
        assert len(meaning.meaning) > 5, name
        assert len(meaning.meaning) < 100, name


def test_labels_tell_features_apart():
    labels = [meaning.label for meaning in CATALOGUE.values()]
    assert len(set(labels)) == len(labels)


def test_a_column_of_the_users_own_speaks_for_itself():
    assert describe("MonthlyCharges").label == "MonthlyCharges"
    assert describe("MonthlyCharges").model_feature


def test_outreach_is_recorded_but_no_model_feature():
    """Outreach is a cause: models predict for no outreach."""
    columns = ["account_id", "touches_90d", "sponsor_engagement", "owner", "name", "seats", "churned", "mine"]
    assert model_features(columns) == ("seats", "mine")
