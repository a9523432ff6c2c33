"""Exports of five systems, with the column names that their makers give them, are known for what they are."""

import io
import tomllib

import pandas as pd
import pytest

from standfast.features.book_guess import guess_book
from standfast.features.exports import EXPORTS, recognise_export
from standfast.features.settings_text import render_settings
from standfast.features.table_guess import guess_table
from standfast.schema import TABLES
from standfast.settings import build_settings


def rows(text: str) -> pd.DataFrame:
    """A CSV file as it is read: each cell is text as it stands."""
    return pd.read_csv(io.StringIO(text), dtype="string")


SALESFORCE_ACCOUNTS = """\
Id,IsDeleted,MasterRecordId,Name,Type,ParentId,BillingCity,BillingCountry,Phone,AccountNumber,Website,\
Industry,\
AnnualRevenue,NumberOfEmployees,OwnerId,CreatedDate,LastModifiedDate,SystemModstamp,LastActivityDate,Rating
0015g00000A1,false,,Acme,Customer,,Oslo,Norway,1,,acme.no,Energy,91000000.0,410,0055g01,\
2021-03-02T09:00:00.000+0000,\
2024-06-01T09:00:00.000+0000,2024-06-01T09:00:00.000+0000,2024-05-30,Hot
0015g00000A2,false,,Bolt,Customer,0015g00000A1,Bergen,Norway,2,,bolt.no,Retail,1200000.0,35,0055g02,\
2022-01-10T09:00:00.000+0000,2024-06-01T09:00:00.000+0000,2024-06-01T09:00:00.000+0000,,Cold
"""
OPPORTUNITIES = """\
Id,IsDeleted,AccountId,Name,StageName,Amount,Probability,ExpectedRevenue,CloseDate,Type,LeadSource,IsClosed,\
IsWon,\
ForecastCategory,OwnerId,CreatedDate
0065g1,false,0015g00000A1,Upsell,Closed Won,12000.0,100,12000.0,2023-05-02,Existing Business,Web,true,true,\
Closed,\
0055g01,2023-03-01T08:00:00.000+0000
"""
CASES = """\
Id,CaseNumber,ContactId,AccountId,Type,Status,Reason,Origin,Subject,Priority,IsClosed,ClosedDate,IsEscalated,\
CreatedDate
5005g1,00001001,0035g1,0015g00000A1,Problem,Closed,,Email,Help,High,true,2023-05-03T08:00:00.000+0000,false,\
2023-05-02T08:00:00.000+0000
"""
SALESFORCE_CONTACTS = """\
Id,AccountId,LastName,FirstName,MailingCountry,Email,Title,Department,ReportsToId,HasOptedOutOfEmail,OwnerId,\
CreatedDate
0035g1,0015g00000A1,Berg,Ann,Norway,ann@acme.no,Champion,IT,,false,0055g01,2021-03-02T09:00:00.000+0000
"""
TASKS = """\
Id,WhoId,WhatId,Subject,ActivityDate,Status,Priority,AccountId,TaskSubtype,CallDurationInSeconds,\
CallDisposition,\
CompletedDateTime
00T5g1,0035g1,0065g1,Call,2023-05-02,Completed,Normal,0015g00000A1,Call,300,reached,\
2023-05-02T10:00:00.000+0000
"""
COMPANIES = """\
hs_object_id,name,domain,industry,lifecyclestage,hubspot_owner_id,createdate,notes_last_contacted,\
total_revenue,\
annualrevenue,numberofemployees,country,hs_lastmodifieddate
901,Acme,acme.no,ENERGY,customer,77,2021-03-02T09:00:00.000Z,2024-05-30T09:00:00Z,120000,91000000,410,Norway,\
2024-06-01T09:00:00Z
"""
COMPANIES_AS_SHOWN = """\
Record ID,Company name,Company owner,Create Date,Lifecycle Stage,Last Contacted,Country/Region,Industry,\
Annual Revenue,Number of Employees
901,Acme,Ann Berg,2021-03-02 09:00,Customer,2024-05-30 09:00,Norway,Energy,91000000,410
"""
DEALS = """\
hs_object_id,dealname,dealstage,pipeline,amount,closedate,createdate,dealtype,hs_is_closed_won,hs_arr,hs_mrr,\
hubspot_owner_id,hs_primary_associated_company
11,Upsell,closedwon,default,12000,2023-05-02T00:00:00Z,2023-03-01T00:00:00Z,existingbusiness,true,12000,1000,\
77,901
"""
LINE_ITEMS = """\
hs_object_id,name,quantity,price,hs_mrr,hs_arr,hs_recurring_billing_period,recurringbillingfrequency,\
hs_recurring_billing_start_date,hs_recurring_billing_end_date,hs_product_id,associatedcompanyid
21,Pro,5,100,500,6000,P12M,monthly,2023-01-01,2024-01-01,P1,901
"""
HUBSPOT_TICKETS = """\
hs_object_id,subject,hs_pipeline,hs_pipeline_stage,hs_ticket_priority,hs_ticket_category,createdate,\
closed_date,\
time_to_close,associatedcompanyid
31,Help,0,4,HIGH,PRODUCT_ISSUE,2023-05-02T08:00:00Z,2023-05-03T08:00:00Z,86400000,901
"""
HUBSPOT_CONTACTS = """\
hs_object_id,firstname,lastname,email,jobtitle,associatedcompanyid,lifecyclestage,createdate,hs_buying_role,\
hs_language,\
hubspot_owner_id,lastmodifieddate
41,Ann,Berg,ann@acme.no,CTO,901,customer,2021-03-02T09:00:00Z,CHAMPION,nb,77,2024-06-01T09:00:00Z
"""
ENGAGEMENTS = """\
hs_object_id,hs_timestamp,hs_engagement_type,hs_meeting_outcome,hs_call_duration,hs_createdate,\
hubspot_owner_id,\
associatedcompanyid
51,2023-05-02T08:00:00Z,MEETING,COMPLETED,,2023-05-01T08:00:00Z,77,901
"""
STRIPE_SUBSCRIPTIONS = """\
id,object,customer,status,created,start_date,current_period_start,current_period_end,cancel_at_period_end,\
canceled_at,\
ended_at,quantity,plan_id,amount,currency,interval,interval_count,collection_method
sub_1,subscription,cus_1,active,1672531200,1672531200,1717200000,1719792000,false,,,5,price_pro,1000,usd,\
month,1,\
charge_automatically
sub_2,subscription,cus_2,canceled,1672531200,1672531200,1704067200,1706745600,true,1704500000,1706745600,2,\
price_pro,\
1000,usd,year,1,charge_automatically
sub_3,subscription,cus_3,incomplete_expired,1672531200,1672531200,1672531200,1675209600,false,,1672617600,1,\
price_pro,\
1000,usd,month,3,charge_automatically
"""
STRIPE_SUBSCRIPTIONS_AS_SHOWN = """\
id,Customer ID,Customer Email,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Start (UTC),\
Current Period Start (UTC),Current Period End (UTC),Canceled At (UTC),Ended At (UTC),Cancel At Period End
sub_1,cus_1,a@b.no,pro,5,usd,month,10.00,active,2023-01-01 00:00,2023-01-01 00:00,2024-06-01 00:00,\
2024-07-01 00:00,,,\
false
"""
STRIPE_INVOICES = """\
id,object,number,customer,subscription,status,created,due_date,amount_due,amount_paid,total,attempt_count,\
billing_reason,\
currency,status_transitions_paid_at
in_1,invoice,A-1,cus_1,sub_1,paid,1672531200,1675123200,5000,5000,5000,1,subscription_cycle,usd,1672617600
in_2,invoice,A-2,cus_1,sub_1,void,1675209600,1677801600,5000,0,5000,4,subscription_cycle,usd,
"""
CUSTOMERS = """\
id,object,email,name,description,currency,delinquent,created,default_source,invoice_prefix,livemode,balance,\
address_country
cus_1,customer,a@acme.no,Acme,,usd,false,1672531200,,A1B2,true,0,NO
"""
ZENDESK_TICKETS = """\
id,external_id,organization_id,requester_id,assignee_id,group_id,via_channel,subject,status,priority,\
created_at,updated_at,\
solved_at,reopens,replies,satisfaction_rating
1,,360001,5,6,7,email,Help,solved,urgent,2023-05-02T08:00:00Z,2024-01-01T00:00:00Z,2023-05-03T08:00:00Z,1,3,\
good
"""
ORGANIZATIONS = """\
id,name,external_id,domain_names,group_id,shared_tickets,shared_comments,created_at,updated_at,tags
360001,Acme,0015g00000A1,acme.no,,false,false,2021-04-01T00:00:00Z,2024-01-01T00:00:00Z,vip
"""
RATINGS = """\
id,assignee_id,group_id,requester_id,ticket_id,score,comment,created_at
1,6,7,5,1,good,Thanks,2023-05-04T08:00:00Z
"""
TRACKS = """\
messageId,type,userId,anonymousId,event,timestamp,sentAt,receivedAt,originalTimestamp,groupId,\
context.library.name
m1,track,u1,a1,Report Viewed,2023-05-02T08:00:00.000Z,2023-05-02T08:00:01Z,2023-05-02T08:00:02Z,\
2023-05-02T08:00:00Z,\
g1,analytics.js
"""
TRACKS_IN_A_WAREHOUSE = """\
id,anonymous_id,user_id,event,event_text,timestamp,sent_at,received_at,original_timestamp,context_group_id,\
uuid_ts
m1,a1,u1,report_viewed,Report Viewed,2023-05-02 08:00:00,2023-05-02 08:00:01,2023-05-02 08:00:02,\
2023-05-02 08:00:00,\
g1,2023-05-02 08:05:00
"""
IDENTIFIES = """\
messageId,type,userId,anonymousId,traits.email,traits.title,traits.companyId,traits.createdAt,timestamp,\
sentAt,receivedAt
m2,identify,u1,a1,ann@acme.no,CTO,g1,2021-03-02T09:00:00Z,2023-05-02T08:00:00Z,2023-05-02T08:00:01Z,\
2023-05-02T08:00:02Z
"""
GROUPS = """\
messageId,type,userId,groupId,traits.name,traits.industry,traits.employees,traits.plan,timestamp,sentAt,\
receivedAt
m3,group,u1,g1,Acme,Energy,410,Pro,2023-05-02T08:00:00Z,2023-05-02T08:00:01Z,2023-05-02T08:00:02Z
"""

