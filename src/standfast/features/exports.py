"""What the exports of Salesforce, HubSpot, Stripe, Zendesk and Segment look like, and what they mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from standfast.features.aliases import listed, plain_name

_LEAST_SIGNS = 2


@dataclass(frozen=True)
class Export:
    """One kind of file that a system exports.

    Parameters
    ----------
    noun
        What the system calls the rows.
    table
        The canonical table it is taken for; None where it is none, and ``why_not`` says why.
    signs
        Plain names of which at least two tell the export; "a|b": either; "a!": not without it.
    columns
        Plain names of each canonical column, the most telling first; empty: none of the file's is it.
    traps
        What to know about a column, by its plain name; ``{column}`` stands for what the file calls it.
    odd_rows
        By a column's plain name, "values: what to do" about rows that are no business.
    """

    system: str
    noun: str
    table: str | None
    signs: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    traps: Mapping[str, str] = field(default_factory=dict)
    odd_rows: Mapping[str, str] = field(default_factory=dict)
    why_not: str = ""

    @property
    def is_crm(self) -> bool:
        """Whether it speaks of its rows as a CRM does: its annual revenue is the customer's turnover."""
        return self.system in {"Salesforce", "HubSpot"}

    def signs_in(self, names: Iterable[str]) -> tuple[str, ...]:
        """Give the columns that tell the export; none where they do not."""
        by_plain = {plain_name(name): name for name in reversed(list(names))}
        found = []
        for sign in self.signs:
            met = [by_plain[plain] for plain in sign.rstrip("!").split("|") if plain in by_plain]
            if not met and sign.endswith("!"):
                return ()
            found += [name for name in met[:1] if name not in found]
        return tuple(found) if len(found) >= _LEAST_SIGNS else ()


def recognise_export(names: Iterable[str]) -> tuple[Export | None, tuple[str, ...]]:
    """Give the export that most of a file's column names speak for, and those names."""
    there = list(names)
    signs = [(export, export.signs_in(there)) for export in EXPORTS]
    best = max(signs, key=lambda pair: len(pair[1]))
    return best if best[1] else (None, ())


def today_columns(names: Iterable[str]) -> list[str]:
    """Give the columns that hold how things stand on the day of the export."""
    return [name for name in names if plain_name(name) in _TODAY]


def _export(
    system: str,
    noun: str,
    table: str | None,
    signs: str,
    *,
    traps: Mapping[str, str] | None = None,
    odd_rows: Mapping[str, str] | None = None,
    why_not: str = "",
    **columns: str,
) -> Export:
    known = {name: listed(names) for name, names in columns.items()}
    return Export(system, noun, table, listed(signs), known, traps or {}, odd_rows or {}, why_not)


_TODAY = frozenset(
    listed(
        "status stage stagename lifecyclestage dealstage hspipelinestage hsleadstatus accountstatus iswon "
        "isclosed customerstatus subscriptionstatus ticketstatus churnreason churncategory "
        "cancellationreason delinquent lastactivity lastactivitydate noteslastcontacted noteslastupdated "
        "lastcontacted lastlogin lastlogindate lastseen lastseenat lastmodifieddate hslastmodifieddate "
        "systemmodstamp updatedat totalspend totalrevenue cancelatperiodend healthscore "
        "forecastcategory probability"
    )
)
"""Plain names of columns that are overwritten as time goes on: on a past date they tell the future."""

_COMPANY = (
    "associatedcompanyid hsprimaryassociatedcompany hsprimarycompanyid primaryassociatedcompanyid "
    "associatedcompanyids"
)
_GROUP = "groupid contextgroupid contextgroupsid traitscompanyid traitsgroupid propertiesgroupid"
_SEGMENT = "messageid anonymousid sentat receivedat originaltimestamp uuidts contextlibraryname"

