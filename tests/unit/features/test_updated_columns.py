"""Columns people change afterwards are named; deals won at no date are counted."""

from standfast.features.updated_columns import updated_findings


def test_columns_of_last_state_are_named_once(maker):
    book = maker.book(tickets=maker.events("opened_at", -5, priority="high", escalated=True))
    (finding,) = updated_findings(book)
    assert (finding.name, finding.severity) == ("updated_later", "note")
    assert "tickets.priority, tickets.escalated." in finding.explanation
    assert not list(updated_findings(maker.book()))


def test_deals_won_without_a_date_are_counted(maker):
    rows = [
        {"account_id": "a", "opened_on": maker.day(-9), "closed_on": closed, "won": won}
        for closed, won in ((maker.day(-2), True), (None, True), (None, None), (None, False))
    ]
    found = {finding.name: finding for finding in updated_findings(maker.book(opportunities=rows))}
    assert found["undated:opportunities.won"].explanation.startswith("1 opportunities are won without")
