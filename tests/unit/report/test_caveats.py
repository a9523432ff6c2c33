from standfast.report.caveats import caveats


def _names(content):
    return [name for name, _ in caveats(content)]


def test_past_practice_is_always_said(bent):
    """Causes are named: a probability is under past practice."""
    assert (
        _names(bent(plan=None, models=[], findings=[], rows={}))[0]
        == "Probabilities hold under past practice"
    )


def test_the_response_is_called_an_assumption_with_its_save_rate(content):
    told = dict(caveats(content))["How outreach works is an assumption"]
    assert "keeps 10\u00a0% of those who would leave" in told


def test_half_and_twice_the_response_are_told_where_known(bent, content):
    sensitivity = {
        "value_at_half_response": 900.0,
        "value_at_twice_response": 63_000.0,
        "break_even_save_rate": 0.095,
    }
    told = dict(caveats(bent(plan_summary={**content.plan_summary, "sensitivity": sensitivity})))
    words = told["How outreach works is an assumption"].replace("\u00a0", " ")
    assert "900 USD; if twice as well, 63 k USD. It pays for itself from a save rate of 9.5 %." in words


def test_a_missing_model_is_named(bent, scores):
    assert "No model for: who buys more" in _names(bent(scores=scores.drop(columns="upsell_probability")))
    assert "No model for: who leaves" in _names(bent(scores=scores.assign(churn_probability=float("nan"))))


def test_few_events_rejected_rows_and_open_findings_are_doubts(bent):
    names = _names(bent(models=[{"target": "churned", "n_events": 30}]))
    assert names[-3:] == [
        "Few cases to learn from: who leaves",
        "Some rows are not in this report",
        "The data has open findings",
    ]  # fmt: skip


def test_mere_notes_of_the_data_check_are_no_doubts(bent):
    quiet = bent(findings=[{"severity": "note", "name": "x", "explanation": "y"}], rows={"rejected": 0})
    assert _names(quiet) == ["Probabilities hold under past practice", "How outreach works is an assumption"]
