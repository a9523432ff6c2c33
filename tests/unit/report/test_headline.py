from standfast.report.headline import automated_note, hours_told, lead, tiles, title


def _say(texts):
    return " ".join([texts] if isinstance(texts, str) else texts).replace("\u00a0", " ")


def test_the_title_counts_accounts_that_get_a_persons_time(content):
    assert _say(title(content)) == "3 accounts are worth your team's time in the next 90 days"


def test_the_title_of_a_plan_without_touches_says_nobody(bent, plan):
    assert title(bent(plan=plan.assign(n_in_person=0, n_call=0, n_email=0))).startswith("Nobody to contact")


def test_a_plan_that_loses_money_at_the_cautious_estimate_says_so(bent):
    """Money is honest: estimates lean low, also below zero."""
    told = _say(lead(bent(plan_summary={"conservative_value": -500.0, "expected_value": 100.0})))
    assert "does not pay for itself" in told
    assert told.index("500 USD") < told.index("100 USD")


def test_without_a_churn_model_the_risk_is_called_unknown(bent, scores):
    """U4: missing data is shown, never read as healthy."""
    assert "risk of leaving is unknown" in _say(lead(bent(scores=scores.assign(risk_tier=None))))


def test_unknown_figures_get_no_tile(bent, scores):
    bare = scores.assign(annual_revenue=float("nan"), revenue_at_risk=float("nan"))
    assert [tile.name for tile in tiles(bent(scores=bare, plan_summary={}))] == ["Accounts scored"]


def test_revenue_at_risk_is_put_beside_the_books_revenue(content):
    tile = next(tile for tile in tiles(content) if tile.name == "Revenue at risk")
    assert _say([tile.figure, tile.note]) == "44 k USD 30 % of yearly revenue"


def test_capacity_and_plan_stand_side_by_side_with_the_worth_of_an_hour(content):
    """C2: nothing is planned past capacity, and what more hours would bring is said."""
    told = _say(hours_told(content))
    assert told.startswith(
        "8 h of 10 h are planned. One more hour, where hours are shortest, would earn about 40 USD"
    )
    assert "at most 0.1 % below the best" in told


def test_a_tiny_gap_is_said_as_less_than_a_tenth_of_a_percent(bent):
    assert "less than 0.1 % below the best" in _say(hours_told(bent(plan_summary={"gap": 1e-5})))


def test_spare_hours_and_an_exact_plan_are_said(bent):
    told = _say(hours_told(bent(plan_summary={"lambda_": 0.0, "gap": 0.0})))
    assert told == (
        "There are hours to spare: every touch that pays for itself is planned. "
        "No other plan would earn more in these hours."
    )


def test_accounts_with_automated_messages_only_are_counted_apart(plan):
    assert _say(automated_note(plan)) == "1 more account gets automated messages only."
