"""Tables for people, JSON for machines."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from standfast.terminal.show import _is_figure, plain, print_json, print_table, progress


@dataclass(frozen=True)
class Inner:
    when: date


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (np.float64("nan"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (True, True),
        (1.5, 1.5),
        (date(2024, 3, 1), "2024-03-01"),
        (Path("a/b"), "a/b"),
        ({1: (2, {3})}, {"1": [2, [3]]}),
        (Inner(date(2024, 3, 1)), {"when": "2024-03-01"}),
        (pd.DataFrame({"a": [1.0, np.nan]}), [{"a": 1.0}, {"a": None}]),
    ],
)
def test_values_become_what_json_knows(value, expected):
    given = plain(value)
    assert given == expected
    assert type(given) is type(expected)


def test_json_is_one_document_with_text_as_it_is(capsys):
    print_json({"name": "Ünï 🦊", "value": float("nan")})
    assert json.loads(capsys.readouterr().out) == {"name": "Ünï 🦊", "value": None}


def test_a_table_shows_text_that_looks_like_markup_as_it_stands(capsys):
    print_table("A [bold]title", ("name", "hours"), [("[red]Acme[/red]", "1.5"), ("B", "12")])
    said = capsys.readouterr().out
    assert "[red]Acme[/red]" in said
    assert "A [bold]title" in said


@pytest.mark.parametrize("cell", ["12", "1.2 M", "4.5 %", "-3", "−520", "8.6 k", "1,234", "–", ""])  # noqa: RUF001
def test_figures_are_set_to_the_right(cell):
    assert _is_figure(cell)


@pytest.mark.parametrize("cell", ["Acme", "3 calls", "2026-01-03", "12 h"])
def test_words_are_not(cell):
    assert not _is_figure(cell)


def test_progress_is_plain_lines_where_nobody_watches_and_silence_for_machines(capsys):
    with progress() as say:
        say("reading")
    with progress(quiet=True) as say:
        say("nothing")
    assert capsys.readouterr().err == "reading\n"
