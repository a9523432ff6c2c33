"""Campaigns over HTTP and on their page: what the command does, by whom it may be done, its trace."""

from dataclasses import replace

import pytest

from standfast.adapters.ledger_audit import read_audit

pytestmark = pytest.mark.integration
API = "/api/v1"
SPRING = {"name": "Spring / offer", "offer": "Audit module"}
AT = f"{API}/campaigns/Spring / offer"


@pytest.fixture
def lead(service):
    """A function that asks as a lead."""
    headers = service.sign_in("lea")

    def ask(method, path, body=None, *, expected=200, **more):
        answer = service.client.request(method, path, json=body, headers=headers | more)
        assert answer.status_code == expected, answer.text
        return answer.json()

    return ask


def trace(service):
    """Name what was done with campaigns, the first first."""
    done = read_audit(service.ledger(), limit=200)["action"].tolist()[::-1]
    return [action for action in done if action.startswith("campaign")]


def test_a_lead_takes_a_campaign_all_the_way_and_every_step_is_in_the_audit(service, lead, desk):
    """O1 to O3."""
    begun = lead("POST", f"{API}/campaigns", SPRING | {"lists": ["B", "A"]}, expected=201)
    assert [row["list"] for row in begun["accounts_by_list"]] == ["A", "B"]
    first = lead("GET", f"{AT}/next?most=1000")
    assert {row["list"] for row in first["next"]} == {"A"}
    assert first["n_left"] == len(first["next"])
    assert "cannot open before" in lead("POST", f"{AT}/next", {"go_on": "now"}, expected=409)["detail"]
    day = begun["started_on"]
    sold = [
        {"account_id": row["account_id"], "result": "sale", "minutes": 30, "revenue": 900, "day": day}
        for row in first["next"]
    ]
    odd = [sold[0], sold[1] | {"account_id": "nobody"}]
    assert "no account ['nobody']" in lead("POST", f"{AT}/results/many", odd, expected=422)["detail"]
    assert lead("POST", f"{AT}/results/many", sold, expected=201)["n_new"] == len(sold)
    looked = lead("POST", f"{AT}/next", {})
    assert looked["open_list"] == "B"
    assert "list B is open" in looked["opened"][0]
    assert (
        "it began on"
        in lead("POST", f"{AT}/stop", {"reason": "x", "day": "1999-01-01"}, expected=422)["detail"]
    )
    stopped = lead("POST", f"{AT}/stop", {"reason": "enough"})
    assert stopped["campaign"]["stop_reason"] == "enough"
    assert lead("GET", f"{AT}/next")["next"] == []
    assert "was stopped" in lead("POST", f"{AT}/next", {}, expected=409)["detail"]
    steps = trace(service)
    assert steps[0] == "campaign started"
    assert {"campaign looked at", "campaign gate passed", "campaign stopped"} <= set(steps)


@pytest.mark.parametrize("who", ["vera", "cleo", "key of an owner"])
def test_api5_broken_function_level_authorization_campaigns_are_led_by_leads(service, lead, who):
    lead("POST", f"{API}/campaigns", SPRING, expected=201)
    before = trace(service)
    headers = service.key("read", "write", owner="cleo") if who.startswith("key") else service.sign_in(who)
    for path, body in (
        (f"{API}/campaigns", SPRING | {"name": "other"}), (f"{AT}/next", {"go_on": "x"}),
        (f"{AT}/stop", {"reason": "x"}),
    ):  # fmt: skip
        assert service.client.post(path, json=body, headers=headers).status_code == 403, path
    assert trace(service) == before
    assert service.client.get(f"{AT}/next", headers=headers).status_code == 200


def test_a_campaign_is_started_once_however_often_it_is_asked_for(service, lead):
    once = {"Idempotency-Key": "spring-1"}
    first = lead("POST", f"{API}/campaigns", SPRING, expected=201, **once)
    assert lead("POST", f"{API}/campaigns", SPRING, expected=201, **once) == first
    assert "already" in lead("POST", f"{API}/campaigns", SPRING, expected=409)["detail"]
    assert trace(service).count("campaign started") == 1


def test_whom_an_offer_is_for_goes_by_the_scores_that_the_plan_reads(service, lead, desk):
    """U3: those have what persons say in place of the model's word."""
    given = desk.book.given
    account = desk.segmentation.frame["account_id"].iloc[7]
    chance = given.scores["upsell_probability"].where(given.scores["account_id"] != account, 1.0)
    said = given.scores.assign(upsell_probability=chance)
    keeper = service.app.state.service.keeper
    keeper.look = lambda: None
    keeper.desk = replace(desk, book=replace(desk.book, given=replace(given, scores=said)))
    asked = SPRING | {"where": "upsell_probability == 1", "lists": ["A", "B", "C", "D"]}
    begun = lead("POST", f"{API}/campaigns", asked, expected=201)
    assert sum(row["n_accounts"] for row in begun["accounts_by_list"]) == 1


def test_an_expression_that_names_no_column_starts_nothing(service, lead):
    refused = lead("POST", f"{API}/campaigns", SPRING | {"where": "plann == 'pro'"}, expected=422)
    assert "nearest column is 'plan'" in refused["detail"]
    assert lead("GET", f"{API}/campaigns")["rows"] == []


def test_the_profile_of_list_a_is_told(lead):
    """O4."""
    found = lead("GET", f"{API}/campaign-profile")
    assert found["n_accounts"] > 0
    assert {row["about"] for row in found["rows"]} == {"plan"}


def test_a_lead_leads_a_campaign_on_its_page_and_a_csm_sees_no_form(service, desk):
    headers = service.sign_in("lea")
    word = headers["X-CSRF-Token"]
    cookie = {"Cookie": headers["Cookie"]}
    told = {"csrf": word, "name": "Spring", "offer": "<b>Audit</b>", "where": "", "is_experimental": "false"}
    begun = service.client.post("/write/campaign", data=told, headers=cookie)
    assert (begun.status_code, begun.headers["location"]) == (303, "/campaigns?said=campaign")
    page = service.client.get(begun.headers["location"], headers=cookie).text
    assert "the campaign's lists stand below" in page.replace("&#39;", "'")
    assert "&lt;b&gt;Audit&lt;/b&gt;" in page
    again = {"csrf": word, "campaign": "Spring", "go_on": ""}
    looked = service.client.post("/write/campaign-next", data=again, headers=cookie)
    assert looked.headers["location"] == "/campaigns?said=campaign-looked"
    refused = service.client.post(
        "/write/campaign-stop", data={"campaign": "Spring", "reason": "x"}, headers=cookie
    )
    assert refused.status_code == 403, "no word of the session, no write"
    ended = {"csrf": word, "campaign": "Spring", "reason": "enough"}
    assert service.client.post("/write/campaign-stop", data=ended, headers=cookie).status_code == 303
    assert trace(service) == ["campaign started", "campaign looked at", "campaign stopped"]
    seen = service.client.get("/campaigns", headers=service.sign_in("cleo")).text
    assert "Start the campaign" not in seen
    assert "enough" in seen
