"""Killed, interrupted or damaged at any moment, the last good state stands."""

import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pandas as pd
import pytest

from standfast.adapters.artifacts import champion_version, load_bundle
from standfast.pipelines.train import train
from standfast.settings import load_settings

pytestmark = pytest.mark.integration


def changed_champion(folder):
    """Change one byte of the champion's first model file."""
    path = min((folder / "models" / champion_version(folder / "models") / "churned").iterdir())
    path.write_text(path.read_text().replace("1", "2", 1))


@pytest.mark.parametrize("command", [["score"], ["plan"], ["report"], ["explain", "A-0001"]])
def test_a_champion_with_a_changed_byte_is_refused(cli, flat_folder, command):
    changed_champion(flat_folder)
    refused = cli(*command)
    assert refused.exit_code == 1
    assert "was changed after training" in refused.complaint
    assert not any(flat_folder.glob("*.parquet*"))


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"schema": 1}', '{"schema": 9}'])
def test_a_broken_manifest_is_one_clear_error(cli, flat_folder, text):
    (flat_folder / "models" / champion_version(flat_folder / "models") / "manifest.json").write_text(text)
    refused = cli("score")
    assert refused.exit_code == 1
    assert "train" in refused.complaint


def test_a_changed_byte_of_the_manifest_is_refused_too(cli, flat_folder):
    path = flat_folder / "models" / champion_version(flat_folder / "models") / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "base_rate": 0.9}, indent=2, sort_keys=True) + "\n")
    assert "['manifest.json']" in cli("score").complaint


def damaged(folder):
    changed_champion(folder)


def bundle_gone(folder):
    shutil.rmtree(folder / "models" / champion_version(folder / "models"))


def link_astray(folder):
    (folder / "models" / "champion").unlink()
    (folder / "models" / "champion").symlink_to("nowhere")


def link_is_a_file(folder):
    (folder / "models" / "champion").unlink()
    (folder / "models" / "champion").write_text("x")


@pytest.mark.parametrize("harm", [damaged, bundle_gone, link_astray, link_is_a_file])
def test_training_replaces_a_champion_that_cannot_be_used(flat_folder, cli, harm):
    harm(flat_folder)
    assert cli("score").exit_code == 1
    training = train(load_settings())
    assert training.promotion.promoted
    assert load_bundle(Path("models")).version == training.bundle.version
    assert cli("score").exit_code == 0


def test_a_folder_where_the_champion_s_link_belongs_is_one_clear_error(cli, flat_folder):
    (flat_folder / "models" / "champion").unlink()
    (flat_folder / "models" / "champion").mkdir()
    refused = cli("train")
    assert refused.exit_code == 1
    assert "cannot be pointed at" in refused.complaint
    assert not list(flat_folder.glob("models/.*"))


@pytest.mark.parametrize("command", [["score"], ["plan"], ["report"], ["explain", "A-0001"]])
def test_without_a_model_every_command_points_to_training(cli, flat_folder, command):
    shutil.rmtree(flat_folder / "models")
    refused = cli(*command)
    assert refused.exit_code == 1
    assert "standfast train" in refused.complaint


def started(standfast_process, folder, *arguments):
    return subprocess.Popen(
        standfast_process.command(*arguments),
        cwd=folder,
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def wait_for(process, word):
    """Read what the process says until it says ``word``."""
    said = ""
    for line in process.stderr:
        said += line
        if word in line:
            return said
    pytest.fail(f"it ended before it said {word!r}: {said}")


@pytest.mark.parametrize(
    ("word", "pause"),
    [
        ("churn: fitting", 0.2),
        pytest.param("upsell: fitting", 0.1, marks=pytest.mark.thorough),
        ("planning", 0.5),
    ],
)
def test_a_training_killed_at_any_moment_leaves_a_champion_that_scores(
    standfast_process, cli, flat_folder, word, pause
):
    settings = flat_folder / "standfast.toml"
    settings.write_text(settings.read_text().replace("ridge_strengths = [3.0]", "ridge_strengths = [5.0]"))
    process = started(standfast_process, flat_folder, "train")
    wait_for(process, word)
    time.sleep(pause)
    process.kill()
    process.wait()
    assert load_bundle(flat_folder / "models").version == champion_version(flat_folder / "models")
    assert cli("score").exit_code == 0
    train(load_settings())
    assert not list(flat_folder.glob("models/.writing-*")), "the next training sweeps up"


def test_a_scoring_killed_half_way_leaves_what_was_there(standfast_process, cli, flat_folder):
    customers = pd.read_csv(flat_folder / "customers.csv", dtype=str)
    many = pd.concat([customers] * 150, ignore_index=True)
    many.assign(id=[f"B-{i}" for i in range(len(many))]).to_csv(flat_folder / "many.csv", index=False)
    target = flat_folder / "scores.csv"
    target.write_text("what was there")
    process = started(standfast_process, flat_folder, "score", "many.csv", "-o", "scores.csv")
    wait_for(process, "scored")
    process.kill()
    process.wait()
    assert target.read_text() == "what was there"
    assert not (flat_folder / "scores.csv.rejected.csv").exists()
    assert cli("score", "-o", "scores.csv").exit_code == 0
    assert len(pd.read_csv(target)) == 1500


def test_an_interrupt_ends_a_training_without_a_traceback(standfast_process, flat_folder):
    before = (flat_folder / "models" / "champion").readlink()
    process = started(standfast_process, flat_folder, "train")
    said = wait_for(process, "churn: fitting")
    process.send_signal(signal.SIGINT)
    said += process.communicate(timeout=120)[1]
    assert process.returncode in {1, 130}
    assert "Traceback" not in said
    assert (flat_folder / "models" / "champion").readlink() == before
