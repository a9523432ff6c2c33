"""Commands on who may use the service: users and API keys."""

import sys
from datetime import datetime
from pathlib import Path

import click

from standfast.cli.options import answer, as_date, json_option, read_settings, settings_option, who_runs_it

ROLE = click.Choice(["viewer", "csm", "lead", "admin"])
SCOPE = click.Choice(["read", "score", "write", "admin"])
role_help = "viewer: look; csm: edit own accounts; lead: edit all accounts; admin: users and keys, too."
owner_help = "The owner in the book whose accounts are theirs."


@click.group()
def user() -> None:
    """Say who may sign in to the service; nobody may until somebody is added.

    Example: standfast user add ann --role csm --owner "Ann Lee"
    """


@user.command()
@click.argument("name")
@click.option("--role", type=ROLE, default="viewer", show_default=True, help=role_help)
@click.option("--owner", help=owner_help)
@settings_option
@json_option
def add(name: str, role: str, owner: str | None, settings_file: Path | None, *, as_json: bool) -> None:
    """Add a user. The password is asked for, or read from standard input where that is no terminal.

    Example: standfast user add ann --role csm --owner "Ann Lee"
    """
    from standfast.pipelines.rights import add_person  # noqa: PLC0415
    from standfast.terminal.rights_words import show_users  # noqa: PLC0415

    settings = read_settings(settings_file)
    people = add_person(settings, name, password=_password(), role=role, owner=owner, who=who_runs_it())
    answer(people, show_users, as_json=as_json)


@user.command("list")
@settings_option
@json_option
def list_all(settings_file: Path | None, *, as_json: bool) -> None:
    """List the users: role, whose accounts are theirs, whether they may sign in.

    Example: standfast user list
    """
    from standfast.pipelines.rights import people  # noqa: PLC0415
    from standfast.terminal.rights_words import show_users  # noqa: PLC0415

    answer(people(read_settings(settings_file)), show_users, as_json=as_json)


@user.command()
@click.argument("name")
@click.option("--role", type=ROLE, help=role_help)
@click.option("--owner", help=f'{owner_help} "" takes it away.')
@click.option(
    "--active/--inactive", "is_active", default=None,
    help="Whether they may sign in; one who may not is signed out everywhere.",
)  # fmt: skip
@settings_option
@json_option
def change(
    name: str, role: str | None, owner: str | None, settings_file: Path | None, *,
    is_active: bool | None, as_json: bool,
) -> None:  # fmt: skip
    """Change a user's role, accounts, or whether they may sign in.

    Example: standfast user change ann --role lead
    """
    from standfast.pipelines.rights import change_person  # noqa: PLC0415
    from standfast.terminal.rights_words import show_users  # noqa: PLC0415

    changed = change_person(
        read_settings(settings_file), name, role=role, owner=owner, is_active=is_active, who=who_runs_it()
    )
    answer(changed, show_users, as_json=as_json)


@user.command()
@click.argument("name")
@settings_option
@json_option
def password(name: str, settings_file: Path | None, *, as_json: bool) -> None:
    """Give a user another password, and sign them out everywhere.

    The password is asked for, or read from standard input where that is no terminal.

    Example: standfast user password ann
    """
    from standfast.pipelines.rights import give_password  # noqa: PLC0415
    from standfast.terminal.rights_words import show_users  # noqa: PLC0415

    settings = read_settings(settings_file)
    answer(give_password(settings, name, _password(), who=who_runs_it()), show_users, as_json=as_json)


@user.command()
@click.argument("name")
@settings_option
@json_option
def remove(name: str, settings_file: Path | None, *, as_json: bool) -> None:
    """Remove a user; what they did stays under their name (standfast ledger erase takes that away, too).

    Example: standfast user remove ann
    """
    from standfast.pipelines.rights import remove_person  # noqa: PLC0415
    from standfast.terminal.rights_words import show_users  # noqa: PLC0415

    answer(remove_person(read_settings(settings_file), name, who=who_runs_it()), show_users, as_json=as_json)


@click.group()
def key() -> None:
    """Say which programs may use the service; each has a key of its own.

    Example: standfast key add crm --scope read --scope write
    """


@key.command("add")
@click.argument("name")
@click.option(
    "--scope", "scopes", type=SCOPE, multiple=True, required=True, help="What it opens; may be repeated."
)
@click.option("--owner", help="The owner in the book to whose accounts it is confined.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day it is good; for ever by default."
)  # fmt: skip
@settings_option
@json_option
def add_one(
    name: str, scopes: tuple[str, ...], owner: str | None, until: datetime | None,
    settings_file: Path | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Make a key and show it, this once: only its hash is kept.

    Example: standfast key add crm --scope read --scope write --until 2027-12-31
    """
    from standfast.pipelines.rights import make_key  # noqa: PLC0415
    from standfast.terminal.rights_words import show_new_key  # noqa: PLC0415

    made = make_key(
        read_settings(settings_file),
        name,
        scopes=scopes,
        owner=owner,
        until=as_date(until),
        who=who_runs_it(),
    )
    answer(made, show_new_key, as_json=as_json)


@key.command("list")
@settings_option
@json_option
def list_keys(settings_file: Path | None, *, as_json: bool) -> None:
    """List the keys, the revoked ones too: what each opens, and until when.

    Example: standfast key list
    """
    from standfast.pipelines.rights import keys  # noqa: PLC0415
    from standfast.terminal.rights_words import show_keys  # noqa: PLC0415

    answer(keys(read_settings(settings_file)), show_keys, as_json=as_json)


@key.command()
@click.argument("name")
@settings_option
@json_option
def revoke(name: str, settings_file: Path | None, *, as_json: bool) -> None:
    """Let a key open nothing any more, from now on.

    Example: standfast key revoke crm
    """
    from standfast.pipelines.rights import end_key  # noqa: PLC0415
    from standfast.terminal.rights_words import show_keys  # noqa: PLC0415

    answer(end_key(read_settings(settings_file), name, who=who_runs_it()), show_keys, as_json=as_json)


def _password() -> str:
    """Ask for a password on a terminal, twice; else read one line. Never an argument: others see those."""
    if sys.stdin.isatty():
        return str(click.prompt("password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
