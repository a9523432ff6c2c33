"""The API's answers: what is scored, listed, planned, kept; and problems that name the field."""

import io

import pandas as pd
import pytest

from standfast.service.rows import cursor_of

pytestmark = pytest.mark.integration
API = "/api/v1"


def account_of(desk, owner):
    """An account of an owner."""
    accounts = desk.accounts
    return str(accounts.loc[accounts["owner"] == owner, "account_id"].iloc[0])


@pytest.fixture
def get(service):
    lea = service.sign_in("lea")

    def ask(path, status=200, **query):
        answer = service.client.get(API + path, params=query, headers=lea)
        assert answer.status_code == status, answer.text
        return answer.json() if "json" in answer.headers["content-type"] else answer

    return ask


@pytest.fixture
def post(service):
    lea = service.sign_in("lea")

    def send(path, body, status=201, **headers):
        answer = service.client.post(API + path, json=body, headers=lea | headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return send


def test_one_row_and_many_get_the_same_scores_and_rows_in_are_scored_and_rejected(post, row):
    alone = post("/score", {"rows": [row]}, 200)
    beside = post("/score", {"rows": [row | {"id": "N-0", "mrr": "much"}, row]}, 200)
    assert alone["scores"][0] == beside["scores"][0]
    assert (beside["rows_in"], beside["scored"], beside["rejected"]) == (2, 1, 1)
    assert beside["rejected_rows"] == [
        {"row": 1, "account_id": "N-0", "why": "annual_revenue: 'much' is not an amount"}
    ]
    reasons = post("/score", {"rows": [row], "reasons": 2}, 200)["scores"][0]["reasons"]
    assert len([reason["feature"] for reason in reasons]) == 2
    both = post("/score", {"rows": [row, row | {"id": "N-2"}], "reasons": 2}, 200)["scores"]
    assert [one["reasons"] for one in both] == [reasons, reasons]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_comes_back_whole_scored_or_with_its_reason(service, owned_folder, ending):
    table = pd.read_csv(owned_folder / "customers.csv").head(40).astype({"mrr": "str"})
    table.loc[3, "mrr"] = "much"
    sent = table.to_csv(index=False).encode() if ending == "csv" else table.to_parquet(index=False)
    kind = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}[ending]
    answer = service.client.post(
        f"{API}/score/table?answer={ending}",
        content=sent,
        headers=service.key("score") | {"Content-Type": kind},
    )
    assert answer.status_code == 200, answer.text
    read = pd.read_csv if ending == "csv" else pd.read_parquet
    scored = read(io.BytesIO(answer.content))
    assert len(scored) == 40 == int(answer.headers["x-rows-in"])
    assert set(scored["account_id"]) == set(table["id"])
    rejected = scored[scored["rejected_because"].fillna("") != ""]
    assert rejected["rejected_because"].tolist() == ["row 4: annual_revenue: 'much' is not an amount"]


@pytest.mark.parametrize(
    ("sent", "kind", "status", "told"),
    [
        (b"", "text/csv", 422, "empty"),
        (b"id,plan\n", "text/csv", 422, "the table sent"),
        (b"id,plan,usage,tickets,mrr\nA,pro,1,1,1\nA,pro,1,1,1\n", "text/csv", 422, "more than once"),
        (b"id\nA\n", "text/csv", 422, "lacks columns"),
        (b"{}", "application/json", 415, "is no table"),
        (b"PAR1", "application/vnd.apache.parquet", 422, "the table sent"),
    ],
)
def test_a_table_that_is_none_is_refused_as_a_whole_and_leaves_nothing(  # noqa: PLR0917
    service, sent, kind, status, told, monkeypatch, tmp_path
):
    import tempfile

    (tmp_path / "spool").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spool"))
    answer = service.client.post(
        f"{API}/score/table", content=sent, headers=service.key("score") | {"Content-Type": kind}
    )
    assert answer.status_code == status
    assert told in answer.json()["detail"]
    assert not list((tmp_path / "spool").iterdir())


def test_lists_go_on_where_they_ended_and_hold_every_account_once(get, desk):
    met, cursor = [], None
    while True:
        part = get(
            "/scores",
            sort="-churn_probability",
            limit=400,
            owner="cleo",
            **({"cursor": cursor} if cursor else {}),
        )
        met += part["rows"]
        cursor = part["next_cursor"]
        if cursor is None:
            break
    own = desk.accounts[desk.accounts["owner"] == "cleo"]
    assert sorted(row["account_id"] for row in met) == sorted(own["account_id"])
    probabilities = [row["churn_probability"] for row in met]
    assert probabilities == sorted(probabilities, reverse=True)
    assert part["n_total"] == len(own)
    assert get("/scores", contains="firm a-0007")["rows"][0]["account_id"] == "A-0007"


