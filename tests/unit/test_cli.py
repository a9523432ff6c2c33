"""The command itself: documented, quick to answer, and honest about what went wrong."""

import subprocess
import sys
import warnings

import click
import pytest
from click.testing import CliRunner

from standfast import __version__
from standfast.cli import main
from standfast.errors import StandfastError, StandfastWarning

HEAVY = ("pandas", "numpy", "lightgbm", "mlflow", "sklearn", "duckdb", "pyarrow", "pydantic", "rich")
COMMANDS = [
    "sample", "init", "check", "snapshots", "train", "score", "plan", "worklist", "report", "backtest",
    "explain", "segments", "belief", "alerts", "campaign", "experiment", "override", "record", "ledger",
    "user", "key", "serve", "models", "runs", "monitor", "run",
]  # fmt: skip
GROUPS = {
    "campaign": ["start", "next", "record", "status", "stop", "profile"],
    "experiment": ["start", "draw", "list", "status", "report", "stop", "power", "whatif"],
    "record": ["touches", "outcomes"],
    "ledger": ["backup", "restore", "erase", "thin"],
    "user": ["add", "list", "change", "password", "remove"],
    "key": ["add", "list", "revoke"],
    "models": ["promote", "refuse", "rollback"],
}
SINGLE = [
    *(name for name in COMMANDS if name not in GROUPS),
    *(f"{group} {name}" for group, names in GROUPS.items() for name in names),
]
WITHOUT_A_LOOK = {
    "sample", "init", "campaign record", "campaign status", "campaign stop", "experiment list",
    "experiment stop", "record touches", "record outcomes", "override", "serve", "runs",
    *(f"{group} {name}" for group in ("models", "ledger", "user", "key") for name in GROUPS[group]),
}  # fmt: skip
"""Commands that look at no book, and so as of no date."""


def command_of(name):
    group, _, single = name.partition(" ")
    return main.commands[group].commands[single] if single else main.commands[group]


def test_commands_stand_in_the_order_of_use():
    assert list(main.commands) == COMMANDS
    for group, names in GROUPS.items():
        assert list(main.commands[group].commands) == names


@pytest.mark.parametrize("name", SINGLE)
def test_every_command_is_documented_with_an_example_and_speaks_json(name):
    told = CliRunner().invoke(main, [*name.split(), "--help"])
    assert told.exit_code == 0
    assert f"Example: standfast {name}" in told.output
    assert "--json" in told.output or name == "serve"  # which ends when it is told to, and answers over HTTP
    assert command_of(name).help


@pytest.mark.parametrize("name", sorted(set(SINGLE) - WITHOUT_A_LOOK))
def test_every_command_on_a_book_takes_settings_and_a_date(name):
    told = CliRunner().invoke(main, [*name.split(), "--help"]).output
    assert "--settings" in told
    assert "--as-of" in told


def test_every_option_says_what_it_is():
    for name in SINGLE:
        options = [one for one in command_of(name).params if isinstance(one, click.Option)]
        silent = [one.name for one in options if not one.help]
        assert silent == [], name


def test_help_imports_nothing_heavy():
    code = (
        "import sys\n"
        "from standfast.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        f"heavy = {set(HEAVY)}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_the_version_is_the_package_s():
    assert __version__ in CliRunner().invoke(main, ["--version"]).output


@pytest.mark.parametrize(
    "arguments", [["--bogus"], ["bogus"], ["sample"], ["sample", "x", "--accounts", "0"]]
)
def test_wrong_usage_ends_with_two(arguments):
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_a_user_s_error_is_one_line_and_ends_with_one(cli):
    refused = cli("score")
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert refused.stderr.count("\n") == 1
    assert refused.complaint.startswith("standfast: ")


def test_a_warning_of_ours_is_one_line_and_those_of_libraries_are_not_shown(monkeypatch, capsys):
    from standfast.cli.group import _say_warning

    monkeypatch.setattr(warnings, "showwarning", _say_warning)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr(warnings, "showwarning", _say_warning)
        warnings.warn("seats are missing", StandfastWarning, stacklevel=1)
        warnings.warn("use something else", DeprecationWarning, stacklevel=1)
    assert capsys.readouterr().err == "careful: seats are missing\n"


def test_too_little_memory_is_one_line(monkeypatch, cli):
    def no_room(*_, **__):
        raise MemoryError

    monkeypatch.setattr("standfast.pipelines.score.score", no_room)
    refused = cli("score")
    assert refused.exit_code == 1
    assert "not enough memory" in refused.complaint


@pytest.mark.parametrize(("flags", "expected"), [([], True), (["--no-backtest"], False)])
def test_a_run_replays_the_past_unless_told_not_to(cli, monkeypatch, flags, expected):
    from standfast.pipelines import run as pipeline

    def run(*_, with_backtest, **__):
        raise StandfastError(f"with_backtest={with_backtest}")

    monkeypatch.setattr(pipeline, "run", run)
    assert cli("run", *flags).complaint == f"standfast: with_backtest={expected}"
