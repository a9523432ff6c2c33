"""A book with features of the user's own and with noise: what moves the accounts is found, noise is not."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from standfast.errors import InputError
from standfast.pipelines.observe import observe_book
from standfast.pipelines.score import score
from standfast.pipelines.train import train
from standfast.pipelines.views import top_features
from standfast.sample.book import make_sample_book
from standfast.sample.export import write_sample_book
from standfast.settings import load_settings

pytestmark = pytest.mark.integration

OURS = '''
UNITS = {"weekend_share": "share"}


def weekend_share(events, day):
    """weekend use: share of the days with use that lie on a weekend"""
    used = events["usage"].select("account_id", "day").distinct()
    is_weekend = used.day.day_of_week.index() >= 5
    return used.group_by("account_id").agg(share=is_weekend.cast("float64").mean())


def dice(events, day):
    """thrown anew for each account and date"""
    accounts = events["accounts"]
    number = accounts.account_id.right(4).cast("int64")
    return accounts.select("account_id", dice=(number * 7919 + day.toordinal() * 104729) % 997)
'''
MODEL = """
[model]
n_folds = 3
n_knots = 5
ridge_strengths = [3.0]
max_trees = 60
symmetric_rows = 0
"""
NOISE = ("lucky_number", "colour", "dice")
USE = {"active_days_30d", "usage_30d", "usage_90d", "usage_180d", "usage_trend_90d", "usage_limit_share"}
PAYMENT = {"payment_delay_days", "late_share_180d"}
FULLNESS = {"seat_utilisation", "usage_limit_share", "seat_utilisation_vs_peers"}
DRIVERS = {
    "churned": {"the end of the term": {"days_to_renewal"}, "how it uses": USE, "how it pays": PAYMENT},
    "contracted": {"the end of the term": {"days_to_renewal"}, "how it pays": PAYMENT},
    "expanded": {"nearly full": FULLNESS},
}
"""What the truth behind the sample book moves accounts by, and what an export shows of it."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with a sample book with noise and two features of its own, trained once; and the training."""
    folder = tmp_path_factory.mktemp("own")
    write_sample_book(make_sample_book(n_accounts=700, n_months=30, seed=5), folder / "book")
    accounts = pd.read_csv(folder / "book" / "accounts.csv", keep_default_na=False)
    chance = np.random.default_rng(1)
    accounts["lucky_number"] = chance.normal(size=len(accounts)).round(3)
    accounts["colour"] = chance.choice(list("abcdefgh"), len(accounts))
    accounts.to_csv(folder / "book" / "accounts.csv", index=False)
    (folder / "book" / "ours.py").write_text(OURS)
    settings = (folder / "book" / "standfast.toml").read_text()
    named = 'static = ["lucky_number", "colour"]\nfeatures = "ours.py"\n\n[units]'
    (folder / "book" / "standfast.toml").write_text(settings.replace("[units]", named, 1) + MODEL)
    before = Path.cwd()
    os.chdir(folder)
    try:
        return folder, train(load_settings(Path("book", "standfast.toml")))
    finally:
        os.chdir(before)


@pytest.fixture
def book(trained, tmp_path, monkeypatch):
    """A copy of the trained folder to work in: its settings."""
    shutil.copytree(trained[0], tmp_path, symlinks=True, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return load_settings(Path("book", "standfast.toml"))


def test_what_moves_the_accounts_is_among_the_top_features(trained):
    for one in trained[1].kept:
        names = list(one.propensity.importance())
        for driver, shown_by in DRIVERS[one.target].items():
            assert shown_by & set(names[:5]), f"{one.target}: {driver} is missing among {names[:5]}"
    assert {one.target for one in trained[1].kept} == set(DRIVERS)


def test_noise_is_not_among_the_top_features(trained):
    for one in trained[1].kept:
        shares = one.propensity.importance()
        assert not set(NOISE) & set(list(shares)[:12]), one.target
        assert max(shares[name] for name in NOISE) < max(shares.values()) / 5


def test_the_features_are_in_the_snapshots_and_known_by_their_words(trained):
    training = trained[1]
    assert training.observed.snapshots["weekend_share"].between(0, 1).mean() > 0.9
    (churn,) = (one for one in training.kept if one.target == "churned")
    labels = [label for label, _ in top_features(churn.propensity, own=training.observed.own.meanings)]
    assert "days to renewal" in labels
    assert "weekend_share" not in labels


def test_the_bundle_holds_what_the_features_mean_and_not_their_code(trained):
    bundle = trained[1].bundle
    held = bundle.manifest["own_features"]
    assert held["meanings"]["weekend_share"]["label"] == "weekend use"
    assert held["meanings"]["weekend_share"]["unit"] == "share"
    assert held["sha256"] == trained[1].observed.own.sha256
    assert not [path for path in bundle.folder.rglob("*") if b"def weekend_share" in path.read_bytes()]


def scores_of(settings, **options):
    return score(settings, output=Path("scores.parquet"), **options), pd.read_parquet("scores.parquet")


def test_reasons_tell_the_features_in_their_words(book):
    _, scores = scores_of(book, n_reasons=70)
    told = {reason["feature"] for reason in json.loads(scores["reasons"].iloc[0])}
    assert {"weekend use", "dice"} <= told


def test_scoring_says_when_the_file_has_changed_since_training(book):
    summary, before = scores_of(book)
    assert not [note for note in summary.notes if "ours.py" in note]
    Path("book", "ours.py").write_text(f"{OURS}\n# the same, with a remark\n")
    summary, after = scores_of(book)
    assert [note for note in summary.notes if "book/ours.py has changed since" in note]
    pd.testing.assert_frame_equal(before, after)


def test_scoring_without_a_feature_of_the_training_names_it(book):
    Path("book", "ours.py").write_text(OURS.replace("def dice", "def _dice"))
    with pytest.raises(InputError, match="dice: a number in training, not there now"):
        scores_of(book)
    without = replace(book, book=replace(book.book, features=None))
    with pytest.raises(InputError, match="weekend_share: a number in training, not there now"):
        scores_of(without)


def test_a_flat_table_takes_no_file_of_features(book):
    flat = replace(book, book=replace(book.book, subscriptions=None, invoices=None, usage=None))
    with pytest.raises(InputError, match=r"\[book\] features = 'ours.py' is for a book with events"):
        observe_book(flat)
