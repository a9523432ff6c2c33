"""Users and keys by the command: passwords from standard input, tokens shown once, no secret told."""

import json

import pytest
from click.testing import CliRunner

from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_audit import read_audit
from standfast.adapters.ledger_keys import key_holder
from standfast.adapters.ledger_users import check_password
from standfast.cli import main

pytestmark = pytest.mark.integration

GOOD, OTHER = "correct horse battery", "another horse battery"


@pytest.fixture
def type_in(cli):
    """Run a command with something on standard input."""

    def run(*arguments, typed=""):
        return CliRunner().invoke(main, list(arguments), input=typed)

    return run


def sign_in(password):
    with open_ledger("sqlite:///ledger.sqlite", book="book") as ledger:
        return check_password(ledger, "ann", password)


def test_a_user_is_added_changed_given_another_password_and_removed(cli, type_in):
    assert "nobody may sign in yet" in cli("user", "list").stdout
    added = type_in("user", "add", "ann", "--role", "csm", "--owner", "Ann Lee", typed=f"{GOOD}\n")
    assert added.output == "ann may sign in as csm\n"
    assert (sign_in(GOOD).role, sign_in(GOOD).owner) == ("csm", "Ann Lee")
    assert "ann is lead and may sign in" in cli("user", "change", "ann", "--role", "lead").stdout
    assert type_in("user", "password", "ann", typed=f"{OTHER}\n").exit_code == 0
    assert sign_in(GOOD) is None
    listed = json.loads(cli("user", "list", "--json").stdout)["users"]
    assert [(one["name"], one["role"], one["owner"]) for one in listed] == [("ann", "lead", "Ann Lee")]
    assert "password" not in listed[0]
    assert "may not sign in" in cli("user", "change", "ann", "--inactive").stdout
    assert sign_in(OTHER) is None
    assert "no user any more" in cli("user", "remove", "ann").stdout
    assert "no user 'ann'" in cli("user", "remove", "ann").complaint


@pytest.mark.parametrize("typed", ["", "\n", "short\n", "eleven char\n"])
def test_a_password_that_is_too_short_is_refused_and_nobody_is_added(cli, type_in, typed):
    refused = type_in("user", "add", "ann", typed=typed)
    assert refused.exit_code == 1
    assert "give 12 or more" in refused.stderr
    assert json.loads(cli("user", "list", "--json").stdout)["users"] == []


def test_a_password_is_never_an_argument(cli):
    for command in (("user", "add", "ann", GOOD), ("user", "password", "ann", GOOD)):
        assert cli(*command).exit_code == 2
    assert "--password" not in cli("user", "add", "--help").stdout


def test_a_key_is_shown_once_and_opens_until_it_is_revoked(cli):
    shown = cli("key", "add", "crm", "--scope", "write", "--scope", "read", "--until", "2999-12-31").stdout
    token = shown.splitlines()[-1]
    assert "it is shown this once" in shown
    assert token not in cli("key", "list").stdout + cli("key", "list", "--json").stdout
    with open_ledger("sqlite:///ledger.sqlite", book="book") as ledger:
        assert key_holder(ledger, token).scopes == ("read", "write")
        assert cli("key", "revoke", "crm").exit_code == 0
        assert key_holder(ledger, token) is None
        told = read_audit(ledger, limit=9)
    assert told["action"].tolist() == ["key revoked", "key added"]
    assert told["who"].str.startswith("cli").all()
    assert token not in str(told["details"].tolist())
    assert "there is, or was, a key 'crm'" in cli("key", "add", "crm", "--scope", "read").complaint
