"""How an account paid: delays, what is overdue, charges that failed."""


def invoice(maker, due, paid, issued=-200):
    return {
        "account_id": "a",
        "issued_on": maker.day(issued),
        "due_on": maker.day(due),
        "paid_on": maker.day(paid),
    }


def test_an_invoice_is_overdue_from_the_day_after_it_was_due_until_it_is_paid(maker):
    cases = [(-1, None), (0, None), (-9, 0), (-9, -1), (-9, 30)]
    found = maker.each("invoices_overdue", *({"invoices": [invoice(maker, *case)]} for case in cases))
    assert found == [1, 0, 1, 0, 1]


def test_payment_delay_is_of_what_was_paid_in_180_days(maker):
    cases = [{"invoices": [invoice(maker, -185, paid)]} for paid in (-1, 0, -180, -181)]
    assert maker.each("payment_delay_days", *cases) == [184, None, 5, None]


def test_an_invoice_is_late_when_paid_after_it_was_due_or_not_at_all(maker):
    """Of those due in 180 days: the first of them counts, and due on the day itself is not yet due."""
    days = [(-5, -5), (-5, -4), (-5, None), (-5, 0), (-180, None), (-181, None), (0, None), (-5, -9)]
    cases = [{"invoices": [invoice(maker, due, paid)]} for due, paid in days]
    assert maker.each("late_share_180d", *cases) == [0, 1, 1, 1, 1, None, None, 0]


def test_the_overdue_share_is_of_the_amount_billed_in_a_year(maker):
    paid, unpaid = invoice(maker, -5, -6) | {"amount": 300.0}, invoice(maker, -5, None) | {"amount": 100.0}
    credit = invoice(maker, -5, None) | {"amount": -50.0}
    old = [invoice(maker, -5, None, issued=n) | {"amount": 100.0} for n in (-365, -366)]
    cases = [{"invoices": rows} for rows in ([paid, unpaid], [paid, credit], *([row, paid] for row in old))]
    assert maker.each("overdue_share", *cases) == [0.25, 0, 0.25, round(1 / 3, 6)]


def test_failed_charges_are_known_once_the_invoice_is_paid(maker):
    paid_on = (-1, 0, None, -180, -181)
    cases = [{"invoices": [invoice(maker, -185, day) | {"attempts": 3}]} for day in paid_on]
    cases += [{"invoices": [invoice(maker, -5, -1) | {"attempts": attempts}]} for attempts in (None, 0, 1)]
    assert maker.each("failed_payments_180d", *cases) == [2, 0, 0, 2, 0, 0, 0, 0]


def test_an_invoice_of_the_day_itself_is_not_known(maker):
    cases = [{"invoices": [invoice(maker, -5, None, issued=n) | {"amount": 9.0}]} for n in (-6, 0)]
    assert maker.each("late_share_180d", *cases) == [1, None]
    assert maker.each("overdue_share", *cases) == [1, None]
