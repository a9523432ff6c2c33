"""Figures of a table follow from its counts."""

from standfast.features.table_facts import TableFacts


def test_rows_are_used_or_set_aside_and_shares_follow() -> None:
    facts = TableFacts(name="usage", n_rows=200, n_used=190, n_orphans=20, n_accounts=30, n_book=40)
    assert facts.n_set_aside == 10
    assert (facts.match_share, facts.accounts_share) == (0.9, 0.75)
