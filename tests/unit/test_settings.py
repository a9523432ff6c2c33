"""The settings file: what is said, what is refused, and how the refusal helps."""

import tomllib
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.errors import SettingsError
from standfast.schema import TABLES
from standfast.settings import Settings, build_settings, load_settings
from standfast.settings.values import Book

ROOT = Path(__file__).resolve().parents[2]


def test_defaults_are_those_the_design_names():
    settings = Settings()
    assert settings.horizon.horizon_days == 90
    assert settings.economics.gross_margin == 0.8
    assert settings.economics.upsell_share == 0.2
    assert settings.capacity.hourly_cost == 125
    assert settings.channels.in_person.minutes == 240
    assert settings.paths.models == "models"


def test_symmetric_trees_are_tried_on_flat_tables_and_elsewhere_where_they_are_asked_for():
    flat, dated = {"accounts": "a.csv"}, {"accounts": "a.csv", "subscriptions": "s.csv"}
    assert build_settings({"book": flat}).recipe.symmetric_rows > 0
    assert build_settings({"book": dated}).recipe.symmetric_rows == 0
    asked = build_settings({"book": dated, "model": {"symmetric_rows": 5_000}})
    assert asked.recipe == asked.model


def test_an_unknown_key_names_the_nearest_known_one():
    with pytest.raises(SettingsError, match=r"\[capacity\] 'hour'; the nearest known key is 'hours'"):
        build_settings({"capacity": {"hour": 3}})


def test_an_unknown_section_names_the_nearest_known_one():
    with pytest.raises(SettingsError, match="'economic'; the nearest known key is 'economics'"):
        build_settings({"economic": {}})


def test_an_unknown_key_inside_a_channel_is_refused_too():
    with pytest.raises(SettingsError, match=r"channels.call\] 'minute'.*'minutes'"):
        build_settings({"channels": {"call": {"minute": 3}}})


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("economics", "gross_margin", 1.2),
        ("horizon", "horizon_days", 0),
        ("horizon", "lead_days", -1),
        ("capacity", "hours", -1),
        ("units", "revenue_period", "fortnight"),
        ("economics", "upsell_share", "much"),
    ],
)
def test_an_impossible_value_is_shown_with_its_key(section, key, value):
    with pytest.raises(SettingsError) as caught:
        build_settings({section: {key: value}})
    assert f"{section}.{key} = {value!r}" in str(caught.value)


def test_bounds_themselves_are_allowed():
    settings = build_settings({"economics": {"gross_margin": 1.0}, "horizon": {"lead_days": 0}})
    assert settings.economics.gross_margin == 1.0


def test_columns_may_be_mapped_per_table():
    settings = build_settings(
        {
            "columns": {
                "account_id": "id",
                "ignore": ["x"],
                "usage": {"day": "date"},
                "accounts": {"name": "n"},
            }
        }
    )
    assert settings.columns.of("accounts") == {"account_id": "id", "name": "n"}
    assert settings.columns.of("usage") == {"day": "date"}
    assert settings.columns.of("tickets") == {}
    assert settings.columns.ignore == ("x",)


@pytest.mark.parametrize(
    "columns",
    [
        {"account_id": 3},
        {"ignore": "x"},
        {"ignore": [1]},
        {"usage": {"dya": "date"}},
        {"annual_revenu": "x"},
        {"usage": {"day": ["date"]}},
    ],
)
def test_columns_that_make_no_sense_are_refused(columns):
    with pytest.raises(SettingsError):
        build_settings({"columns": columns})


@pytest.mark.parametrize("labels", [{"churned": "yes"}, {"churned": {"true": "yes"}}, {"churn": {}}])
def test_labels_that_make_no_sense_are_refused(labels):
    with pytest.raises(SettingsError):
        build_settings({"labels": labels})


def test_label_values_are_read_as_text():
    settings = build_settings({"labels": {"churned": {"true": [2], "false": ["no"], "exclude": []}}})
    assert settings.labels["churned"].is_true == ("2",)


def test_a_value_that_is_no_section_is_refused():
    with pytest.raises(SettingsError, match=r"should be a section \[capacity\]"):
        build_settings({"capacity": 3})


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(SettingsError, match="standfast init"):
        load_settings(tmp_path / "none.toml")


def test_broken_toml_is_one_clear_error(tmp_path):
    path = tmp_path / "standfast.toml"
    path.write_text("[book\n")
    with pytest.raises(SettingsError, match="not valid TOML"):
        load_settings(path)


def test_a_byte_order_mark_is_no_error(tmp_path):
    path = tmp_path / "standfast.toml"
    path.write_bytes(b'\xef\xbb\xbf[book]\nname = "x"\n')
    assert load_settings(path).book_name == "x"


