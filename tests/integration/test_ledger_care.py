"""A ledger backed up, brought back, thinned out, and made to forget: the same in SQLite and in PostgreSQL."""

import json
import stat
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from standfast.adapters import ledger_restore
from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_all_tables import LEDGER
from standfast.adapters.ledger_assignments import read_assignments, write_assignments
from standfast.adapters.ledger_audit import read_audit
from standfast.adapters.ledger_backup import TABLES, check_backup, write_backup
from standfast.adapters.ledger_campaigns import add_campaign
from standfast.adapters.ledger_erasure import erase_account, erase_person, is_account, is_person
from standfast.adapters.ledger_experiments import start_experiment
from standfast.adapters.ledger_keys import add_key, key_holder
from standfast.adapters.ledger_overrides import add_override, all_overrides
from standfast.adapters.ledger_plans import keep_plan, kept_plans, last_plan
from standfast.adapters.ledger_restore import restore_backup
from standfast.adapters.ledger_scores import account_scores, keep_scores, score_runs
from standfast.adapters.ledger_snoozes import snooze, snoozes_on
from standfast.adapters.ledger_thinning import newest_day, thin_ledger
from standfast.adapters.ledger_touches import record_outcomes, record_touches
from standfast.adapters.ledger_users import add_user
from standfast.errors import InputError, StateError

pytestmark = pytest.mark.integration

HOSTILE = ["=cmd()", "a'; DROP TABLE plans; --", '😀, \n"x"']
GOOD = "correct horse battery"


@pytest.fixture
def ledger(ledger_address):
    with open_ledger(ledger_address, book="b") as opened:
        yield opened


def scores_of(accounts, p=0.25):
    placed = {"priority": 1, "cell": "high risk, high value", "segment": "Save"}
    known = {"account_id": accounts, "churn_probability": p, "churn_low": np.nan, "reward": 1e-300}
    return pd.DataFrame({**known, **placed})


def plan_of(accounts, owner="Ann Lee"):
    zeros = dict.fromkeys(("n_in_person", "n_call", "n_email", "n_digital", "hours"), 0)
    return pd.DataFrame({"account_id": accounts, "owner": owner, "held_out": False, "why": "w", **zeros})


def fill(ledger, accounts=(*HOSTILE, "a")):
    """Something of everything."""
    day = date(2026, 1, 31)
    accounts = list(accounts)
    summary = {
        "notes": ["the override of a by ann", "banana"],
        "by_owner": [{"owner": "Ann Lee"}],
        "gap": None,
    }
    keep_plan(ledger, plan_of(accounts), as_of=day, horizon_days=90, model_version="m", summary=summary)
    keep_scores(ledger, scores_of(accounts), as_of=day, model_version="m")
    when = {"account_id": accounts, "day": pd.Timestamp(day)}
    record_touches(ledger, pd.DataFrame({**when, "channel": "call", "contact_id": "c-1"}), who="ann")
    record_outcomes(ledger, pd.DataFrame({**when, "outcome": "renewed", "note": "x"}), who="ann")
    for account in accounts:
        add_override(
            ledger, account_id=account, field="segment", value="Save", reason="r", until=day, who="ann"
        )
        snooze(ledger, account_id=account, until=date(2026, 2, 3), reason=None, who="ann")
    rows = pd.DataFrame({"account_id": accounts, "list": "A", "place": 1, "owner": "Ann Lee"})
    name = f"campaign {len(read_audit(ledger, limit=999))}"
    add_campaign(ledger, name=name, offer="o", as_of=day, terms={"lists": ["A"]}, accounts=rows)
    start_experiment(
        ledger, name.replace("campaign", "test"), kind="plays", arms={"call": 0.5, "visit": 0.5},
        outcome="churned", started_on=day, who="ann",
    )  # fmt: skip
    drawn = plan_of(accounts).assign(arm="call", arm_probability=0.5, stratum="s", churn_probability=0.25)
    write_assignments(ledger, name.replace("campaign", "test"), drawn, cycle=day, horizon_days=90)
    if not is_person(ledger, "Ann"):
        add_user(ledger, "Ann", password=GOOD, role="csm", owner="Ann Lee", who="root")
    return add_key(ledger, f"key {len(read_audit(ledger, limit=999))}", scopes=["read"], owner="Ann Lee")