EXPORTS = (
    _export(
        "Salesforce", "accounts", "accounts",
        "ownerid! numberofemployees annualrevenue parentid billingcountry|billingcountrycode accountsource "
        "masterrecordid lastactivitydate systemmodstamp",
        account_id="id accountid", name="name", parent_id="parentid", industry="industry", owner="ownerid",
        employees="numberofemployees", started_on="createddate", currency="currencyisocode",
        country="billingcountry billingcountrycode",
    ),
    _export(
        "Salesforce", "opportunities", "opportunities",
        "stagename! iswon closedate isclosed forecastcategory leadsource expectedrevenue",
        account_id="accountid", opened_on="createddate", closed_on="closedate", amount="amount", kind="type",
        won="iswon",
        traps={"closedate": "{column} is but a plan while an opportunity is open; it is not won until then"},
    ),
    _export(
        "Salesforce", "cases", "tickets",
        "casenumber isescalated isclosed closeddate suppliedemail origin entitlementid",
        account_id="accountid", opened_at="createddate", closed_at="closeddate", priority="priority",
        escalated="isescalated",
        traps={"isescalated": "{column} has no date: an escalation counts from the case's opening"},
    ),
    _export(
        "Salesforce", "contacts", "contacts",
        "lastname! reportstoid hasoptedoutofemail isemailbounced mailingcountry ownerid leadsource "
        "systemmodstamp",
        contact_id="id contactid", account_id="accountid", role="title", joined_on="createddate",
        language="languagesc languagec",
    ),
    _export(
        "Salesforce", "activities", "touches",
        "whatid whoid activitydate tasksubtype calldurationinseconds calldisposition completeddatetime "
        "startdatetime durationinminutes eventsubtype isalldayevent",
        account_id="accountid", day="completeddatetime startdatetime activitydatetime activitydate",
        channel="tasksubtype eventsubtype type", minutes="durationinminutes", play="subject",
        contact_id="whoid",
        outcome="calldisposition status",
        traps={"activitydate": "{column} of a task is when it is due, whether or not it was done"},
    ),
    _export(
        "HubSpot", "companies", "accounts",
        "hsobjectid|recordid! lifecyclestage hubspotownerid|companyowner noteslastcontacted|lastcontacted "
        "totalrevenue numberofemployees annualrevenue hslastmodifieddate hsleadstatus hsparentcompanyid",
        account_id="hsobjectid recordid", name="name companyname", industry="industry",
        started_on="createdate",
        country="country countryregion", employees="numberofemployees", owner="hubspotownerid companyowner",
        parent_id="hsparentcompanyid",
        traps={"totalrevenue": "{column} adds up all deals won until today; it is not revenue per year"},
    ),
    _export(
        "HubSpot", "deals", "opportunities",
        "dealstage! hsobjectid|recordid dealname pipeline hsisclosedwon hsmrr hsarr "
        "hubspotownerid|dealowner dealtype",
        account_id=_COMPANY, opened_on="createdate hscreatedate", closed_on="closedate", kind="dealtype",
        amount="amount hstcv hsacv", won="hsisclosedwon isclosedwon",
        traps={"closedate": "{column} is but a plan while a deal is open, and it is not won until then"},
    ),
    _export(
        "HubSpot", "line items", "subscriptions",
        "hsmrr|hsarr! hsrecurringbillingstartdate|hsrecurringbillingperiod|recurringbillingfrequency! "
        "hsobjectid hsarr hstcv hsproductid hssku",
        account_id=_COMPANY, started_on="hsrecurringbillingstartdate hsbillingstartdate createdate",
        ended_on="hsrecurringbillingenddate", amount="hsmrr hsarr", product="name", seats="quantity",
        traps={"hsrecurringbillingenddate": "{column} is the agreed end; each renewal must follow as a row"},
    ),
    _export(
        "HubSpot", "tickets", "tickets",
        "hsticketpriority hspipelinestage hsticketid hsticketcategory hspipeline closeddate hubspotownerid "
        "sourcetype timetoclose hsobjectid",
        account_id=_COMPANY, opened_at="createdate hscreatedate", closed_at="closeddate hscloseddate",
        priority="hsticketpriority",
    ),
    _export(
        "HubSpot", "contacts", "contacts",
        "hsobjectid|recordid! lastname! firstname jobtitle associatedcompanyid lifecyclestage "
        "hubspotownerid email hslastmodifieddate|lastmodifieddate noteslastcontacted hsbuyingrole "
        "hslanguage",
        contact_id="hsobjectid recordid", account_id=_COMPANY, role="hsbuyingrole jobtitle",
        language="hslanguage",
        joined_on="createdate",
    ),
    _export(
        "HubSpot", "engagements", "touches",
        "hstimestamp! hsobjectid hsengagementtype hsactivitytype hscalldisposition hscallduration "
        "hsmeetingoutcome hsemaildirection hubspotownerid hscreatedate",
        account_id=_COMPANY, day="hstimestamp", channel="hsengagementtype hsactivitytype",
        outcome="hsmeetingoutcome hscalldisposition", contact_id="associatedcontactid",
    ),
    _export(
        "Stripe", "subscriptions", "subscriptions",
        "customer|customerid currentperiodend|cancelatperiodend! cancelatperiodend canceledat endedat "
        "collectionmethod trialend latestinvoice|latestinvoiceid billingcycleanchor currentperiodstart",
        account_id="customer customerid", started_on="startdate start created", ended_on="endedat",
        amount="amount unitamount planamount priceunitamount", seats="quantity", renews_on="", auto_renew="",
        plan="plan planid planname plannickname pricenickname priceid",
        traps={
            "canceledat": "{column} is when the end was asked for; an account has left at ended_at",
            "currentperiodend": "{column} is that of the period now running, and on a past date would tell "
            "who stayed: it is not taken for renews_on",
            "quantity": "{column} and the amount are those of the export: changes within a subscription do "
            "not show, so a past date sees today's revenue, and contraction and expansion stay hidden",
            "trialend": "{column} is not read: who is in trial counts as a customer, from its start on",
        },
        odd_rows={
            "status": "incomplete incomplete_expired: their first payment never came; leave them out of the "
            "export, or they count as accounts that left"
        },
    ),
    _export(
        "Stripe", "invoices", "invoices",
        "attemptcount|attempted|billingreason|amountremaining|statustransitionspaidat|hostedinvoiceurl! "
        "customer|customerid amountpaid amountdue billingreason hostedinvoiceurl amountremaining",
        account_id="customer customerid", issued_on="created date finalizedat", due_on="duedate",
        paid_on="statustransitionspaidat paidat paiddate", amount="total amountdue amountpaid amount",
        attempts="attemptcount",
        odd_rows={"status": "draft void: nothing is owed for them; leave them out of the export"},
    ),
    _export(
        "Stripe", "customers", "accounts",
        "delinquent! invoiceprefix defaultsource|defaultsourceid livemode balance|accountbalance totalspend "
        "cardid",
        account_id="id customerid", name="name description email", started_on="created", currency="currency",
        country="addresscountry cardaddresscountry shippingaddresscountry",
    ),
    _export(
        "Zendesk", "tickets", "tickets",
        "organizationid! requesterid assigneeid submitterid reopens solvedat viachannel|via brandid "
        "ticketformid satisfactionrating|satisfactionratingscore",
        account_id="organizationid", opened_at="createdat", closed_at="solvedat", priority="priority",
        satisfaction="satisfactionratingscore satisfactionrating satisfactionscore", reopens="reopens",
    ),
    _export(
        "Zendesk", "organizations", "accounts",
        "sharedtickets|sharedcomments|domainnames|organizationfields! sharedcomments externalid groupid "
        "createdat tags",
        account_id="id", name="name", started_on="createdat",
    ),
    _export(
        "Zendesk", "satisfaction ratings", None, "ticketid! score! requesterid|assigneeid!",
        why_not="they are ratings of single tickets (good, bad), no answers on a scale of 0 to 10; "
        "satisfaction_rating of the tickets says the same",
    ),
    _export(
        "Segment", "track calls", "usage", f"event! groupid|contextgroupid eventtext {_SEGMENT}",
        account_id=_GROUP, day="timestamp originaltimestamp", event="event eventtext", user_id="userid",
        quantity="quantity propertiesquantity",
    ),
    _export(
        "Segment", "group calls", "accounts",
        f"groupid! traits|traitsname|traitsindustry|traitsemployees|traitsplan {_SEGMENT} userid",
        account_id="groupid id", name="traitsname name", industry="traitsindustry industry",
        employees="traitsemployees employees", plan="traitsplan plan", started_on="traitscreatedat createdat",
        country="traitscountry traitsaddresscountry country",
    ),
    _export(
        "Segment", "identify calls", "contacts", f"userid! traits|traitsemail|traitsname {_SEGMENT}",
        contact_id="userid", account_id=_GROUP, role="traitsrole traitstitle title role",
        language="traitslanguage contextlocale", joined_on="traitscreatedat createdat timestamp",
    ),
)  # fmt: skip
