import pandas as pd


def test_tickets_close_after_they_open_and_some_are_still_open(book):
    tickets = book.tables["tickets"]
    closed = tickets[tickets["closed_at"].notna()]
    assert (closed["closed_at"] > closed["opened_at"]).all()
    assert 0 < tickets["closed_at"].isna().mean() < 0.05
    assert 0.02 < tickets["escalated"].mean() < 0.2


def test_unhappy_accounts_escalate_and_score_low(book):
    health = book.truth.set_index(["account_id", "month"])["health"]
    link = {}
    for table, moment, column in (("tickets", "opened_at", "escalated"), ("surveys", "answered_at", "score")):
        rows = book.tables[table]
        month = rows[moment].dt.to_period("M").dt.to_timestamp()
        felt = health.reindex(pd.MultiIndex.from_arrays([rows["account_id"], month])).to_numpy()
        link[column] = pd.Series(felt).corr(rows[column].astype(float), method="spearman")
    assert link["escalated"] < -0.05
    assert link["score"] > 0.3


def test_scores_run_from_zero_to_ten_and_most_accounts_keep_silent_at_times(book):
    """S3: silence is a state of its own."""
    surveys = book.tables["surveys"]
    assert surveys["score"].between(0, 10).all()
    assert surveys["score"].nunique() == 11
    asked_waves = 4
    assert surveys["account_id"].value_counts().median() < 2 * asked_waves
    assert set(surveys["account_id"]) < set(book.tables["accounts"]["account_id"])


def test_only_people_who_are_there_answer(book):
    answers = book.tables["surveys"].merge(book.tables["contacts"], on="contact_id", suffixes=("", "_of"))
    assert len(answers) > 1000
    assert (answers["account_id"] == answers["account_id_of"]).all()
    assert (answers["answered_at"] >= answers["joined_on"]).all()
    left = answers[answers["left_on"].notna()]
    assert (left["answered_at"] < left["left_on"]).all()
