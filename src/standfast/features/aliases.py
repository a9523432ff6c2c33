"""What other systems call our columns and tables: names met in exports, in order of trust."""

import re
from collections.abc import Mapping
from typing import Literal

Period = Literal["year", "quarter", "month", "week"]


def plain_name(name: str) -> str:
    """Give a name without case, spaces, marks and the note that its times are in UTC.

    >>> plain_name("Customer ID "), plain_name("hs_object_id"), plain_name("Created (UTC)")
    ('customerid', 'hsobjectid', 'created')
    """
    return re.sub(r"[^a-z0-9]+", "", name.casefold().replace("(utc)", ""))


def listed(text: str) -> tuple[str, ...]:
    """Give the words of a text: how the tables of names are written."""
    return tuple(text.split())


ACCOUNT_ALIASES: Mapping[str, tuple[str, ...]] = {
    "account_id": listed(
        "accountid customerid clientid custid cust companyid organizationid organisationid orgid tenantid "
        "workspaceid subscriberid memberid userid groupid hsobjectid accountnumber customernumber accountno "
        "cid customerno customerkey accountkey clientnum clientnumber account customer client company id "
        "recordid"
    ),
    "name": listed("name accountname customername companyname clientname organizationname company customer"),
    "owner": listed(
        "owner ownerid ownername accountowner accountmanager csm csmname csmowner customersuccessmanager "
        "hubspotownerid accountexec keyaccountmanager"
    ),
    "industry": listed("industry sector vertical"),
    "plan": listed("plan plantier planname subscriptionplan subscriptiontype tier edition package"),
    "product": listed("product productname productline"),
    "country": listed("country countrycode billingcountry"),
    "employees": listed("employees numberofemployees employeecount headcount nemployees"),
    "started_on": listed(
        "startedon startdate signupdate signedupon createddate createdate createdat customersince joindate "
        "joinedon contractstart contractstartdate activationdate onboardedon"
    ),
    "churned_on": listed(
        "churnedon churndate churneddate cancellationdate cancelledon canceledon terminationdate leftdate"
    ),
    "parent_id": listed("parentid parentaccountid parentaccount"),
    "currency": listed("currency currencycode currencyisocode"),
    "observation_date": listed("observationdate snapshotdate asof asofdate"),
}
"""Roles of a flat table or the accounts table; values are plain names, the most telling first."""

REVENUE_ALIASES: Mapping[str, Period | None] = {
    **dict.fromkeys(
        listed("arr hsarr arramount annualrecurringrevenue arrusd currentarr accountarr"), "year"
    ),
    **dict.fromkeys(
        listed("annualcontractvalue acv hsacv yearlyrevenue annualspend annualvalue yearlyspend"), "year"
    ),
    **dict.fromkeys(
        listed("mrr hsmrr mrramount monthlyrecurringrevenue mrrusd currentmrr accountmrr"), "month"
    ),
    **dict.fromkeys(
        listed(
            "monthlycharge monthlycharges monthlyrevenue monthlyfee monthlyspend monthlyamount monthlyprice "
            "monthlypayment monthlybill avgmonthlycharge avgmonthlyrevenue"
        ),
        "month",
    ),
    **dict.fromkeys(listed("quarterlyrevenue quarterlycharge quarterlyfee qrr"), "quarter"),
    **dict.fromkeys(listed("weeklyrevenue weeklycharge weeklyfee weeklyspend"), "week"),
    **dict.fromkeys(
        listed("recurringrevenue contractvalue contractamount subscriptionamount subscriptionvalue"), None
    ),
    **dict.fromkeys(listed("revenue spend amount fee price charges"), None),
}
"""What an account pays, and per what where the name says it; the most telling first."""

TURNOVER_SPELLINGS = frozenset({"AnnualRevenue", "Annual Revenue", "annualrevenue", "Annual revenue"})
"""CRM spellings of the customer's own turnover, which is not what it pays."""

LABEL_ALIASES: Mapping[str, tuple[str, ...]] = {
    "churned": listed(
        "churned churn ischurned haschurned churnflag churnlabel churnvalue churnyn exited attrition "
        "attritionflag attrited cancelled canceled iscancelled iscanceled hascancelled lapsed haslapsed "
        "didchurn churnstatus left hasleft isleft leftcompany customerstatus accountstatus "
        "subscriptionstatus clientstatus status target"
    ),
    "expanded": listed(
        "expanded expansion upsold upsell isupsold isupsell upsellflag upgraded upgrade upgradeflag "
        "isupgraded hasexpanded hasupgraded crosssold crosssell grew"
    ),
    "contracted": listed(
        "contracted contraction downsold downsell downgraded downgrade downgradeflag isdowngraded "
        "hasdowngraded shrank"
    ),
}

STAYED_ALIASES = listed("renewed retained isrenewed isretained hasrenewed stayed didrenew")
"""Columns that say the opposite of churned."""