KNOWN = {
    "Salesforce accounts": (SALESFORCE_ACCOUNTS, "accounts", {
        "account_id": "Id", "name": "Name", "industry": "Industry", "country": "BillingCountry",
        "employees": "NumberOfEmployees", "started_on": "CreatedDate", "owner": "OwnerId",
        "parent_id": "ParentId",
    }),
    "Salesforce opportunities": (OPPORTUNITIES, "opportunities", {
        "account_id": "AccountId", "opened_on": "CreatedDate", "closed_on": "CloseDate", "amount": "Amount",
        "kind": "Type", "won": "IsWon",
    }),
    "Salesforce cases": (CASES, "tickets", {
        "account_id": "AccountId", "opened_at": "CreatedDate", "closed_at": "ClosedDate",
        "priority": "Priority",
        "escalated": "IsEscalated",
    }),
    "Salesforce contacts": (SALESFORCE_CONTACTS, "contacts", {
        "contact_id": "Id", "account_id": "AccountId", "role": "Title", "joined_on": "CreatedDate",
    }),
    "Salesforce activities": (TASKS, "touches", {
        "account_id": "AccountId", "day": "CompletedDateTime", "channel": "TaskSubtype", "play": "Subject",
        "contact_id": "WhoId", "outcome": "CallDisposition",
    }),
    "HubSpot companies": (COMPANIES, "accounts", {
        "account_id": "hs_object_id", "name": "name", "industry": "industry", "country": "country",
        "employees": "numberofemployees", "started_on": "createdate", "owner": "hubspot_owner_id",
    }),
    "HubSpot companies, as shown": (COMPANIES_AS_SHOWN, "accounts", {
        "account_id": "Record ID", "name": "Company name", "industry": "Industry",
        "country": "Country/Region",
        "employees": "Number of Employees", "started_on": "Create Date", "owner": "Company owner",
    }),
    "HubSpot deals": (DEALS, "opportunities", {
        "account_id": "hs_primary_associated_company", "opened_on": "createdate", "closed_on": "closedate",
        "amount": "amount", "kind": "dealtype", "won": "hs_is_closed_won",
    }),
    "HubSpot line items": (LINE_ITEMS, "subscriptions", {
        "account_id": "associatedcompanyid", "started_on": "hs_recurring_billing_start_date",
        "ended_on": "hs_recurring_billing_end_date", "amount": "hs_mrr", "product": "name",
        "seats": "quantity",
    }),
    "HubSpot tickets": (HUBSPOT_TICKETS, "tickets", {
        "account_id": "associatedcompanyid", "opened_at": "createdate", "closed_at": "closed_date",
        "priority": "hs_ticket_priority",
    }),
    "HubSpot contacts": (HUBSPOT_CONTACTS, "contacts", {
        "contact_id": "hs_object_id", "account_id": "associatedcompanyid", "role": "hs_buying_role",
        "language": "hs_language", "joined_on": "createdate",
    }),
    "HubSpot engagements": (ENGAGEMENTS, "touches", {
        "account_id": "associatedcompanyid", "day": "hs_timestamp", "channel": "hs_engagement_type",
        "outcome": "hs_meeting_outcome",
    }),
    "Stripe subscriptions": (STRIPE_SUBSCRIPTIONS, "subscriptions", {
        "account_id": "customer", "started_on": "start_date", "ended_on": "ended_at", "amount": "amount",
        "plan": "plan_id", "seats": "quantity",
    }),
    "Stripe subscriptions, as shown": (STRIPE_SUBSCRIPTIONS_AS_SHOWN, "subscriptions", {
        "account_id": "Customer ID", "started_on": "Start (UTC)", "ended_on": "Ended At (UTC)",
        "amount": "Amount",
        "plan": "Plan", "seats": "Quantity",
    }),
    "Stripe invoices": (STRIPE_INVOICES, "invoices", {
        "account_id": "customer", "issued_on": "created", "due_on": "due_date",
        "paid_on": "status_transitions_paid_at", "amount": "total", "attempts": "attempt_count",
    }),
    "Stripe customers": (CUSTOMERS, "accounts", {
        "account_id": "id", "name": "name", "country": "address_country", "started_on": "created",
        "currency": "currency",
    }),
    "Zendesk tickets": (ZENDESK_TICKETS, "tickets", {
        "account_id": "organization_id", "opened_at": "created_at", "closed_at": "solved_at",
        "priority": "priority",
        "satisfaction": "satisfaction_rating", "reopens": "reopens",
    }),
    "Zendesk organizations": (ORGANIZATIONS, "accounts", {
        "account_id": "id", "name": "name", "started_on": "created_at",
    }),
    "Segment track calls": (TRACKS, "usage", {
        "account_id": "groupId", "day": "timestamp", "event": "event", "user_id": "userId",
    }),
    "Segment track calls, in a warehouse": (TRACKS_IN_A_WAREHOUSE, "usage", {
        "account_id": "context_group_id", "day": "timestamp", "event": "event", "user_id": "user_id",
    }),
    "Segment identify calls": (IDENTIFIES, "contacts", {
        "contact_id": "userId", "account_id": "traits.companyId", "role": "traits.title",
        "joined_on": "traits.createdAt",
    }),
    "Segment group calls": (GROUPS, "accounts", {
        "account_id": "groupId", "name": "traits.name", "industry": "traits.industry", "plan": "traits.plan",
        "employees": "traits.employees",
    }),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_an_export_is_known_by_its_columns_whatever_its_file_is_called(name: str) -> None:
    text, table, columns = KNOWN[name]
    guess = guess_table(rows(text), file_name="churn export (7).csv")
    assert f"a {name.partition(',')[0].replace(' ', ' export of ', 1)} (" in guess.why
    assert (guess.table, guess.missing) == (table, ())
    assert dict(guess.columns) == columns


@pytest.mark.parametrize(
    ("system", "tables", "read"),
    [
        ("Salesforce", ["accounts", "tickets", "contacts", "touches", "opportunities"], {}),
        ("HubSpot", ["accounts", "subscriptions", "tickets", "contacts", "touches", "opportunities"], {}),
        (
            "Stripe",
            ["accounts", "subscriptions", "invoices"],
            {
                "accounts": {"timestamps": "unix"},
                "subscriptions": {
                    "timestamps": "unix", "cents": ["amount"], "interval": "interval",
                    "interval_count": "interval_count", "quantity": "quantity",
                },
                "invoices": {"timestamps": "unix", "cents": ["amount"]},
            },
        ),
        ("Zendesk", ["accounts", "tickets"], {}),
        ("Segment", ["accounts", "usage", "contacts"], {}),
    ],
)  # fmt: skip
def test_all_exports_of_a_system_make_settings_that_load(
    system: str, tables: list[str], read: dict[str, object]
) -> None:
    frames = {f"{name}.csv": rows(text) for name, (text, *_) in KNOWN.items() if name.startswith(system)}
    written = tomllib.loads(render_settings(guess_book(frames)))
    settings = build_settings(written)
    assert list(settings.book.tables) == tables
    assert written.get("read", {}) == read
    assert settings.units.revenue_period == ("month" if system == "HubSpot" else "year")


def test_the_line_names_the_columns_that_told() -> None:
    guess = guess_table(rows(STRIPE_SUBSCRIPTIONS), file_name="subs.csv")
    told = "a Stripe export of subscriptions (customer, current_period_end, cancel_at_period_end)"
    assert str(guess) == f"subs.csv: subscriptions, {told}"


def test_ratings_of_tickets_are_no_survey_and_the_line_says_why() -> None:
    guess = guess_table(rows(RATINGS), file_name="satisfaction_ratings.csv")
    assert guess.table is None
    assert "no answers on a scale of 0 to 10" in guess.reason


@pytest.mark.parametrize("table", TABLES)
def test_a_canonical_table_is_no_export(table: str) -> None:
    assert recognise_export(TABLES[table].names) == (None, ())


def test_an_export_without_account_ids_says_so() -> None:
    guess = guess_table(rows(TRACKS).drop(columns="groupId"), file_name="tracks.csv")
    assert guess.missing == ("account_id",)
    assert "Segment" in guess.reason
    assert "without an account_id" in guess.reason


def test_exports_speak_of_columns_that_their_table_has() -> None:
    for export in EXPORTS:
        if export.table is not None:
            assert set(export.columns) <= set(TABLES[export.table].names), export
            assert set(TABLES[export.table].needed) <= set(export.columns), export


def test_every_kind_of_export_is_tried_here() -> None:
    tried = {name.partition(",")[0] for name in KNOWN} | {"Zendesk satisfaction ratings"}
    assert tried == {f"{export.system} {export.noun}" for export in EXPORTS}
