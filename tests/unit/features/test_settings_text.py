"""The settings file that ``init`` writes is short, valid TOML, and says what was guessed."""

import tomllib

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from standfast.features.book_guess import BookGuess, guess_book
from standfast.features.id_columns import Translation
from standfast.features.identifier_guess import GuessedIdentifiers
from standfast.features.reading_guess import GuessedReading
from standfast.features.roles import Guess, GuessedRoles
from standfast.features.settings_text import render_settings, toml_text
from standfast.features.table_guess import TableGuess

N = 60


def flat_book() -> BookGuess:
    status = np.resize(["Joined", "Stayed", "Churned"], N)
    frame = pd.DataFrame(
        {
            "customerID": [f"A{i}" for i in range(N)],
            "MonthlyCharges": [str(i) for i in range(N)],
            "Status": status,
            "Churn Reason": np.where(status == "Churned", "price", None),
            "visits": np.resize(["1", "2"], N),
        }
    )
    return guess_book({"telco.csv": frame})


def test_only_what_differs_from_the_defaults_is_written() -> None:
    values = tomllib.loads(render_settings(flat_book(), hours=300))
    assert values == {
        "book": {"name": "telco", "accounts": "telco.csv"},
        "columns": {"account_id": "customerID", "annual_revenue": "MonthlyCharges", "churned": "Status"},
        "labels": {"churned": {"true": ["Churned"], "false": ["Stayed"], "exclude": ["Joined"]}},
        "units": {"revenue_period": "month"},
        "check": {"leakage": "set_aside"},
        "capacity": {"hours": 300},
        "paths": {"models": "models", "mlruns": "mlruns"},
    }


def test_leak_suspects_are_named_in_a_comment() -> None:
    comments = [line for line in render_settings(flat_book()).splitlines() if line.startswith("#")]
    assert any("Churn Reason seems to know churned" in line for line in comments)


def test_a_canonical_table_needs_no_columns_section() -> None:
    frame = pd.DataFrame({"account_id": ["a", "b"], "annual_revenue": ["1", "2"], "churned": ["yes", "no"]})
    values = tomllib.loads(render_settings(guess_book({"book.csv": frame})))
    assert set(values) == {"book", "capacity", "paths"}


def test_a_team_table_tells_the_hours_so_the_settings_do_not() -> None:
    team = TableGuess("team.csv", "team", "by its name", {"owner": "csm", "hours": "hours"})
    book = BookGuess("b", GuessedRoles(""), (team,))
    values = tomllib.loads(render_settings(book))
    assert "capacity" not in values
    assert values["columns"] == {"team": {"owner": "csm"}}


def test_how_cells_are_written_stands_under_read_and_what_a_person_must_know_in_comments() -> None:
    reading = GuessedReading(
        {"cents": ("amount",), "currency": "currency"}, hints=('time_zone = "Europe/Berlin"  # fill in',)
    )
    bills = TableGuess("bills.csv", "invoices", "by its columns", {"amount": "total"}, reading=reading)
    accounts = TableGuess("accounts.csv", "accounts", "by its name")
    text = render_settings(BookGuess("b", GuessedRoles(""), (accounts, bills), currencies=("EUR", "GBP")))
    values = tomllib.loads(text)
    assert values["read"] == {"invoices": {"cents": ["amount"], "currency": "currency"}}
    assert values["units"] == {"currency": "EUR"}
    assert values["churn"] == {"by": "inactivity", "active_days": 180}
    assert '# time_zone = "Europe/Berlin"  # fill in' in text
    assert "# rates = {GBP = 1.0}  # what one unit is worth in EUR: fill in" in text


def test_the_table_that_translates_ids_is_named() -> None:
    found = GuessedIdentifiers((), used={"zendesk": Translation("map.csv", "account_id", "zendesk")})
    accounts = TableGuess("accounts.csv", "accounts", "by its name")
    text = render_settings(BookGuess("b", GuessedRoles(""), (accounts,), identifiers=found))
    assert tomllib.loads(text)["book"]["identifiers"] == "map.csv"


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(names)
def test_any_text_is_a_toml_string(text: str) -> None:
    assert tomllib.loads(f"x = {toml_text(text)}") == {"x": text}


@given(names, names, names)
def test_any_column_and_file_name_survives(column: str, file_name: str, reason: str) -> None:
    roles = GuessedRoles(
        file_name, (Guess("churned", column, reason),), ignore=(Guess("ignore", column, reason),)
    )
    unused = (TableGuess(file_name, None, reason),)
    reading = GuessedReading({"interval": column}, hints=(reason,))
    table = TableGuess(file_name, "accounts", reason, reading=reading)
    book = BookGuess(file_name, roles, (table,), unused)
    values = tomllib.loads(render_settings(book))
    assert values["book"] == {"name": file_name, "accounts": file_name}
    assert values["read"] == {"accounts": {"interval": column}}
    assert values["columns"] == ({"churned": column} if column != "churned" else {}) | {"ignore": [column]}
