"""What was bought at a date, as far as it was known then."""

from standfast.features.snapshot import SnapshotPolicy


def test_revenue_is_per_year_whatever_the_tables_say(maker):
    monthly = SnapshotPolicy(periods_per_year=12)
    rows = [maker.contract(), maker.contract(start=-5, amount=0.1), maker.contract(start=-5, amount=0.2)]
    assert maker.look(subscriptions=rows, policy=monthly)["annual_revenue"].tolist() == [1203.6]


def test_a_row_counts_from_the_day_it_starts_to_the_day_before_it_ends(maker):
    more = [
        maker.contract(start=start, end=end, amount=50.0) for start, end in ((0, 9), (1, 9), (-9, 0), (-9, 1))
    ]
    found = maker.each("annual_revenue", *({"subscriptions": [maker.contract(), row]} for row in more))
    assert found == [150.0, 100.0, 100.0, 150.0]


def test_revenue_change_looks_back_180_days(maker):
    more = [maker.contract(start=start, amount=50.0) for start in (-179, -180)]
    cases = [{"subscriptions": [maker.contract(), row]} for row in more]
    cases.append({"subscriptions": [maker.contract(start=-100)]})
    assert maker.each("revenue_change_180d", *cases) == [0.5, 0.0, None]


def test_price_changes_are_counted_over_a_year(maker):
    cases = [
        {"subscriptions": [maker.contract(start=-700, end=n), maker.contract(start=n, amount=120.0)]}
        for n in (0, -364, -365)
    ]
    assert maker.each("n_price_changes_365d", *cases) == [1, 1, 0]


def test_a_renewal_at_the_same_price_is_no_price_change(maker):
    rows = [maker.contract(start=-400, end=-35), maker.contract(start=-35)]
    assert maker.each("n_price_changes_365d", {"subscriptions": rows}) == [0]


def test_the_plan_is_that_of_the_row_that_brings_most_and_among_equals_of_the_newest(maker):
    """Never of the one that lasts: which of two rows ends first was not known."""
    big = [maker.contract(plan="small"), maker.contract(start=-9, amount=900.0, plan="big")]
    equal = [maker.contract(plan="old"), maker.contract(start=-9, end=50, plan="new")]
    assert maker.each("plan", {"subscriptions": big}, {"subscriptions": equal}) == ["big", "new"]


def test_days_to_renewal_look_ahead_only_and_never_at_the_rows_end(maker):
    renewals = (0, 30, -1, None)
    cases = [{"subscriptions": [maker.contract(end=40, renews_on=maker.day(n))]} for n in renewals]
    assert maker.each("days_to_renewal", *cases) == [0, 30, None, None]


def test_the_end_of_a_row_is_no_renewal_date(maker):
    """An end may have come by cancellation: a perfect leak."""
    snapshots = maker.look(subscriptions=[maker.contract(end=40), maker.contract("b")])
    assert "days_to_renewal" not in snapshots.columns
    assert snapshots["days_to_anniversary"].nunique() == 1


def test_the_anniversary_comes_every_365_days(maker):
    cases = [{"subscriptions": [maker.contract(start=-age)]} for age in (0, 1, 364, 365, 366)]
    assert maker.each("days_to_anniversary", *cases) == [365, 364, 1, 365, 364]


def test_tenure_counts_from_the_first_contract_or_the_accounts_own_start_where_that_is_earlier(maker):
    first = {"subscriptions": [maker.contract(start=-900, end=-800), maker.contract(start=-100)]}
    starts = [{"accounts": [{"account_id": "a", "started_on": maker.day(n)}]} for n in (None, -500, -300, 5)]
    assert maker.each("tenure_days", first | starts[0], *starts) == [900, 400, 500, 400, 400]


def test_seats_and_price_are_compared_with_180_days_before(maker):
    """The row in force on that day counts: one that had started by then and had not ended."""
    cases = [
        {"subscriptions": [maker.contract(end=n, seats=4), maker.contract(start=n, amount=300.0, seats=6)]}
        for n in (-179, -180)
    ]
    young = {"subscriptions": [maker.contract(start=-179, seats=4)]}
    assert maker.each("seats_change_180d", *cases, young) == [0.5, 0, None]
    assert maker.each("price_change_180d", *cases, young) == [1.0, 0, None]
    assert maker.each("revenue_per_seat", *cases, young) == [50.0, 50.0, 25.0]


def test_products_are_counted_once_each_and_only_those_in_force(maker):
    rows = [maker.contract(product=name) for name in ("core", "core", "plus")]
    rows += [maker.contract(end=0, product="old"), maker.contract(start=1, product="new")]
    assert maker.each("n_products", {"subscriptions": rows}) == [2]


def test_products_are_zero_where_none_is_named(maker):
    assert maker.each("n_products", {"subscriptions": [maker.contract(product=None)]}) == [0]
