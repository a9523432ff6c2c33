"""Write the documents that code can tell (docs/cli.md, config/standfast.toml), or check they are current."""

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import click
from typing_extensions import Doc

from standfast import settings
from standfast.cli import main

ROOT = Path(__file__).resolve().parent.parent
TOML_HEAD = """\
# Every setting with its default, written from the code by `make docs`: copy the lines you want to change.
# A settings file needs none of these; `standfast init YOUR_TABLE.csv` writes one with what differs.
"""
FREE_SECTIONS = """
[columns]
# Your column for each of standfast's, for the accounts table; [columns.usage] and so on for the others.
# account_id = "customerID"
# annual_revenue = "MonthlyCharges"
# churned = "Churn"
# ignore = ["CustomerStatus"]        # never a feature
# categorical = ["RegionCode"]       # numbers that are names

[labels]
# Only where a label has other values than true/false, yes/no, 1/0.
# churned = {true = ["Churned"], false = ["Stayed"], exclude = ["Joined"]}
"""


def cli_page() -> str:
    """Give docs/cli.md: the help of each command."""
    parts = ["# The command\n", "Written from the code by `make docs`.\n"]
    parts += [f"## standfast\n\n```\n{_help(main, 'standfast')}\n```\n"]
    for name, command in main.commands.items():
        parts.append(f"## standfast {name}\n\n```\n{_help(command, f'standfast {name}')}\n```\n")
    return "\n".join(parts)


def settings_page() -> str:
    """Give config/standfast.toml: every setting with its default and its meaning."""
    return TOML_HEAD + FREE_SECTIONS + "".join(_section(*section) for section in _sections())


def _help(command: click.Command, name: str) -> str:
    with click.Context(command, info_name=name, max_content_width=100, terminal_width=100) as context:
        return command.get_help(context)


def _sections() -> Iterator[tuple[str, Any]]:
    defaults = settings.Settings()
    for field in dataclasses.fields(defaults):
        value = getattr(defaults, field.name)
        if dataclasses.is_dataclass(value) and field.name != "columns":
            yield field.name, value


def _section(name: str, value: Any) -> str:
    lines, nested = [f"\n[{name}]"], []
    for field_name, hint in get_type_hints(type(value), include_extras=True).items():
        default = getattr(value, field_name)
        if dataclasses.is_dataclass(default):
            nested.append(_section(f"{name}.{field_name}", default))
            continue
        lines.append(f"{_entry(field_name, default):<40} # {_meaning(hint)}")
    return "\n".join(line.rstrip() for line in lines) + "\n" + "".join(nested)


def _entry(name: str, default: Any) -> str:
    if default is None or default in ((), {}):
        return f"# {name} ="
    return f"{name} = {_toml(default)}"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return repr(value)


def _meaning(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        for extra in get_args(hint)[1:]:
            if isinstance(extra, Doc):
                return extra.documentation
    return ""


def run(*, check: bool) -> int:
    """Write both pages, or say which is stale; give the exit code."""
    pages = {ROOT / "docs" / "cli.md": cli_page(), ROOT / "config" / "standfast.toml": settings_page()}
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        shown = path.relative_to(ROOT)
        if check:
            sys.stderr.write(f"{shown} is not what the code says; run: make docs\n")
        else:
            path.write_text(pages[path], "utf-8")
            sys.stdout.write(f"wrote {shown}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(run(check="--check" in sys.argv[1:]))
