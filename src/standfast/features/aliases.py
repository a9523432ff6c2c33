"""What other systems call our columns and tables: names met in exports, in order of trust."""

import re
from collections.abc import Mapping
from typing import Literal

Period = Literal["year", "quarter", "month", "week"]


def plain_name(name: str) -> str:
    """Give a name without case, spaces and marks.

    >>> plain_name("Customer ID "), plain_name("hs_object_id")
    ('customerid', 'hsobjectid')
    """
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ACCOUNT_ALIASES: Mapping[str, tuple[str, ...]] = {
    "account_id": _listed(
        "accountid customerid clientid custid cust companyid organizationid organisationid orgid tenantid "
        "workspaceid subscriberid memberid userid groupid hsobjectid accountnumber customernumber accountno "
        "customerno customerkey accountkey clientnum clientnumber account customer client company id recordid"
    ),
    "name": _listed("name accountname customername companyname clientname organizationname company customer"),
    "owner": _listed(
        "owner ownerid ownername accountowner accountmanager csm csmname csmowner customersuccessmanager "
        "hubspotownerid accountexec keyaccountmanager"
    ),
    "industry": _listed("industry sector vertical"),
    "plan": _listed("plan plantier planname subscriptionplan subscriptiontype tier edition package"),
    "product": _listed("product productname productline"),
    "country": _listed("country countrycode billingcountry"),
    "employees": _listed("employees numberofemployees employeecount headcount nemployees"),
    "started_on": _listed(
        "startedon startdate signupdate signedupon createddate createdate createdat customersince joindate "
        "joinedon contractstart contractstartdate activationdate onboardedon"
    ),
    "parent_id": _listed("parentid parentaccountid parentaccount"),
    "currency": _listed("currency currencycode currencyisocode"),
    "observation_date": _listed("observationdate snapshotdate asof asofdate"),
}
"""Roles of a flat table or the accounts table; values are plain names, the most telling first."""

REVENUE_ALIASES: Mapping[str, Period | None] = {
    **dict.fromkeys(
        _listed("arr hsarr arramount annualrecurringrevenue arrusd currentarr accountarr"), "year"
    ),
    **dict.fromkeys(
        _listed("annualcontractvalue acv hsacv yearlyrevenue annualspend annualvalue yearlyspend"), "year"
    ),
    **dict.fromkeys(
        _listed("mrr hsmrr mrramount monthlyrecurringrevenue mrrusd currentmrr accountmrr"), "month"
    ),
    **dict.fromkeys(
        _listed(
            "monthlycharge monthlycharges monthlyrevenue monthlyfee monthlyspend monthlyamount monthlyprice "
            "monthlypayment monthlybill avgmonthlycharge avgmonthlyrevenue"
        ),
        "month",
    ),
    **dict.fromkeys(_listed("quarterlyrevenue quarterlycharge quarterlyfee qrr"), "quarter"),
    **dict.fromkeys(_listed("weeklyrevenue weeklycharge weeklyfee weeklyspend"), "week"),
    **dict.fromkeys(
        _listed("recurringrevenue contractvalue contractamount subscriptionamount subscriptionvalue"), None
    ),
    **dict.fromkeys(_listed("revenue spend amount fee price charges"), None),
}
"""What an account pays, and per what where the name says it; the most telling first."""

TURNOVER_SPELLINGS = frozenset({"AnnualRevenue", "Annual Revenue", "annualrevenue", "Annual revenue"})
"""CRM spellings of the customer's own turnover, which is not what it pays."""

LABEL_ALIASES: Mapping[str, tuple[str, ...]] = {
    "churned": _listed(
        "churned churn ischurned haschurned churnflag churnlabel churnvalue churnyn exited attrition "
        "attritionflag attrited cancelled canceled iscancelled iscanceled hascancelled lapsed haslapsed "
        "didchurn churnstatus leftcompany customerstatus accountstatus subscriptionstatus "
        "clientstatus status target"
    ),
    "expanded": _listed(
        "expanded expansion upsold upsell isupsold isupsell upsellflag upgraded upgrade upgradeflag "
        "isupgraded hasexpanded hasupgraded crosssold crosssell grew"
    ),
    "contracted": _listed(
        "contracted contraction downsold downsell downgraded downgrade downgradeflag isdowngraded "
        "hasdowngraded shrank"
    ),
}

STAYED_ALIASES = _listed("renewed retained isrenewed isretained hasrenewed stayed didrenew")
"""Columns that say the opposite of churned."""

CHURNED_WORDS = _listed(
    "churned churn cancelled canceled exited attrited left lost lapsed terminated closed expired inactive "
    "former gone ended deactivated unsubscribed"
)
STAYED_WORDS = _listed(
    "stayed stay active retained current existing renewed live customer open paying subscribed kept"
)
NEITHER_WORDS = _listed(
    "joined new trial trialing onboarding prospect pending lead paused unknown incomplete test suspended"
)