@pytest.mark.parametrize(
    ("query", "field"), [({"sort": "nothing"}, "sort"), ({"cursor": "x"}, "cursor"), ({"limit": 0}, "limit")]
)
def test_a_list_that_cannot_be_is_a_problem_that_names_the_field_and_shows_the_value(get, query, field):
    problem = get("/scores", 422, **query)
    assert problem["errors"][0]["field"] == f"query.{field}"
    assert str(problem["errors"][0]["value"]) == str(query[field])


def test_matrix_segments_forecast_and_plan_are_those_of_the_desk(get, desk):
    cells = get("/matrix")["cells"]
    assert sum(cell["n_accounts"] for cell in cells) == len(desk.accounts)
    assert get("/segments")["n_accounts"] > 0
    assert get("/forecast")["forecast"]["horizon_days"] == 90
    plan = get("/plan")
    assert plan["hours_used"] == desk.plan.summary.hours_used
    lines = get("/plan/lines", planned=True, sort="-hours", limit=500)
    assert lines["n_total"] == int((desk.plan.lines["hours"] > 0).sum())
    assert pd.read_csv(io.BytesIO(get("/plan.csv").content)).shape[0] == len(desk.accounts)
    assert pd.read_csv(io.BytesIO(get("/scores.csv").content)).shape[0] == len(desk.accounts)


def test_what_if_says_what_other_hours_gain_and_keeps_nothing(get, service, desk):
    from standfast.adapters.ledger_plans import newest_plan

    less = get("/plan/what-if", hours=50)
    assert less["summary"]["hours_capacity"] == 50
    assert less["against"]["expected_value"] < 0
    more = get("/plan/what-if", csms=1)
    assert more["hours"] > desk.plan.summary.hours_capacity
    assert more["against"]["expected_value"] >= 0
    assert newest_plan(service.ledger()) is None
    assert get("/plan/what-if", 422, hours="nan")["errors"][0]["field"] == "query.hours"


def test_a_worklist_is_somebodys_and_what_is_put_off_is_left_out(get, post):
    mine = get("/worklist", owner="cleo", limit=500)
    assert {row["owner"] for row in mine["rows"]} == {"cleo"}
    assert get("/worklist/owners")["owners"] == ["cleo", "cora"]
    account = mine["rows"][0]["account_id"]
    post("/snoozes", {"account_id": account, "until": "2099-01-01"})
    left = get("/worklist", owner="cleo", limit=500)
    assert account not in {row["account_id"] for row in left["rows"]}
    every = get("/worklist", owner="cleo", limit=500, snoozed=True)
    assert every["n_total"] == mine["n_total"]
    assert {row["snoozed_until"] for row in every["rows"] if row["account_id"] == account} == {"2099-01-01"}


def test_the_trail_of_an_account_holds_what_explain_tells_and_what_people_did(get, post, desk):
    account = account_of(desk, "cleo")
    post("/touches", [{"account_id": account, "day": "2026-01-05", "channel": "call", "minutes": 30}])
    post("/outcomes", [{"account_id": account, "day": "2026-02-01", "outcome": "renewed", "amount": 10}])
    post("/overrides", {"account_id": account, "field": "churn_probability", "value": ".6", "reason": "x",
                        "until": "2099-01-01"})  # fmt: skip
    trail = get(f"/accounts/{account}")
    assert trail["scores"]["account_id"] == account
    assert trail["reasons"]
    assert trail["bundles_considered"] is not None
    assert trail["touches"][0]["minutes"] == 30
    assert trail["outcomes"][0]["outcome"] == "renewed"
    assert trail["overrides"][0]["value"] == "0.6"
    row = get("/scores", contains=account)["rows"][0]
    said = row["overrides"]["churn_probability"]
    assert (said["value"], said["by"]) == ("0.6", "lea")
    assert said["model"] == trail["scores"]["churn_probability"]  # what the model says stays
    assert get("/accounts/nobody", 404)["status"] == 404


def test_records_told_again_are_the_same_ones(get, post, desk):
    touch = [{"account_id": account_of(desk, "cleo"), "day": "2026-01-05", "channel": "call"}]
    assert post("/touches", touch)["n_new"] == 1
    assert post("/touches", touch)["n_known"] == 1
    assert post("/touches", [touch[0] | {"outcome": "reached"}])["n_completed"] == 1
    assert post("/touches", [touch[0] | {"account_id": "gone"}])["unknown_accounts"] == ["gone"]
    assert get("/touches", account_id=touch[0]["account_id"])["rows"][0]["outcome"] == "reached"