CHURNED_WORDS = listed(
    "churned churn cancelled canceled exited attrited left lost lapsed terminated closed expired inactive "
    "former gone ended deactivated unsubscribed"
)
STAYED_WORDS = listed(
    "stayed stay active retained current existing renewed live customer open paying subscribed kept"
)
NEITHER_WORDS = listed(
    "joined new trial trialing onboarding prospect pending lead paused unknown incomplete test suspended"
)

LABEL_STEMS: Mapping[str, str] = {
    "churned": "churn|attrit|exited|unsubscrib",
    "expanded": "upsell|upsold|upgrad|expan|crosssell",
    "contracted": "downsell|downsold|downgrad|contraction",
}
"""Parts of a name that make a yes/no column a label where no name is known outright."""

TABLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "subscriptions": listed("subscription subscriptions contract contracts"),
    "invoices": listed("invoice invoices billing bills payments order orders purchases transactions"),
    "usage": listed("usage events activity activities logins"),
    "tickets": listed("ticket tickets case cases support"),
    "surveys": listed("survey surveys nps csat feedback"),
    "contacts": listed("contact contacts people persons"),
    "touches": listed("touch touches outreach interactions meetings calls"),
    "opportunities": listed("opportunity opportunities deal deals"),
    "team": listed("team csms owners staff"),
    "accounts": listed("account accounts customer customers client clients companies company organizations"),
}
"""Words of a file's name that tell which table it is, the most special tables first."""

_FROM = listed("startedon startdate start currentperiodstart contractstart validfrom begindate")
TABLE_ALIASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "subscriptions": {
        "started_on": _FROM,
        "ended_on": listed("endedon endedat enddate end contractend validto terminationdate"),
        "amount": listed(
            "amount mrramount mrr hsmrr arramount arr hsarr price value monthlyamount recurringamount"
        ),
        "plan": listed("plan plantier planname tier edition"),
        "product": listed("product productname"),
        "seats": listed("seats quantity licenses licences users seatcount"),
        "renews_on": listed("renewson renewaldate nextrenewal nextrenewaldate"),
        "auto_renew": listed("autorenew autorenewflag isautorenew autorenewal"),
    },
    "invoices": {
        "issued_on": listed(
            "issuedon issuedate invoicedate orderdate purchasedate transactiondate date createdat created "
            "ts timestamp time"
        ),
        "due_on": listed("dueon duedate due"),
        "paid_on": listed("paidon paiddate paidat paymentdate"),
        "amount": listed(
            "amount total totalamount amountpaid amountdue invoiceamount amt orderamount ordertotal sales "
            "unitprice price"
        ),
        "attempts": listed("attempts attemptcount"),
    },
    "usage": {
        "day": listed("day date usagedate eventdate timestamp time occurredat eventtime"),
        "event": listed("event eventname feature featurename action eventtype"),
        "quantity": listed("quantity count usagecount events value nevents"),
        "user_id": listed("userid user"),
        "limit": listed("limit quota usagelimit"),
    },
    "tickets": {
        "opened_at": listed("openedat submittedat createdat createddate opened created openedon createdate"),
        "closed_at": listed("closedat solvedat closeddate resolvedat closed closedon closedate"),
        "priority": listed("priority hsticketpriority severity urgency"),
        "escalated": listed("escalated isescalated escalationflag escalation"),
        "satisfaction": listed("satisfaction satisfactionscore satisfactionrating csat csatscore"),
        "reopens": listed("reopens reopencount"),
    },
    "surveys": {
        "answered_at": listed(
            "answeredat respondedat submittedat date createdat responsedate surveydate answeredon"
        ),
        "score": listed("score npsscore nps rating satisfactionscore"),
        "contact_id": listed("contactid respondentid personid"),
    },
    "contacts": {
        "contact_id": listed("contactid id personid hsobjectid"),
        "role": listed("role jobtitle title"),
        "preferred_channel": listed("preferredchannel channel"),
        "language": listed("language locale"),
        "joined_on": listed("joinedon createdat createddate createdate startdate"),
        "left_on": listed("lefton enddate leftdate"),
    },
    "touches": {
        "day": listed("day date activitydate occurredat timestamp touchdate meetingdate"),
        "channel": listed("channel type activitytype medium"),
        "minutes": listed("minutes duration durationminutes"),
        "play": listed("play playbook subject"),
        "contact_id": listed("contactid personid"),
        "outcome": listed("outcome result"),
        "assigned_at_random": listed("assignedatrandom random randomised randomized"),
    },
    "opportunities": {
        "opened_on": listed("openedon createddate createdate createdat opendate opened"),
        "closed_on": listed("closedon closedate closeddate"),
        "amount": listed("amount value dealamount"),
        "kind": listed("kind type dealtype opportunitytype"),
        "won": listed("won iswon hsisclosedwon"),
    },
    "team": {
        "owner": listed("owner ownername name csm csmname ownerid"),
        "hours": listed("hours capacity capacityhours hoursavailable"),
        "skills": listed("skills languages expertise"),
    },
}
"""Columns of the other tables; ``account_id`` is looked for by the names it has in the accounts table."""
