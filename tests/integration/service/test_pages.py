"""The pages as an answer: what each says, to whom, and that what people write comes back as text."""

import io
import re
from dataclasses import replace
from html import unescape
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.integration
HTML = {"Accept": "text/html"}
PAGES = ("/", "/worklist", "/plan", "/accounts", "/alerts", "/segments", "/campaigns", "/models", "/backtest")


def page(run, path, name="lea", **query):
    answer = run.client.get(path, params=query or None, headers={**run.sign_in(name), **HTML})
    assert answer.headers["content-type"].startswith("text/html"), answer.text
    return answer


def send(run, path, name="cleo", **form):
    session = run.sign_in(name)
    fields = {"csrf": session["X-CSRF-Token"], **form}
    cookie = {"Cookie": session["Cookie"]}
    return run.client.post(path, data=fields, headers={**cookie, **HTML})


def first_of(run, owner):
    rows = run.app.state.service.keeper.desk.worklist.rows
    return rows[rows["owner"] == owner].iloc[0]


@pytest.fixture
def paging(dated_running):
    """A service on the dated book."""
    return dated_running()


@pytest.mark.parametrize("path", [*PAGES, "/account?id=A-0000"])
def test_each_page_opens_for_each_role_says_what_it_is_of_and_runs_nothing_a_name_holds(paging, path):
    for name in ("vera", "cleo", "lea", "ada"):
        answer = page(paging, path, name)
        assert answer.status_code == 200
        assert "<script>window" not in answer.text
        assert "<img" not in answer.text
        assert " style=" not in answer.text
        assert "<style" not in answer.text
        assert not re.search(r"<[a-z][^>]* on[a-z]+=", answer.text)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)
    told = unescape(answer.text).replace("\u00a0", " ")
    desk = paging.app.state.service.keeper.desk
    assert f"As of {desk.as_of:%-d %b %Y}, by model {desk.version}" in told


def test_a_cell_of_the_matrix_leads_to_its_accounts(paging):
    """R3: the matrix puts every account in one cell."""
    desk = paging.app.state.service.keeper.desk
    text = page(paging, "/").text
    for cell in desk.matrix.to_dict("records"):
        address = f"/accounts?risk_tier={cell['risk_tier']}&amp;value_tier={cell['value_tier']}"
        assert address in text
        there = unescape(page(paging, unescape(address)).text)
        assert (f"{cell['n_accounts']:,} of 1,500 accounts" in there) or not cell["n_accounts"]


def test_a_search_that_finds_one_account_goes_there_and_one_that_finds_none_says_so(paging):
    found = paging.client.get("/accounts", params={"q": "A-0007"}, headers={**paging.sign_in("lea"), **HTML})
    assert found.headers["location"] == "/account?id=A-0007"
    none = page(paging, "/accounts", q="<b>nobody</b>").text
    assert "No account fits" in none
    assert "<b>nobody" not in none


def test_a_csm_sees_the_own_list_first_and_anybody_may_ask_for_another(paging):
    """C10: a Monday list per owner."""
    assert "Worklist of <bdi>cleo</bdi>" in page(paging, "/worklist", "cleo").text
    assert "Everyone's worklist" in page(paging, "/worklist", "lea").text
    assert "Worklist of <bdi>cora</bdi>" in page(paging, "/worklist", "cleo", owner="cora").text


def test_what_is_marked_done_leaves_the_list_once_and_comes_back_when_asked_for(paging):
    """U5: planned, done, outcome."""
    row = first_of(paging, "cleo")
    n_before = n_to_do(page(paging, "/worklist", "cleo", days=3650))
    form = {"account_id": row["account_id"], "channel": row["channel"], "play": row["play"], "minutes": "",
            "day": "2026-01-05", "outcome": "reached", "back": "/worklist?days=3650"}  # fmt: skip
    answer = send(paging, "/write/touch", **form)
    assert answer.headers["location"] == "/worklist?days=3650&said=touch"
    assert send(paging, "/write/touch", **form).headers["location"].endswith("said=touch-known")
    assert n_to_do(page(paging, "/worklist", "cleo", days=3650)) == n_before - 1
    assert "Done on 5" in unescape(page(paging, "/worklist", "cleo", days=3650, done=True).text)


def n_to_do(answer):
    return int(re.search(r"([\d,]+) to do", answer.text)[1].replace(",", ""))


def test_what_is_put_off_is_not_shown_until_asked_for(paging):
    row = first_of(paging, "cleo")
    n_before = n_to_do(page(paging, "/worklist", "cleo", days=3650))
    send(
        paging, "/write/snooze", account_id=row["account_id"], until="2026-03-01", reason="", back="/worklist"
    )
    assert n_to_do(page(paging, "/worklist", "cleo", days=3650)) < n_before
    assert "Put off until 1" in unescape(page(paging, "/worklist", "cleo", days=3650, snoozed=True).text)


def test_an_override_stands_on_the_account_with_who_and_why_and_can_be_ended(paging, harm):
    """U3: a person may override, with reason and expiry; both are kept."""
    account = first_of(paging, "cleo")["account_id"]
    send(paging, "/write/override", account_id=account, field="churn_probability", value="0.6",
         reason=f"heard of a tender {harm}", until="2026-02-01", back=f"/account?id={account}")  # fmt: skip
    text = page(paging, "/account", "cleo", id=account).text
    assert "says otherwise until" in text
    assert "heard of a tender &lt;script&gt;" in text
    number = re.search(r'name="override_id" value="(\d+)"', text)[1]
    send(paging, "/write/override-end", override_id=number, back=f"/account?id={account}")
    text = page(paging, "/account", "cleo", id=account).text
    assert "says otherwise until" not in text
    assert "ended by" in text


