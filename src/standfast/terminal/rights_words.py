"""What the commands on users and keys say, for a person."""

from typing import TYPE_CHECKING

from standfast.report.wording import is_known
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    from standfast.pipelines.rights import Keys, People


def show_users(people: "People") -> None:
    """Say what was done, and who may sign in."""
    if people.done:
        print_lines([people.done])
        return
    if people.rows.empty:
        print_lines(["nobody may sign in yet; add somebody with: standfast user add NAME --role admin"])
        return
    print_table(
        "Users",
        ("name", "role", "owner", "may sign in", "added (UTC)"),
        [
            (row["name"], row["role"], _text(row["owner"]), "yes" if row["is_active"] else "no",
             str(row["added_at"])[:16])
            for row in people.rows.to_dict("records")
        ],
    )  # fmt: skip


def show_new_key(made: "Keys") -> None:
    """Show a key, this once."""
    print_lines([f"{made.done}; keep it now, it is shown this once:", str(made.token)])


def show_keys(keys: "Keys") -> None:
    """Say what was done, and which keys there are."""
    if keys.done:
        print_lines([keys.done])
        return
    if keys.rows.empty:
        print_lines(["there is no key yet; make one with: standfast key add NAME --scope read"])
        return
    print_table(
        "Keys",
        ("name", "opens", "owner", "until", "revoked (UTC)"),
        [
            (row["name"], row["scopes"], _text(row["owner"]), _text(row["until"])[:10],
             _text(row["revoked_at"])[:16])
            for row in keys.rows.to_dict("records")
        ],
    )  # fmt: skip


def _text(value: object) -> str:
    return str(value) if is_known(value) else ""
