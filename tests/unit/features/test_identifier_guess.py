"""Ids of other systems are found in whichever file knows them; else it is said what would help."""

from collections.abc import Mapping

import pandas as pd

from standfast.features.identifier_guess import GuessedIdentifiers, guess_identifiers
from standfast.features.table_guess import guess_table
from standfast.schema import ACCOUNT_ID

IDS = [f"A{i:02}" for i in range(20)]
ORGANIZATIONS = [str(36_000_000 + i) for i in range(20)]
ACCOUNTS = pd.DataFrame({"Id": IDS, "name": [f"Firm {i}" for i in range(20)]})
TICKETS = pd.DataFrame({"organization_id": ORGANIZATIONS * 2, "created_at": "2024-01-01", "reopens": "0"})
MAPPING = pd.DataFrame({"account_id": IDS, "zendesk": ORGANIZATIONS})


def guess(frames: Mapping[str, pd.DataFrame]) -> GuessedIdentifiers:
    guesses = [guess_table(frame, file_name=name) for name, frame in frames.items()]
    return guess_identifiers(frames, guesses, accounts="accounts.csv", account_id="Id")


def test_a_column_of_the_accounts_translates() -> None:
    accounts = ACCOUNTS.assign(zendesk_organization_id=ORGANIZATIONS)
    told = guess({"accounts.csv": accounts, "tickets.csv": TICKETS})
    assert (told.named, told.is_rewritten) == ("accounts.csv", False)
    assert told.tables[1].reading.settings == {"identifier": "zendesk_organization_id"}
    assert "100.0% of rows are known there, 0.0% as they stand" in str(told.tables[1])


def test_a_table_of_its_own_translates() -> None:
    told = guess({"accounts.csv": ACCOUNTS, "tickets.csv": TICKETS, "map.csv": MAPPING})
    assert (told.named, told.is_rewritten) == ("map.csv", False)
    assert told.tables[1].reading.settings == {"identifier": "zendesk"}


def test_where_the_ids_of_accounts_have_another_name_a_table_is_written() -> None:
    organizations = pd.DataFrame({"id": ORGANIZATIONS, "external_id": IDS, "shared_tickets": "false"})
    frames = {"accounts.csv": ACCOUNTS, "tickets.csv": TICKETS, "zendesk/organizations.csv": organizations}
    told = guess(frames)
    assert (told.named, told.is_rewritten) == ("identifiers_found.csv", True)
    assert "id (id beside external_id of zendesk/organizations.csv)" in str(told)
    pd.testing.assert_frame_equal(told.joined(frames), MAPPING.rename(columns={"zendesk": "id"}))


def test_ids_that_are_the_accounts_own_need_nothing() -> None:
    tickets = TICKETS.assign(organization_id=[*IDS, *IDS[:10], *ORGANIZATIONS[:10]])
    told = guess({"accounts.csv": ACCOUNTS, "tickets.csv": tickets, "map.csv": MAPPING})
    assert (told.named, told.warnings) == (None, ())
    assert "75.0% of its rows are of known accounts" in str(told.tables[1])


def test_ids_that_nothing_knows_are_told_with_what_a_mapping_looks_like() -> None:
    told = guess({"accounts.csv": ACCOUNTS, "tickets.csv": TICKETS})
    assert told.named is None
    assert "0.0% of its rows are of known accounts" in told.warnings[0]
    assert "such as 36000000" in told.warnings[0]
    assert 'identifier = "zendesk" under [read.tickets]' in told.warnings[0]


def test_a_table_without_account_ids_gets_them_from_the_table_it_points_to() -> None:
    subscriptions = pd.DataFrame(
        {"subscription_id": [f"S{i}" for i in range(40)], "account_id": IDS * 2, "start_date": "2024-01-01"}
    )
    usage = pd.DataFrame(
        {
            "usage_id": range(40),
            "subscription_id": subscriptions["subscription_id"],
            "usage_date": "2024-02-01",
        }
    )
    told = guess({"accounts.csv": ACCOUNTS, "subscriptions.csv": subscriptions, "usage.csv": usage})
    assert (told.named, told.is_rewritten) == ("subscriptions.csv", False)
    assert told.tables[2].is_usable
    assert told.tables[2].columns[ACCOUNT_ID] == "subscription_id"
    assert told.tables[2].reading.settings == {"identifier": "subscription_id"}


def test_a_column_that_gives_several_accounts_for_one_id_translates_nothing() -> None:
    shared = pd.DataFrame({"account_id": IDS, "region_id": ORGANIZATIONS[:1] * 20})
    told = guess({"accounts.csv": ACCOUNTS, "tickets.csv": TICKETS.head(1), "map.csv": shared})
    assert told.named is None


def test_what_two_files_know_is_joined_in_a_table_that_is_written() -> None:
    customers = [f"cus_{i}" for i in range(20)]
    frames = {
        "accounts.csv": ACCOUNTS.assign(other=ORGANIZATIONS),
        "tickets.csv": TICKETS,
        "invoices.csv": pd.DataFrame({"customer": customers, "created": "2024-01-01", "attempt_count": "1"}),
        "map.csv": pd.DataFrame({"sf": IDS, "other": customers}),
    }
    told = guess(frames)
    assert (told.named, told.warnings) == ("identifiers_found.csv", ())
    settings = [table.reading.settings for table in told.tables]
    assert settings == [{}, {"identifier": "other"}, {"identifier": "other_of_map"}, {}]
    joined = told.joined(frames)
    assert list(joined.columns) == ["account_id", "other", "other_of_map"]
    assert len(joined) == 40


def test_ids_of_fifteen_characters_beside_eighteen_are_told_for_what_they_are() -> None:
    accounts = ACCOUNTS.assign(Id=[f"0015g00000Ab{i:03}QAZ" for i in range(20)])
    cases = pd.DataFrame({"AccountId": accounts["Id"].str[:15], "CaseNumber": "1", "IsEscalated": "0"})
    cases = cases.assign(CreatedDate="2024-01-01")
    told = guess({"accounts.csv": accounts, "cases.csv": cases})
    assert "export all with 18" in told.warnings[0]


def test_users_lead_to_accounts_by_the_contacts() -> None:
    users = [f"user-{i}" for i in range(20)]
    tracks = pd.DataFrame(
        {
            "messageId": range(20),
            "userId": users,
            "event": "x",
            "timestamp": "2024-01-01",
            "sentAt": "2024-01-01",
        }
    )
    contacts = pd.DataFrame({"contact_id": users, "AccountId": IDS, "email": "a@b.no"})
    told = guess({"accounts.csv": ACCOUNTS, "tracks.csv": tracks, "contacts.csv": contacts})
    assert told.tables[1].columns[ACCOUNT_ID] == "userId"
    assert (told.named, told.tables[1].reading.settings) == ("contacts.csv", {"identifier": "contact_id"})