def test_an_outcome_is_kept_and_shown_on_the_account(paging):
    account = first_of(paging, "cleo")["account_id"]
    send(
        paging, "/write/outcome", account_id=account, outcome="renewed", day="2026-01-05", amount="", note=""
    )
    assert "renewed" in page(paging, "/account", "cleo", id=account).text


def test_nobody_writes_to_anothers_account_or_without_the_sessions_word(paging):
    theirs = first_of(paging, "cora")["account_id"]
    form = {"account_id": theirs, "channel": "call", "day": "2026-01-05"}
    assert send(paging, "/write/touch", "cleo", **form).status_code == 403
    assert send(paging, "/write/touch", "vera", **form).status_code == 403
    assert send(paging, "/write/touch", "lea", **form, csrf="x").status_code == 403
    assert "Mark done" not in page(paging, "/worklist", "vera").text


def test_a_form_that_cannot_be_says_which_field_and_keeps_nothing(paging):
    account = first_of(paging, "cleo")["account_id"]
    answer = send(paging, "/write/touch", account_id=account, channel="pigeon", day="soon", back="/worklist")
    assert answer.status_code == 422
    assert "Something in the form cannot be" in answer.text
    assert "pigeon" in answer.text
    assert "Nothing was kept" in answer.text


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_a_form_leads_back_to_this_service_alone(paging, back):
    account = first_of(paging, "cleo")["account_id"]
    answer = send(paging, "/write/snooze", account_id=account, until="2026-03-01", back=back)
    assert answer.headers["location"] == "/?said=snooze"


def test_an_account_that_is_not_there_is_a_page_that_says_so(paging):
    answer = page(paging, "/account", id="<b>no</b>")
    assert answer.status_code == 404
    assert "There is no such page or account" in answer.text
    assert "<b>no" not in answer.text


def test_an_account_shows_its_probability_over_the_runs_that_were_kept(paging, keep_past_scores):
    desk = paging.app.state.service.keeper.desk
    assert "One score run is known" in page(paging, "/account", id="A-0010").text
    keep_past_scores(paging.ledger(), desk)
    text = page(paging, "/account", id="A-0010").text
    assert text.count("<circle") == 4
    assert "by day of the score run" in text


def test_the_slider_works_as_a_form_and_says_what_is_gained_and_cut(paging):
    """C2: what was cut is printed."""
    there = paging.app.state.service.keeper.desk.plan.summary.hours_capacity
    text = page(paging, "/plan").text
    assert "as it stands" in text
    text = page(paging, "/plan", hours=there / 2).text
    assert "This is tried only" in text
    assert "against" in text
    part = page(paging, "/plan/tried", hours=there / 2).text
    assert "<html" not in part
    assert "This is tried only" in part


def test_the_list_goes_along_as_table_workbook_and_calendar_without_a_formula(paging):
    cleo = {**paging.sign_in("cleo")}
    told = {"days": 3650}
    table = paging.client.get("/worklist.csv", params=told, headers=cleo)
    assert table.text.startswith("owner,due_on,account_id")
    assert ",=cmd" not in paging.client.get("/worklist.csv", params={**told, "owner": "*"}, headers=cleo).text
    book = ZipFile(io.BytesIO(paging.client.get("/worklist.xlsx", params=told, headers=cleo).content))
    assert "xl/workbook.xml" in book.namelist()
    calendar = paging.client.get("/worklist.ics", params=told, headers=cleo).text
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert paging.client.get("/worklist.ics", params={"owner": "*"}, headers=cleo).status_code == 422


def test_whom_to_speak_with_is_for_those_who_may_write(paging):
    desk = paging.app.state.service.keeper.desk
    desk.worklist.rows["contact"] = "Somebody Real"  # in this test's own desk
    assert "Somebody Real" in page(paging, "/worklist", "cleo").text
    assert "Somebody Real" not in page(paging, "/worklist", "vera").text
    assert "Somebody Real" not in page(paging, "/worklist", "cleo", owner="cora").text
    theirs = first_of(paging, "cora")["account_id"]
    assert "Somebody Real" not in page(paging, "/account", "cleo", id=theirs).text


def test_a_book_without_a_past_says_why_pages_are_empty(service):
    """U4: what is missing is shown."""
    assert "this book has no past" in page(service, "/alerts").text
    assert "No campaign has been started" in page(service, "/campaigns").text
    assert "The past has not been replayed" in page(service, "/backtest").text
    assert "This is the first plan" in page(service, "/").text


def test_whom_chance_holds_out_is_named_on_the_list_and_told_on_the_account(paging, harm):
    """U5: whoever works the list knows whom to leave alone; a touch made all the same is kept."""
    keeper = paging.app.state.service.keeper
    desk = keeper.desk
    mine = desk.accounts["account_id"] == "A-0001"
    told = desk.accounts.assign(held_out=mine)
    work = replace(desk.worklist, held_out={"cleo": (harm, "Firm B")}, held_until="2026-04-03")
    keeper.desk = replace(desk, accounts=told, worklist=work)
    text = page(paging, "/worklist", "cleo").text
    assert "Held out until 2026-04-03" in text
    assert "Firm B" in text
    assert harm not in text
    assert "Held out until" not in page(paging, "/worklist", "cora").text
    assert "Chance holds this account out" in page(paging, "/account", id="A-0001").text
    assert "Chance holds this account out" not in page(paging, "/account", id="A-0005").text
    sent = send(paging, "/write/touch", "lea", account_id="A-0001", day="2026-01-05", channel="call", play="")
    assert sent.status_code in {200, 303}
    keeper.desk = desk