def test_records_are_told_part_by_part_and_a_made_up_place_is_refused(get, post, desk):
    touch = {"account_id": account_of(desk, "cleo"), "channel": "call"}
    post("/touches", [touch | {"day": f"2026-01-0{day}"} for day in range(1, 6)])
    first = get("/touches", limit=2)
    assert ([row["day"] for row in first["rows"]], first["n_total"]) == (["2026-01-05", "2026-01-04"], 5)
    second = get("/touches", limit=3, cursor=first["next_cursor"])
    assert [row["day"] for row in second["rows"]] == ["2026-01-03", "2026-01-02", "2026-01-01"]
    assert second["next_cursor"] is None
    for day, number in (("soon", "1"), ("2026-01-01", "x"), (None, "1")):
        assert "no place here" in get("/touches", 422, cursor=cursor_of("-day", day, number))["detail"]
    assert get("/touches", cursor=cursor_of("-day", "2026-01-01", f"-{10**30}"))["rows"] == []


def test_an_act_leaves_its_entry_in_the_audit_and_a_refused_one_leaves_nothing(service, post, desk):
    account = account_of(desk, "cleo")
    post("/snoozes", {"account_id": account, "until": "2099-01-01"})
    post("/snoozes", {"account_id": account, "until": "soon"}, 422)
    post("/overrides", {"account_id": account, "field": "segment", "value": "Nowhere", "reason": "x",
                        "until": "2099-01-01"}, 422)  # fmt: skip
    seen = service.client.get(f"{API}/audit?account_id={account}", headers=service.sign_in("ada")).json()
    assert [(row["who"], row["action"]) for row in seen["rows"]] == [("lea", "snoozed")]


def test_models_their_quality_and_what_a_flat_book_does_not_have(get):
    models = get("/models")["rows"]
    assert [model["is_champion"] for model in models] == [True]
    quality = get("/models/champion")
    assert quality["models"][0]["grade"]
    assert quality["evaluations"][0]["metrics"]["auc"]
    assert get("/monitor") == {"model_version": models[0]["version"], "found": None}
    assert "flat table" in get("/alerts", 409)["detail"]
    assert get("/campaigns")["rows"] == []
    assert "none" in get("/campaigns/spring", 404)["detail"]


def test_who_is_in_a_named_segment_is_told_part_by_part_with_the_reason(get, desk):
    named = desk.book.members["segment"].value_counts()
    found = get("/segments/members", segment=named.index[0], limit=1)
    assert found["n_total"] == named.iloc[0]
    assert found["rows"][0]["why"]
    mine = get("/segments/members", account_id=found["rows"][0]["account_id"])["rows"]
    assert found["rows"][0] in mine
    again = get("/segments/members", segment=named.index[0], limit=1, cursor=found["next_cursor"])["rows"]
    assert named.iloc[0] == 1 or again[0]["account_id"] > found["rows"][0]["account_id"]


def test_the_document_shows_an_example_of_every_operation(get):
    document = get("/openapi.json")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            told = [one for status, one in operation["responses"].items() if status.startswith("2")]
            contents = [shape for one in told for shape in one.get("content", {}).values()]
            assert path in {"/health", "/ready", "/metrics"} or any(
                "example" in shape for shape in contents
            ), (method, path)
            assert operation["summary"]


def test_a_book_that_was_not_read_yet_is_said_to_come_and_health_is_open(running):
    service = running(without_desk=True)
    service.app.state.service.keeper.desk = None
    assert service.client.get("/health").json() == {"status": "ok"}
    answer = service.client.get(f"{API}/matrix", headers=service.key("read"))
    assert answer.status_code in {200, 503}
    if answer.status_code == 503:
        assert int(answer.headers["retry-after"]) > 0


def test_metrics_need_a_key_and_name_routes_not_accounts(service, desk):
    key = service.key("read")
    service.client.get(f"{API}/accounts/{account_of(desk, 'cleo')}", headers=key)
    assert service.client.get("/metrics").status_code == 401
    text = service.client.get("/metrics", headers=key).text
    assert 'route="/api/v1/accounts/{account_id:path}"' in text
    assert account_of(desk, "cleo") not in text
    assert "standfast_desk_up 1.0" in text


def test_log_lines_tell_routes_and_numbers_and_no_person(service, desk, caplog):
    account = account_of(desk, "cleo")
    with caplog.at_level("INFO", "standfast.service"):
        service.client.get(f"{API}/accounts/{account}", headers=service.sign_in("lea"))
    told = " ".join(str(vars(record)) for record in caplog.records)
    assert "/api/v1/accounts/{account_id:path}" in told
    assert account not in told
    assert "lea" not in told.replace("release", "").replace("least", "")
    assert "user:" in told
