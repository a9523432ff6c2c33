"""People we know, sponsors who left, outreach that is recorded, opportunities that are open."""

from standfast.features.snapshot import SnapshotPolicy


def contact(maker, joined=-100, left=None, role="sponsor", name="c"):
    return {
        "contact_id": name, "account_id": "a", "role": role,
        "joined_on": maker.day(joined), "left_on": maker.day(left),
    }  # fmt: skip


def test_a_contact_counts_from_joining_to_leaving(maker):
    spans = [(-1, None), (0, None), (None, None), (-9, -1), (-9, 0), (-9, 9)]
    cases = [{"contacts": [contact(maker, *span), contact(maker, role="user", name="d")]} for span in spans]
    assert maker.each("n_contacts", *cases) == [2, 1, 2, 1, 2, 2]
    assert maker.each("has_sponsor", *cases) == [1, 0, 1, 0, 1, 1]


def test_a_sponsor_who_left_is_news_for_90_days(maker):
    cases = [{"contacts": [contact(maker, left=n)]} for n in (-1, -90, -91, 0)]
    assert maker.each("sponsor_left_90d", *cases) == [1, 1, 0, 0]
    assert maker.each("days_since_sponsor_left", *cases) == [1, 90, 91, None]


def test_a_user_who_left_is_no_sponsor_who_left(maker):
    (row,) = maker.look(contacts=[contact(maker, left=-5, role="user")]).to_dict("records")
    assert (row["has_sponsor"], row["sponsor_left_90d"]) == (0, 0)


def test_which_roles_are_sponsors_is_policy(maker):
    policy = SnapshotPolicy(sponsor_roles=("boss",))
    snapshots = maker.look(contacts=[contact(maker, role=" Boss ")], policy=policy)
    assert snapshots["has_sponsor"].tolist() == [1]


def test_contacts_without_a_date_of_joining_tell_nothing_of_the_past(maker):
    contacts = [{"contact_id": "c", "account_id": "a", "role": "sponsor"}]
    assert "n_contacts" not in maker.look(contacts=contacts).columns


def test_a_sponsor_is_engaged_when_reached_in_90_days(maker):
    touches = [(-1, "Reached"), (-90, "reached"), (-91, "reached"), (0, "reached"), (-1, "no answer")]
    cases = [
        {"contacts": [contact(maker)], "touches": maker.events("day", n, contact_id="c", outcome=outcome)}
        for n, outcome in touches
    ]
    gone = {"contacts": [contact(maker, left=-5)], "touches": cases[0]["touches"]}
    assert maker.each("sponsor_engagement", *cases, gone) == [1.0, 1.0, 0.5, 0.5, 0.5, 0.0]


def test_a_sponsor_was_last_heard_of_so_many_days_ago_within_a_year(maker):
    """A2: what the alerts about a silent champion look at; one who has left is not heard of."""
    days = [(-1,), (-30, -91), (-365,), (-366,), (0,)]
    cases = [
        {
            "contacts": [contact(maker)],
            "touches": maker.events("day", *ns, contact_id="c", outcome="reached"),
        }
        for ns in days
    ]
    gone = {"contacts": [contact(maker, left=-5), contact(maker, name="d")], "touches": cases[0]["touches"]}
    assert maker.each("days_since_sponsor_heard", *cases, gone) == [1, 30, 365, None, None, None]


def test_only_the_sponsors_own_answer_makes_the_sponsor_engaged(maker):
    contacts = [contact(maker), contact(maker, role="user", name="d")]
    cases = [
        {"contacts": contacts, "surveys": maker.events("answered_at", -5, contact_id=name, score=9)}
        for name in ("c", "d")
    ]
    cases += [{"contacts": contacts, "surveys": maker.events("answered_at", -5, contact_id="c", score=None)}]
    assert maker.each("sponsor_engagement", *cases) == [1.0, 0.5, 0.5]


def test_touches_are_counted_over_90_days(maker):
    cases = [{"touches": maker.events("day", n)} for n in (0, -1, -90, -91)]
    assert maker.each("touches_90d", *cases) == [0, 1, 1, 0]


def test_an_opportunity_is_open_until_it_is_closed(maker):
    cases = [
        {"opportunities": maker.events("opened_on", -5, closed_on=maker.day(n))} for n in (None, 0, 60, -1)
    ]
    assert maker.each("opportunities_open", *cases) == [1, 1, 1, 0]


def test_an_opportunity_lost_is_news_for_a_year(maker):
    days = [(-1, False), (-365, False), (-366, False), (0, False), (-1, True), (-1, None), (None, False)]
    cases = [
        {"opportunities": maker.events("opened_on", -400, closed_on=maker.day(n), won=won)} for n, won in days
    ]
    assert maker.each("opportunities_lost_365d", *cases) == [1, 1, 0, 0, 0, 0, 0]


def test_the_newest_of_the_sponsors_who_are_there_is_the_new_one(maker):
    cases = [
        [contact(maker, -300), contact(maker, -10, name="d")],
        [contact(maker, -300), contact(maker, -10, left=-1, name="d")],
        [contact(maker, -300), contact(maker, 0, name="d"), contact(maker, -5, role="user", name="e")],
        [contact(maker, None)],
    ]
    found = maker.each("days_since_new_sponsor", *({"contacts": rows} for rows in cases))
    assert found == [10, 300, 300, None]


def test_the_last_touch_is_found_however_long_ago(maker):
    cases = [{"touches": maker.events("day", n, -300)} for n in (0, -1)]
    assert maker.each("days_since_last_touch", *cases, {}) == [300, 1, None]