def everything(ledger):
    """All rows of all tables but the audit, which notes what was done with the rest."""
    with ledger.reading() as connection:
        return {
            table.name: connection.execute(sa.select(table).order_by(*table.primary_key.columns)).all()
            for table in TABLES
            if table.name != "audit"
        }


def text_of(ledger):
    with ledger.reading() as connection:
        return str([connection.execute(sa.select(table)).all() for table in LEDGER.sorted_tables])


def test_a_backup_brings_back_every_row_in_the_other_database_too(ledger, ledger_address, tmp_path, request):
    token = fill(ledger)
    file = tmp_path / "ledger.zip"
    backup = write_backup(ledger, file, who="root")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert backup == check_backup(file)
    assert GOOD not in str([zipfile.ZipFile(file).read(name) for name in zipfile.ZipFile(file).namelist()])
    for address in (f"sqlite:///{tmp_path / 'other.sqlite'}", ledger_address):
        with open_ledger(address, book="b") as other:
            restore_backup(other, file, replace=address == ledger_address, who="root")
            assert everything(other) == everything(ledger)
            assert key_holder(other, token).scopes == ("read",)
            fill(other, ["new"])  # numbers go on from where they were
    assert len(everything(ledger)["overrides"]) == len(HOSTILE) + 2


def test_a_ledger_with_rows_is_overwritten_only_when_told(ledger, tmp_path):
    fill(ledger)
    write_backup(ledger, tmp_path / "ledger.zip", who="root")
    before = everything(ledger)
    with pytest.raises(StateError, match=r"holds rows already .*--replace"):
        restore_backup(ledger, tmp_path / "ledger.zip", replace=False, who="root")
    assert everything(ledger) == before


