def test_touches_go_to_contacts_of_the_same_account_who_are_there(book):
    touches = book.tables["touches"].merge(book.tables["contacts"], on="contact_id", suffixes=("", "_of"))
    assert len(touches) > 0.5 * len(book.tables["touches"])
    assert (touches["account_id"] == touches["account_id_of"]).all()
    assert (touches["day"] >= touches["joined_on"]).all()


def test_few_touches_were_assigned_at_random_and_no_automated_one(book):
    touches = book.tables["touches"]
    assert 0.02 < touches["assigned_at_random"].mean() < 0.15
    assert not touches.loc[touches["channel"] == "digital", "assigned_at_random"].any()


def test_channels_take_the_time_they_take(book):
    minutes = book.tables["touches"].groupby("channel")["minutes"].mean()
    assert minutes["in_person"] > minutes["call"] > minutes["email"] > minutes["digital"] == 0


def test_large_accounts_got_more_of_the_teams_time(book):
    """C1: the top gets most of the attention, as past practice already had it."""
    amount = book.tables["subscriptions"].groupby("account_id")["amount"].last()
    minutes = book.tables["touches"].groupby("account_id")["minutes"].sum().reindex(amount.index).fillna(0)
    top = amount.rank(pct=True) > 0.9
    assert minutes[top].mean() > 1.5 * minutes[~top].mean()
