"""The desk is swapped whole; what cannot be laid leaves the old one serving, and says so."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from standfast.adapters.artifacts import champion_version, switch_champion
from standfast.pipelines.desk import lay_desk
from standfast.service.keeper import DeskKeeper
from standfast.settings import load_settings

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(owned_folder, tmp_path):
    """Settings of a copy of the book, for it is changed here."""
    folder = tmp_path / "book"
    shutil.copytree(owned_folder, folder, symlinks=True)
    told = load_settings(folder / "standfast.toml")
    paths = replace(
        told.paths, models=str(folder / "models"), ledger=f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    )
    return replace(told, paths=paths, service=replace(told.service, retry_seconds=1000))


@pytest.fixture
def keeper(settings, desk):
    """A keeper with a desk of this copy, which is that of the book it was copied from."""
    from standfast.pipelines.desk_mark import mark_of

    return DeskKeeper(settings, desk=replace(desk, settings=settings, mark=mark_of(settings)))


def test_a_corrupt_champion_leaves_the_old_desk_serving_until_a_whole_one_is_there(keeper, settings):
    models, before = Path(settings.paths.models), keeper.desk
    version = champion_version(models)
    shutil.copytree(models / version, models / "broken")
    (models / "broken" / "manifest.json").write_text("{}")
    switch_champion(models, "broken")
    keeper.look()
    assert keeper.desk is before
    assert "broken" in keeper.problem
    keeper.look()
    assert keeper.n_failed == 1  # the same champion is not tried again and again
    switch_champion(models, version)
    keeper.look()
    assert keeper.problem is None
    assert keeper.desk is before


def test_a_book_that_changed_is_laid_anew_and_one_that_went_away_is_not(keeper, settings):
    table = settings.folder / "customers.csv"
    text = table.read_text().splitlines()
    table.write_text("\n".join(text[:-500]) + "\n")
    before = keeper.desk
    keeper.look()
    assert keeper.desk is not before
    assert len(keeper.desk.accounts) == len(before.accounts) - 500
    newest = keeper.desk
    table.unlink()
    keeper.look()
    assert keeper.desk is newest
    assert "customers.csv" in keeper.problem


def test_an_override_moves_the_plan_without_reading_the_book_again(keeper, settings):
    from datetime import date

    from standfast.adapters.ledger import open_ledger
    from standfast.adapters.ledger_overrides import add_override

    before = keeper.desk
    with open_ledger(settings.ledger_address, book=settings.book_name) as ledger:
        add_override(
            ledger, account_id="A-0001", field="churn_probability", value="0.9", reason="x",
            until=date(2999, 1, 1), who="lea",
        )  # fmt: skip
    keeper.look()
    assert keeper.desk is not before
    assert keeper.desk.seen is before.seen


def test_what_nobody_foresaw_while_laying_is_told_in_one_sentence_without_its_words(settings, desk, caplog):
    def fall(*_, **__):
        raise ZeroDivisionError("secret")

    keeper = DeskKeeper(settings, lay=fall)
    keeper.look()
    assert keeper.desk is None
    assert "secret" not in keeper.problem
    assert "log" in keeper.problem


def test_a_desk_of_the_same_book_is_the_same_desk(desk):
    again = lay_desk(desk.settings)
    assert again.accounts.equals(desk.accounts)
    assert again.plan.lines.equals(desk.plan.lines)
    assert again.mark == desk.mark
