"""Trained end to end: a leaking column and labels without meaning do not get past the gate."""

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.integration


@pytest.fixture
def book(make_flat_book, tmp_path, monkeypatch, without_record):
    monkeypatch.chdir(tmp_path)
    return make_flat_book(tmp_path, n=900, labels=("left",))


def changed(book, change):
    table = pd.read_csv(book / "customers.csv")
    change(table).to_csv(book / "customers.csv", index=False)


def test_shuffled_labels_are_refused_and_nothing_is_kept(cli, book):
    changed(book, lambda table: table.assign(left=table["left"].sample(frac=1, random_state=4).to_numpy()))
    refused = cli("train")
    assert refused.exit_code == 1
    assert "no model is better than the base rate" in refused.complaint
    assert not (book / "models" / "champion").exists()


def test_a_column_that_all_but_knows_the_answer_is_caught_at_the_gate_though_the_check_only_suspects_it(
    cli, book
):
    rng = np.random.default_rng(8)
    changed(
        book,
        lambda table: table.assign(hint=(table["left"] == "Yes") + rng.normal(0, 0.34, len(table))),
    )
    refused = cli("train")
    assert refused.exit_code == 1
    assert "suspect:hint" in refused.complaint
    assert "refused at the gate" in refused.complaint
    settings = book / "standfast.toml"
    settings.write_text(settings.read_text() + '\n[check]\naccept = ["suspect:hint"]\n')
    assert cli("train").exit_code == 0