def test_a_book_is_flat_until_it_has_subscriptions():
    assert build_settings({"book": {"accounts": "a.csv"}}).is_flat
    assert not build_settings({"book": {"accounts": "a.csv", "subscriptions": "s.csv"}}).is_flat


def test_observation_dates_are_read_as_dates():
    settings = build_settings(tomllib.loads("[snapshots]\ndates = [2024-03-01]"))
    assert settings.snapshots.dates == (date(2024, 3, 1),)


def test_every_canonical_table_but_team_has_a_setting():
    for table in TABLES:
        assert build_settings({"book": {table: "x.csv"}}).book.tables == {table: "x.csv"}


def test_the_documented_settings_file_says_the_defaults():
    documented = load_settings(ROOT / "config" / "standfast.toml")
    plain = Settings()
    for section in ("economics", "horizon", "capacity", "tiers", "response", "guards", "channels", "model"):
        assert getattr(documented, section) == getattr(plain, section)


@given(st.text(min_size=1, max_size=20))
def test_no_key_is_ever_taken_silently(key):
    if key in {one.name for one in fields(Book)}:
        return
    with pytest.raises(SettingsError):
        build_settings({"book": {key: "x"}})


ADDRESS = "postgresql+psycopg://ann:s3cr@t@db.local:5432/shop?sslpassword=s3cret"


def test_how_cells_are_written_is_said_per_table_with_the_units_wanted():
    settings = build_settings(
        tomllib.loads("""
            [units]
            revenue_period = "month"
            currency = "EUR"
            rates = {USD = 0.9}
            [read.invoices]
            cents = ["amount"]
            date_order = "day_first"
        """)
    )
    reading = settings.reading_of("invoices")
    assert (reading.policy.cents, reading.policy.date_order) == (("amount",), "day_first")
    assert (reading.periods_per_year, reading.rate_of) == (12, {"USD": 0.9, "EUR": 1.0})
    assert settings.reading_of("usage").policy.date_order == "year_first"


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ({"invoice": {}}, "unknown key .read. 'invoice'; the nearest known key is 'invoices'"),
        ({"invoices": "cents"}, r"should be a section \[read.invoices\]"),
        ({"invoices": {"cent": ["amount"]}}, r"\[read.invoices\] 'cent'; the nearest known key is 'cents'"),
        (
            {"invoices": {"cents": ["amunt"]}},
            "read.invoices cents. 'amunt'; the nearest known key is 'amount'",
        ),
        ({"invoices": {"cents": ["issued_on"]}}, "'issued_on'; the nearest known key is 'amount'"),
        ({"usage": {"date_order": "day"}}, "read.usage.date_order = 'day' is impossible"),
        ({"usage": {"time_zone": "Europe/Berln"}}, "'Europe/Berln' is unknown.*'Europe/Berlin'"),
        ({"usage": {"time_zone": "../etc/passwd"}}, "time_zone = '../etc/passwd' is unknown"),
        ({"usage": {"currency": "cur"}}, r"\[read.usage\] currency: usage holds no money; take it out"),
        ({"invoices": {"interval": "per"}}, "interval: invoices holds no money per period"),
        ({"subscriptions": {"interval_count": "n"}}, "interval_count needs interval"),
        ({"team": {"identifier": "hr"}}, "team holds no account ids"),
        (
            {"tickets": {"identifier": "zendesk"}},
            r"identifier needs .* identifiers = \"FILE.csv\" under \[book\]",
        ),
    ],
)
def test_what_cannot_be_meant_of_cells_is_refused(read, said):
    with pytest.raises(SettingsError, match=said):
        build_settings({"read": read})


@pytest.mark.parametrize("rate", [0, -1, "much"])
def test_a_rate_is_money_above_zero(rate):
    with pytest.raises(SettingsError, match=r"units\.rates\.EUR"):
        build_settings({"units": {"rates": {"EUR": rate}}})


def test_the_password_of_a_database_is_used_and_never_kept(monkeypatch):
    monkeypatch.delenv("STANDFAST_DATABASE", raising=False)
    settings = build_settings({"book": {"accounts": "a", "database": ADDRESS}})
    assert settings.database == ADDRESS
    kept = f"{settings!r} {settings.given} {settings.given_flat}"
    assert "postgresql+psycopg://ann@db.local:5432/shop" in kept
    assert "s3cr" not in kept


def test_an_address_that_is_none_is_kept_nowhere():
    assert build_settings({"book": {"database": "host=x password=s3cret"}}).given["book"]["database"] == ""


