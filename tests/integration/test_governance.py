"""Models are promoted, refused and rolled back by one command each; every decision is kept, none is lost."""

import json
import os
import shutil
import signal
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from standfast.adapters import history
from standfast.adapters.artifacts import champion_version, load_bundle, save_bundle
from standfast.adapters.history import Decision, deciding, read_decisions, read_history, write_down
from standfast.cli import main
from standfast.pipelines.train import train
from standfast.settings import load_settings

pytestmark = pytest.mark.integration

MODELS = Path("models")


def another(word):
    """Save the champion once more under another name: a version to decide on, without a training."""
    bundle = load_bundle(MODELS)
    bare = {name: value for name, value in bundle.manifest.items() if name not in {"schema", "sha256"}}
    return save_bundle(MODELS, files=bundle.files, manifest={**bare, "version": f"customers-{word}"}).name


@pytest.fixture
def first(flat_folder):
    return champion_version(MODELS)


@pytest.fixture
def second(first):
    return another("second")


def test_the_list_marks_the_champion_and_shows_grade_and_figures(cli, first, second):
    told = json.loads(cli("models", "--json").stdout)["models"]
    assert [one["version"] for one in told] == [first, second]
    assert [one["is_champion"] for one in told] == [True, False]
    assert told[0]["figures"]["churn"]["grade"] in set("ABCD")
    assert first in cli("models").stdout


def test_promoting_switches_and_writes_down_when_what_and_why_but_not_who(cli, first, second):
    done = cli("models", "promote", second, "--reason", "pilot went  well")
    assert done.exit_code == 0
    assert f"{second} is champion now, in place of {first}" in done.stdout
    assert champion_version(MODELS) == second
    line = json.loads((MODELS / "history.jsonl").read_text().splitlines()[-1])
    assert set(line) == {"id", "at", "action", "version", "before", "by", "reason", "step"}
    assert (line["action"], line["before"], line["reason"]) == ("promote", first, "pilot went well")
    assert cli("score").exit_code == 0


def test_each_decision_stands_sealed_beside_the_bundle_and_tied_to_its_manifest(cli, first, second):
    cli("models", "promote", second, "--reason", "pilot")
    kept = read_decisions(MODELS, second)
    assert kept["manifest_seal"] == json.loads((MODELS / second / "manifest.json").read_text())["seal"]
    assert [one["reason"] for one in kept["decisions"]] == ["pilot"]
    assert load_bundle(MODELS, second).version == second, "the bundle itself is as it was"


def test_the_answers_of_the_gate_are_kept_with_the_version_it_judged(first):
    gate = read_decisions(MODELS, first)["gate"]
    assert {one["name"] for one in gate} >= {"base_rate", "leakage", "calibration", "money", "segments"}
    assert {one["name"] for one in load_bundle(MODELS).manifest["gate"]} >= {"base_rate", "recency"}


def test_rolling_back_goes_to_the_champion_before_and_a_training_does_not_undo_it(cli, first, second):
    cli("models", "promote", second, "--reason", "pilot")
    done = cli("models", "rollback", "--reason", "scores jumped")
    assert champion_version(MODELS) == first
    assert f"{first} is champion again" in done.stdout
    refused = cli("models", "promote", second, "--reason", "try again")
    assert refused.exit_code == 1
    assert "--despite-refusal" in refused.complaint
    assert champion_version(MODELS) == first


def test_rolling_back_twice_does_not_swing_between_two_versions(cli, first, second):
    cli("models", "promote", second, "--reason", "pilot")
    third = another("third")
    cli("models", "promote", third, "--reason", "better still")
    cli("models", "rollback", "--reason", "no")
    assert champion_version(MODELS) == second
    cli("models", "rollback", "--reason", "no again")
    assert champion_version(MODELS) == first
    last = cli("models", "rollback", "--reason", "and again")
    assert last.exit_code == 1
    assert "no champion before" in last.complaint


def test_a_refused_version_is_used_only_when_that_is_said(cli, first, second):
    assert cli("models", "refuse", second, "--reason", "wrong export").exit_code == 0
    refused = cli("models", "promote", second, "--reason", "pilot")
    assert "wrong export" in refused.complaint
    assert cli("models", "promote", second, "--reason", "pilot", "--despite-refusal").exit_code == 0
    assert champion_version(MODELS) == second