LABEL_STEMS: Mapping[str, str] = {
    "churned": "churn|attrit|exited|unsubscrib",
    "expanded": "upsell|upsold|upgrad|expan|crosssell",
    "contracted": "downsell|downsold|downgrad|contraction",
}
"""Parts of a name that make a yes/no column a label where no name is known outright."""

TABLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "subscriptions": _listed("subscription subscriptions contract contracts"),
    "invoices": _listed("invoice invoices billing bills payments"),
    "usage": _listed("usage events activity activities logins"),
    "tickets": _listed("ticket tickets case cases support"),
    "surveys": _listed("survey surveys nps csat feedback"),
    "contacts": _listed("contact contacts people persons"),
    "touches": _listed("touch touches outreach interactions meetings calls"),
    "opportunities": _listed("opportunity opportunities deal deals"),
    "team": _listed("team csms owners staff"),
    "accounts": _listed("account accounts customer customers client clients companies company organizations"),
}
"""Words of a file's name that tell which table it is, the most special tables first."""

_FROM = _listed("startedon startdate start currentperiodstart contractstart validfrom begindate")
TABLE_ALIASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "subscriptions": {
        "started_on": _FROM,
        "ended_on": _listed("endedon endedat enddate end contractend validto terminationdate"),
        "amount": _listed(
            "amount mrramount mrr hsmrr arramount arr hsarr price value monthlyamount recurringamount"
        ),
        "plan": _listed("plan plantier planname tier edition"),
        "product": _listed("product productname"),
        "seats": _listed("seats quantity licenses licences users seatcount"),
        "renews_on": _listed("renewson renewaldate currentperiodend nextrenewal nextrenewaldate"),
        "auto_renew": _listed("autorenew autorenewflag isautorenew autorenewal"),
    },
    "invoices": {
        "issued_on": _listed("issuedon issuedate invoicedate date createdat created"),
        "due_on": _listed("dueon duedate due"),
        "paid_on": _listed("paidon paiddate paidat paymentdate"),
        "amount": _listed("amount total amountpaid amountdue invoiceamount"),
        "attempts": _listed("attempts attemptcount"),
    },
    "usage": {
        "day": _listed("day date usagedate eventdate timestamp time occurredat eventtime"),
        "event": _listed("event eventname feature featurename action eventtype"),
        "quantity": _listed("quantity count usagecount events value nevents"),
        "user_id": _listed("userid user"),
        "limit": _listed("limit quota usagelimit"),
    },
    "tickets": {
        "opened_at": _listed("openedat submittedat createdat createddate opened created openedon createdate"),
        "closed_at": _listed("closedat solvedat closeddate resolvedat closed closedon closedate"),
        "priority": _listed("priority hsticketpriority severity urgency"),
        "escalated": _listed("escalated isescalated escalationflag escalation"),
        "satisfaction": _listed("satisfaction satisfactionrating"),
        "reopens": _listed("reopens reopencount"),
    },
    "surveys": {
        "answered_at": _listed(
            "answeredat respondedat submittedat date createdat responsedate surveydate answeredon"
        ),
        "score": _listed("score npsscore nps rating satisfactionscore"),
        "contact_id": _listed("contactid respondentid personid"),
    },
    "contacts": {
        "contact_id": _listed("contactid id personid hsobjectid"),
        "role": _listed("role jobtitle title"),
        "preferred_channel": _listed("preferredchannel channel"),
        "language": _listed("language locale"),
        "joined_on": _listed("joinedon createdat createddate createdate startdate"),
        "left_on": _listed("lefton enddate leftdate"),
    },
    "touches": {
        "day": _listed("day date activitydate occurredat timestamp touchdate meetingdate"),
        "channel": _listed("channel type activitytype medium"),
        "minutes": _listed("minutes duration durationminutes"),
        "play": _listed("play playbook subject"),
        "contact_id": _listed("contactid personid"),
        "outcome": _listed("outcome result"),
        "assigned_at_random": _listed("assignedatrandom random randomised randomized"),
    },
    "opportunities": {
        "opened_on": _listed("openedon createddate createdate createdat opendate opened"),
        "closed_on": _listed("closedon closedate closeddate"),
        "amount": _listed("amount value dealamount"),
        "kind": _listed("kind type dealtype opportunitytype"),
        "won": _listed("won iswon hsisclosedwon"),
    },
    "team": {
        "owner": _listed("owner ownername name csm csmname ownerid"),
        "hours": _listed("hours capacity capacityhours hoursavailable"),
        "skills": _listed("skills languages expertise"),
    },
}
"""Columns of the other tables; ``account_id`` is looked for by the names it has in the accounts table."""