def test_an_sqlite_file_lies_beside_the_settings_and_the_environment_goes_first(monkeypatch):
    monkeypatch.delenv("STANDFAST_DATABASE", raising=False)

    def address(told):
        return build_settings({"book": {"database": told}}, folder=Path("/srv")).database

    assert address("sqlite:///shop.db") == "sqlite:////srv/shop.db"
    assert address("sqlite:////data/shop.db") == "sqlite:////data/shop.db"
    assert address("sqlite:///:memory:") == "sqlite:///:memory:"
    monkeypatch.setenv("STANDFAST_DATABASE", "sqlite:///other.db")
    assert address("sqlite:///shop.db") == "sqlite:///other.db"


def test_the_ledger_is_where_the_settings_say_else_in_postgres_of_the_environment_else_a_file(monkeypatch):
    monkeypatch.delenv("STANDFAST_DATABASE", raising=False)
    assert build_settings({}).ledger_address == "sqlite:///ledger.sqlite"
    monkeypatch.setenv("STANDFAST_DATABASE", "sqlite:///shop.db")
    assert build_settings({}).ledger_address == "sqlite:///ledger.sqlite"
    monkeypatch.setenv("STANDFAST_DATABASE", ADDRESS)
    assert build_settings({}).ledger_address == f"{ADDRESS}&options=-csearch_path%3Dstandfast"
    monkeypatch.setenv("STANDFAST_DATABASE", "postgresql://db.local/shop")
    assert build_settings({}).ledger_address.endswith("/shop?options=-csearch_path%3Dstandfast")
    assert build_settings({"paths": {"ledger": "my.sqlite"}}).ledger_address == "sqlite:///my.sqlite"


def test_the_password_of_a_ledger_is_used_and_never_kept():
    settings = build_settings({"paths": {"ledger": ADDRESS}})
    assert settings.ledger_address == ADDRESS
    assert "s3cr" not in f"{settings!r} {settings.given} {settings.given_flat}"
    assert build_settings({"paths": {"ledger": "my.sqlite"}}).given["paths"]["ledger"] == "my.sqlite"


def segment_named(name, values):
    return next(s for s in build_settings({"segments": values}).named_segments if s.name == name)


def test_a_team_changes_one_line_of_a_named_segment_and_keeps_the_rest():
    own = segment_named("dormant", {"dormant": {"where": "active_days_30d == 0"}})
    assert own.where == "active_days_30d == 0"
    assert own.kind == "behaviour"
    assert "call" in own.message


def test_a_segment_of_one_s_own_needs_no_more_than_a_rule_or_accounts():
    assert segment_named("key", {"key": {"where": "seats > 9"}}).meaning == "Accounts where seats > 9"
    assert segment_named("key", {"key": {"accounts": {"A-1": "brand"}}}).accounts == {"A-1": "brand"}
    off = build_settings({"segments": {"dormant": {"enabled": False}}})
    assert "dormant" not in {segment.name for segment in off.named_segments}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"key": 3}, r"segments.key = 3 should be a section"),
        ({"key": {}}, r"\[segments.key\] needs where"),
        ({"dormnt": {"message": "x"}}, r"needs where.*'dormant' is the nearest"),
        ({"key": {"where": ""}}, r"\[segments.key\] the expression is empty"),
        ({"key": {"where": "seats ** 2 > 3"}}, r"'seats \*\* 2 > 3' uses Pow"),
        (
            {"key": {"were": "seats > 3"}},
            r"unknown key \[segments.key\] 'were'; the nearest known key is 'where'",
        ),
        ({"Save": {"where": "seats > 3"}}, r"\[segments.Save\] is the name of another segment"),
        ({"unclear": {"where": "seats > 3"}}, r"is the name of another segment"),
        ({"key": {"where": 3}}, r"segments.key.where = 3 is impossible"),
    ],
)
def test_a_segment_that_makes_no_sense_is_refused_with_the_way_out(values, told):
    with pytest.raises(SettingsError, match=told):
        build_settings({"segments": values})


def test_the_file_of_named_segments_says_what_the_code_does():
    assert load_settings(ROOT / "config" / "segments.toml").named_segments == Settings().named_segments


def test_limits_of_owners_are_read_and_their_unknown_keys_refused():
    told = {"channels": ["call"], "most_accounts": 40, "most_in_person": 6}
    limits = build_settings({"capacity": {"limits": {"Ada": told}}}).capacity.limits
    assert (limits["Ada"].channels, limits["Ada"].most_accounts) == (("call",), 40)
    with pytest.raises(
        SettingsError, match=r"unknown key \[capacity.limits.Ada\] 'most_acounts'; .*'most_accounts'"
    ):
        build_settings({"capacity": {"limits": {"Ada": {"most_acounts": 4}}}})
    with pytest.raises(SettingsError, match=r"capacity.limits.Ada.channels.0 = 'fax' is impossible"):
        build_settings({"capacity": {"limits": {"Ada": {"channels": ["fax"]}}}})