def test_a_restore_that_fails_half_way_leaves_the_ledger_as_it_was(ledger, tmp_path, monkeypatch):
    fill(ledger)
    write_backup(ledger, tmp_path / "ledger.zip", who="root")
    fill(ledger, ["new"])
    before = everything(ledger)
    monkeypatch.setattr(ledger_restore, "_count_on", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore_backup(ledger, tmp_path / "ledger.zip", replace=True, who="root")
    assert everything(ledger) == before


def test_a_backup_is_of_one_moment_whoever_writes_meanwhile(ledger, ledger_address, tmp_path, monkeypatch):
    from standfast.adapters import ledger_backup

    fill(ledger)
    write = ledger_backup._write

    def meanwhile(box, connection, table):
        part = write(box, connection, table)
        if table is TABLES[0]:
            with open_ledger(ledger_address, book="b") as other:
                fill(other, ["meanwhile"])
        return part

    monkeypatch.setattr(ledger_backup, "_write", meanwhile)
    write_backup(ledger, tmp_path / "ledger.zip", who="root")
    with zipfile.ZipFile(tmp_path / "ledger.zip") as box:
        assert not [name for name in box.namelist() if b"meanwhile" in box.read(name)]


@pytest.mark.parametrize("spoil", ["no zip", "another zip", "changed", "shorter", "newer", "lacks a table"])
def test_a_backup_that_is_not_whole_is_refused_before_anything_goes(tmp_path, spoil):
    file, address = tmp_path / "ledger.zip", f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    with open_ledger(address, book="b") as ledger:
        fill(ledger)
        write_backup(ledger, file, who="root")
        before = everything(ledger)
        spoil_backup(file, spoil)
        with pytest.raises(InputError, match=r"ledger\.zip"):
            restore_backup(ledger, file, replace=True, who="root")
        assert everything(ledger) == before


def spoil_backup(file, how):
    with zipfile.ZipFile(file) as box:
        parts = {name: box.read(name) for name in box.namelist()}
    if how == "shorter":
        file.write_bytes(file.read_bytes()[:-100])
        return
    if how == "changed":
        parts["touches.jsonl"] = parts["touches.jsonl"].replace(b"call", b"mail")
    elif how == "newer":
        parts["manifest.json"] = json.dumps(
            json.loads(parts["manifest.json"]) | {"revision": "9999"}
        ).encode()
    elif how == "lacks a table":
        del parts["plans.jsonl"]
    else:
        parts = {"hello.txt": b"hello"}
    with zipfile.ZipFile(file, "w") as box:
        for name, content in parts.items():
            box.writestr(name, content)
    if how == "no zip":
        file.write_text("these are notes")


def test_an_account_is_erased_everywhere_and_the_others_stay(ledger):
    fill(ledger)
    others = {name: len(rows) for name, rows in everything(ledger).items()}
    done = erase_account(ledger, HOSTILE[0], who="root")
    assert HOSTILE[0] not in text_of(ledger)
    assert set(done) == {
        "plan_lines", "campaign_accounts", "assignments", "touches", "outcomes", "overrides", "snoozes",
        "scores", "scored_accounts", "audit",
    }  # fmt: skip
    now_there = {name: len(rows) for name, rows in everything(ledger).items()}
    assert {name for name in others if others[name] != now_there[name]} == set(done) - {"audit"}
    assert all(others[name] - now_there[name] in {0, 1} for name in others)
    newest = read_audit(ledger, limit=1).iloc[0]
    assert (newest["who"], newest["action"]) == ("root", "account erased")
    assert not is_account(ledger, HOSTILE[0])
    assert erase_account(ledger, "a", who="root")["plans"] == 1
    assert json.loads(json.dumps(everything(ledger)["plans"][0].summary["notes"])) == [
        "the override of erased by ann", "banana",
    ]  # fmt: skip


def test_a_person_is_erased_by_any_of_their_names_and_the_accounts_history_stays(ledger):
    fill(ledger)
    assert is_person(ledger, "Ann Lee")
    done = erase_person(ledger, "ann", who="ann")
    told = text_of(ledger)
    for name in ("Ann Lee", "'Ann'", "'ann'"):
        assert name not in told, name
    assert done["users"] == 1
    assert len(all_overrides(ledger)) == 4
    (pseudonym,) = set(last_plan(ledger, before=date(2026, 2, 1))["owner"])
    assert pseudonym.startswith("erased-")
    assert everything(ledger)["plans"][0].summary["by_owner"] == [{"owner": pseudonym}]
    assert not is_person(ledger, "ann")
    erase_person(ledger, "c-1", who="root")
    assert "c-1" not in text_of(ledger)


def test_who_chance_chose_is_never_thinned_out(ledger):
    fill(ledger)
    thin_ledger(ledger, before=date(2030, 1, 1), who="root")
    assert sorted(read_assignments(ledger)["account_id"]) == sorted([*HOSTILE, "a"])


def test_nothing_of_an_erased_account_is_left_in_the_file(tmp_path):
    file = tmp_path / "ledger.sqlite"
    with open_ledger(f"sqlite:///{file}", book="b") as ledger:
        fill(ledger, ["unmistakable-name", "a"])
        erase_account(ledger, "unmistakable-name", who="root")
        left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"unmistakable-name" not in left


def test_old_plans_and_scores_are_thinned_to_the_newest_of_each_month(ledger):
    for month, day in ((1, 5), (1, 20), (1, 20), (2, 3), (2, 28), (3, 10), (3, 20)):
        when, n = date(2026, month, day), len(score_runs(ledger))
        keep_plan(ledger, plan_of(["a"]), as_of=when, horizon_days=90, model_version=None, summary={})
        keep_scores(ledger, scores_of(["a"], p=n / 100), as_of=when, model_version=None)
    assert newest_day(ledger) == date(2026, 3, 20)
    gone = thin_ledger(ledger, before=date(2026, 3, 15), who="root")
    assert gone == {"plans": 3, "score_runs": 3}
    days = ["2026-01-20", "2026-02-28", "2026-03-10", "2026-03-20"]
    assert kept_plans(ledger)["as_of"].astype(str).tolist() == days
    assert account_scores(ledger, "a")["as_of"].astype(str).tolist() == days
    assert account_scores(ledger, "a")["churn_probability"].tolist() == [0.02, 0.04, 0.05, 0.06]
    assert thin_ledger(ledger, before=date(2026, 3, 15), who="root") == {"plans": 0, "score_runs": 0}
    assert len(everything(ledger)["plan_lines"]) == 4


def test_scores_come_back_as_they_were_and_are_kept_once(ledger):
    day = date(2026, 1, 31)
    scores = scores_of(HOSTILE).assign(churn_probability=[0.1, np.nan, 1 / 3], priority=[1, pd.NA, 1])
    run = keep_scores(ledger, scores, as_of=day, model_version="m")
    assert keep_scores(ledger, scores.iloc[::-1], as_of=day, model_version="m") == run
    assert keep_scores(ledger, scores, as_of=day, model_version="n") != run
    assert keep_scores(ledger, scores.assign(reward=2.0), as_of=day, model_version="m") != run
    found = [account_scores(ledger, account).iloc[-1] for account in HOSTILE]
    assert [row["churn_probability"] for row in found][::2] == [0.1, 1 / 3]
    assert np.isnan(found[1]["churn_probability"])
    assert [row["reward"] for row in found] == [2.0] * 3
    assert found[0]["segment"] == "Save"
    assert pd.isna(found[1]["segment"])
    assert len(account_scores(ledger, HOSTILE[0])) == 1
    assert score_runs(ledger)["n_scores"].tolist() == [3, 3, 3]
    assert account_scores(ledger, "nobody").empty


def test_a_snooze_holds_until_its_day_and_the_newest_word_counts(ledger):
    snooze(ledger, account_id="a", until=date(2026, 2, 3), reason="holiday", who="ann")
    assert snoozes_on(ledger, date(2026, 2, 2))["reason"].tolist() == ["holiday"]
    assert snoozes_on(ledger, date(2026, 2, 3)).empty
    snooze(ledger, account_id="a", until=date(2026, 1, 1), reason=None, who="ann")
    assert snoozes_on(ledger, date(2026, 2, 2)).empty


def test_the_commands_care_for_a_ledger(cli):
    assert "there is no ledger" in cli("ledger", "backup", "b.zip").complaint
    with open_ledger("sqlite:///ledger.sqlite", book="book") as ledger:
        fill(ledger)
    assert "the ledger itself" in cli("ledger", "backup", "ledger.sqlite").complaint
    assert "written to b.zip" in cli("ledger", "backup", "b.zip").stdout
    assert "holds rows already" in cli("ledger", "restore", "b.zip").complaint
    assert "stand in ledger.sqlite again" in cli("ledger", "restore", "b.zip", "--replace").stdout
    assert cli("ledger", "erase", "a").exit_code == 1  # nobody says yes
    told = cli("ledger", "erase", "a", "--yes").stdout
    assert "erased of the account 'a'" in told
    assert "the tables the book is read from" in told
    assert "holds nothing of" in cli("ledger", "erase", "a", "--yes").complaint
    with open_ledger("sqlite:///ledger.sqlite", book="book") as ledger:
        record_touches(
            ledger, pd.DataFrame({"account_id": ["ann"], "day": ["2026-01-01"], "channel": "call"})
        )
    assert "is an account and a person; say which" in cli("ledger", "erase", "ann", "--yes").complaint
    assert "of the person" in cli("ledger", "erase", "ann", "--as", "person", "--yes").stdout
    assert "0 plans and 0 runs" in cli("ledger", "thin", "--older-than", 0).stdout
    assert json.loads(cli("ledger", "--json").stdout)["n_overrides"] == 3
    assert Path("b.zip").exists()