def test_a_training_does_not_put_in_use_what_a_person_refused(cli, first, second):
    cli("models", "promote", second, "--reason", "pilot")
    with deciding(MODELS):
        write_down(MODELS, Decision(action="refuse", version=first, reason="wrong export", by="command"))
    training = train(load_settings())
    assert training.bundle.version == first
    assert champion_version(MODELS) == second


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["promote", "nonsense", "--reason", "x"], "no version 'nonsense'; there are: customers-"),
        (["promote", "../models", "--reason", "x"], "no version"),
        (["refuse", "CHAMPION", "--reason", "x"], "is the champion; put another one in use first"),
        (["promote", "CHAMPION", "--reason", "x"], "is the champion already"),
        (["rollback", "--reason", "x"], "no champion before"),
        (["refuse", "SECOND", "--reason", "  "], "--reason is blank"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_one_clear_line(cli, first, second, arguments, said):
    names = {"CHAMPION": first, "SECOND": second}
    refused = cli("models", *(names.get(word, word) for word in arguments))
    assert refused.exit_code == 1
    assert said in refused.complaint
    assert champion_version(MODELS) == first


def test_without_a_reason_nothing_is_decided(cli, first, second):
    assert cli("models", "promote", second).exit_code == 2
    assert champion_version(MODELS) == first


def test_a_version_with_a_changed_byte_is_refused_and_listed_as_damaged(cli, first, second):
    path = min((MODELS / second / "churned").iterdir())
    path.write_text(path.read_text().replace("1", "2", 1))
    refused = cli("models", "promote", second, "--reason", "pilot")
    assert "was changed after training" in refused.complaint
    assert champion_version(MODELS) == first
    listed = {one["version"]: one for one in json.loads(cli("models", "--json").stdout)["models"]}
    assert listed[second]["standing"] == "kept, damaged"


def test_a_line_cut_off_by_a_crash_is_skipped_and_the_next_one_is_whole(cli, first, second):
    with (MODELS / "history.jsonl").open("a") as history:
        history.write('{"action": "promote", "version": "cus')
    assert cli("models", "promote", second, "--reason", "pilot").exit_code == 0
    history = read_history(MODELS)
    assert history.n_unreadable == 1
    assert history.decisions[-1].reason == "pilot"
    assert "1 line(s) of history.jsonl cannot be read" in cli("models").stdout


def test_a_changed_file_of_decisions_is_not_believed_and_is_written_anew(cli, first, second):
    path = MODELS / f"{second}.decisions.json"
    cli("models", "promote", second, "--reason", "pilot")
    path.write_text(path.read_text().replace("pilot", "bribe"))
    assert read_decisions(MODELS, second) == {}
    cli("models", "rollback", "--reason", "no")
    assert [one["reason"] for one in read_decisions(MODELS, second)["decisions"]] == ["pilot", "no"]


def in_another_process(*arguments, dies_at=None):
    """Give the number of a process that runs the command, and kills itself where that is asked for."""
    number = os.fork()
    if number:
        return number
    code = 99
    try:
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            written = history._append

            def append(models, decision):
                if decision.step == "done" and dies_at == "after the switch":
                    os.kill(os.getpid(), signal.SIGKILL)
                written(models, decision)
                if decision.step == "begun" and dies_at == "before the switch":
                    os.kill(os.getpid(), signal.SIGKILL)

            history._append = append
            code = main(arguments, standalone_mode=False) or 0
    finally:
        os._exit(code)


def end_of(number):
    """Wait for a process; give its exit code, below zero the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


@pytest.mark.parametrize(
    ("moment", "switched"), [("before the switch", False), ("after the switch", True)]
)  # fmt: skip
def test_killed_around_the_switch_the_history_tells_what_came_of_it(cli, first, second, moment, switched):
    killed = in_another_process("models", "promote", second, "--reason", "pilot", dies_at=moment)
    assert end_of(killed) == -9
    assert champion_version(MODELS) == (second if switched else first)
    third = another("third")
    assert cli("models", "refuse", third, "--reason", "no").exit_code == 0
    promoted = next(one for one in read_history(MODELS).decisions if one.reason == "pilot")
    assert promoted.step == ("done" if switched else "abandoned")
    assert promoted.before == first
    if switched:
        assert cli("models", "rollback", "--reason", "back").exit_code == 0
        assert champion_version(MODELS) == first


def test_two_promotions_at_once_both_stand_in_the_history_in_one_order(first, second):
    third = another("third")
    started = [
        in_another_process("models", "promote", version, "--reason", "race") for version in (second, third)
    ]
    assert [end_of(one) for one in started] == [0, 0]
    one, two = [one for one in read_history(MODELS).decisions if one.reason == "race"]
    assert one.before == first
    assert two.before == one.version
    assert champion_version(MODELS) == two.version
    assert read_history(MODELS).n_unreadable == 0


@pytest.fixture
def mlflow(trained_flat_folder, first):
    import mlflow

    shutil.copytree(trained_flat_folder / "mlruns", "mlruns")
    mlflow.set_tracking_uri(f"sqlite:///{Path('mlruns/mlflow.db').resolve()}")
    return mlflow


def test_decisions_move_the_alias_in_mlflow_and_are_tagged_with_their_reason(cli, mlflow, first, second):
    away = cli("models", "promote", second, "--reason", "pilot")
    assert f"knows no version of {second}" in away.stdout
    back = cli("models", "rollback", "--reason", "scores jumped")
    assert "careful" not in back.stdout
    version = mlflow.MlflowClient().get_model_version_by_alias("standfast", "champion")
    assert version.tags["bundle"] == first
    assert (version.tags["decision"], version.tags["decision_reason"]) == ("rollback", "scores jumped")
    assert mlflow.get_run(version.run_id).data.tags["decision"] == "rollback"


def test_a_store_that_fails_is_said_and_undoes_nothing(cli, first, second):
    Path("mlruns").mkdir()
    Path("mlruns/mlflow.db").write_bytes(b"this is no database" * 100)
    done = cli("models", "promote", second, "--reason", "pilot")
    assert done.exit_code == 0
    assert "did not take the decision" in done.stdout
    assert champion_version(MODELS) == second


def test_without_a_store_the_decision_stands_in_the_models_folder_alone(cli, first, second):
    assert "holds no MLflow record" in cli("models", "promote", second, "--reason", "pilot").stdout


def test_runs_compare_the_trainings_with_intervals_and_answer_a_machine(cli, mlflow, first):
    (line,) = json.loads(cli("runs", "--json").stdout)
    assert line["version"] == first
    assert line["gate"] == "promoted"
    found = line["models"]["churn"]["auc"]
    assert found["low"] <= found["value"] <= found["high"]
    assert first in cli("runs", "-n", "3").stdout


def test_without_a_record_runs_points_to_training(cli, first):
    refused = cli("runs")
    assert refused.exit_code == 1
    assert "standfast train" in refused.complaint