def test_a_team_changes_one_line_of_an_alert_and_keeps_the_rest():
    """A2."""
    alerts = build_settings({"alerts": {"weeks": 20, "usage_drop": {"threshold": 0.25}}}).alerts
    assert alerts.weeks == 20
    assert alerts.usage_drop == replace(Settings().alerts.usage_drop, threshold=0.25)
    assert alerts.usage_collapse == Settings().alerts.usage_collapse


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"usage_drops": {}}, r"unknown key \[alerts\] 'usage_drops'; the nearest known key is 'usage_drop'"),
        ({"usage_drop": {"treshold": 1}}, r"\[alerts.usage_drop\] 'treshold'; .* 'threshold'"),
        ({"usage_drop": 3}, r"alerts.usage_drop = 3 is impossible"),
        ({"usage_drop": {"threshold": -0.2}}, r"alerts.usage_drop.threshold = -0.2 is impossible"),
        ({"usage_drop": {"severity": "red"}}, r"alerts.usage_drop.severity = 'red' is impossible"),
    ],
)
def test_an_alert_that_makes_no_sense_is_refused(values, told):
    with pytest.raises(SettingsError, match=told):
        build_settings({"alerts": values})


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"risk_tiers": ["high"]}, r"risk_tiers = \['high'\] is impossible"),
        ({"risk_tier": ["high", "low"]}, "nearest known key is 'risk_tiers'"),
        ({"value_tiers": ["high", "mid", "low"]}, "'mid' is impossible"),
        ({"cells": {"Save": {"sla": 1}}}, r"\[matrix.cells.Save\] 'sla'; the nearest known key is"),
        ({"cells": {"Save": {"owner_function": "CEO"}}}, "'CEO' is impossible"),
        ({"cells": {"Save": {"calls": -1}}}, "calls = -1 is impossible"),
        ({"cells": {"Rescue": {"priority": 5}}}, "'Rescue' .* would come after 'Watch'|would come after"),
        ({"cells": {"Save": {"segment": "dormant"}}}, "name of a named segment"),
        ({"cells": {"Save": 3}}, r"should be a section \[matrix.cells.Save\]"),
        ({"cells": 3}, "should be a section"),
    ],
)
def test_a_matrix_that_cannot_be_made_is_refused_with_the_way_out(said, error):
    """R3."""
    with pytest.raises(SettingsError, match=error):
        build_settings({"matrix": said})


def test_a_matrix_and_plays_of_ones_own_are_read():
    """R3, S1: names carry through."""
    own = build_settings(
        {
            "matrix": {"risk_tiers": ["high", "low"], "cells": {"Save": {"segment": "Red", "visits": 1}}},
            "plays": {
                "Store visit": {"segments": ["Red", "Rescue"], "goal": "See it", "steps": ["Go", "Note"]},
                "Growth plan": {"goal": "Grow together"},
            },
        }
    )
    assert own.built_matrix.segments[0] == "Red"
    assert own.built_matrix.cells[0].ceiling.visits == 1
    assert [(p.name, p.segment) for p in own.plays] == [
        ("Store visit", "Save"), ("Store visit", "Rescue"), ("Growth plan", "Protect & grow"),
    ]  # fmt: skip
    assert own.plays[2].steps


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"segment": "Sve"}, "segment 'Sve' is unknown; the nearest known one is 'Save'"),
        ({"action": "rescue"}, "action 'rescue' is unknown; the nearest"),
        ({"chanel": "call"}, "key 'chanel' is unknown; the nearest known one is 'channel'"),
        ({"channel": "fax"}, "channel = 'fax' is impossible"),
        ({"kind": "party"}, "kind = 'party' is impossible"),
        ({"minutes": -1}, "minutes = -1 is impossible"),
        ({"value_tier": "top"}, "value_tier 'top' is unknown"),
        ({"where": "seats >"}, "cannot be read"),
        ({"goal": ""}, "needs goal"),
        ({"steps": "Go"}, "steps"),
        ({"segments": "Save"}, "segments"),
        ({"name": "x"}, "unknown key 'name'"),
    ],
)
def test_a_play_that_means_nothing_is_refused_with_the_nearest_that_does(said, error):
    """C4."""
    with pytest.raises(SettingsError, match=error):
        build_settings({"plays": {"Visit": {"goal": "See it", "steps": ["Go"], **said}}})


@pytest.mark.parametrize("key", ["where", "segment", "segments", "action", "proven", "kind", "value_tier"])
def test_a_play_of_ours_stays_for_everybody_it_is_for(key):
    """C5, R3: what is left when nothing else fits."""
    value = {"proven": False, "segments": ["Save"]}.get(key, "reward")
    with pytest.raises(SettingsError, match="write a play of your own"):
        build_settings({"plays": {"Executive rescue": {key: value}}})
