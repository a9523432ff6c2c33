"""Write what code can tell (docs/cli.md, docs/tables.md, config/*.toml), or check it is current."""

import dataclasses
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import click
from typing_extensions import Doc

from standfast import settings
from standfast.adapters.book_cells import KIND_WORDS
from standfast.cli import main
from standfast.decision.matrix import CELLS, Cell
from standfast.decision.named_segments import NAMED_SEGMENTS
from standfast.decision.plays import PLAYS, PLAYS_OF_KIND, Play
from standfast.features.catalogue import CATALOGUE, FeatureMeaning
from standfast.features.read_policy import TIMES_PER_YEAR, ReadPolicy
from standfast.schema import (
    ACCOUNT_ID,
    LABELS,
    PLAN_COLUMNS,
    PLAN_NEEDS,
    SCORE_COLUMNS,
    STATIC_ACCOUNT_COLUMNS,
    TABLES,
    Table,
)

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

[segments]
# Named segments of your own, or what you change of ours: config/segments.toml shows all of them.
# [segments.key]
# where = "industry == 'Retail' and seats >= 100"
# message = "Call the head of stores."
# [segments.HiPo]
# accounts = {"A-0017" = "pilot team of a global brand"}   # in it by hand, with the reason

[plays]
# Plays of your own, or what you change of ours: config/plays.toml shows all of them.
# [plays."Store visit"]
# segments = ["Save", "Rescue"]
# action = "save"
# where = "industry == 'Retail'"
# goal = "See the problem where it happens"
# steps = ["Visit two stores with the sponsor", "Agree one fix with a date"]
"""
SEGMENTS_HEAD = """\
# The named segments with their rules, written from the code by `make docs`: copy what you want to change into
# your settings file. `enabled = false` leaves a segment out; a new name is a segment of your own.
#
# `where` is an expression over the columns of snapshots and scores (docs/tables.md): comparisons, and, or,
# not, in, + - * /, known(column), first_known(a, b), in_top(column, 0.1), column('Any Name'). Texts compare
# without regard to case. What is not known of an account makes a rule unknown, never true.
"""

PLAYS_HEAD = """\
# The plays, written from the code by `make docs`: copy what you want to change into your settings file. A
# new name is a play of your own, which goes before ours: first those with `where` or `value_tier`, in the
# order of the file, then the others. Of a play of ours only the words, channel, minutes and owner
# function change: who fits no other play gets it, so that every segment has a play for every action.
#
# `segment` (or `segments = [...]`) and `action` left out mean all of them; only a play that names the
# action "leave" goes to accounts that no person contacts. `where` is an expression over the columns of
# scores and features (docs/tables.md), so that plays, onboarding and training may differ by product,
# industry or age (`tenure_days < 90`); what is not known of an account makes it not hold. `proven =
# false` keeps a play away from the high value tier.
#
# `minutes` of a play of the matrix are for preparation, within those of its first touch: they add no
# hours to the plan. Of the other kinds they are the whole work at one account; 0 leaves it to the
# settings of the calendar.
"""
MATRIX_HEAD = """\
# The cells of the risk-against-reward matrix, written from the code by `make docs`: copy what you want to
# change into your settings file. A cell goes by its name here, also where you give its segment another one.
#
# `[matrix] risk_tiers = ["high", "low"]` leaves the medium tier out, and `value_tiers` likewise: a matrix of
# 2 x 2 or 2 x 3 has those of the nine cells whose tiers it keeps, in the same order. Where the tiers are cut
# stands in `[tiers]`. Ceilings are the most touches of a channel, and `contact_cap` the most contacts, in one
# horizon; a visit counts two. `priority` is a place among the cells there are: 1 is first.
"""

TABLES_HEAD = f"""\
# Tables and columns

Written from the code by `make docs`.

## What a book can hold

Only `accounts` is needed. A book without `subscriptions`, `invoices` and `usage` is *flat*: one row per
account, with its features and at least one label column ({", ".join(LABELS)}). Every column
is then a feature, unless it is an id, a label, what names or values an account, or ignored. A flat table may
also hold `observation_date`, `upsell_value` (money per year) and `gross_margin` (0 to 1).

A book with `subscriptions` has events: features and labels are built as of past dates. So has a book without
contracts that has `invoices` or `usage`, unless `[columns]` names a label: there `[churn]` in the settings
says who is active (bought or used something in the last 180 days), and no activity in the horizon is churn.

Undated columns of `accounts` tell today's state and would leak it into the past; only
{", ".join(STATIC_ACCOUNT_COLUMNS)} and what `[book] static` names are used for features.
"""
SOURCES = f"""
## Where the tables are

`[book]` names for each table a CSV or Parquet file, or a folder of such files (parts of one table: columns go
by their names, and what begins with `_` or `.` is left out); paths are relative to the settings file. With
`database`, an SQLAlchemy address, any other name is a table or view there, as `schema.table` outside the
default schema. The environment variable `{settings.DATABASE_VARIABLE}` goes before `database` in the file
and keeps the password out of it; no password is printed, stored in a model bundle or recorded in MLflow. The
path of an SQLite file is relative to the settings file, too. Cells of a database are read as those of a CSV
file.

A PostgreSQL address in `{settings.DATABASE_VARIABLE}` also says where the ledger is, unless `[paths] ledger`
does: in a schema `standfast` of its own, which is made where it is missing, so that no table of the book is
in its way. Where that database may only be read, write `ledger = "ledger.sqlite"` under `[paths]`.

An optional table without a single row counts as absent, and the check says so.

## How the cells are written

What differs from the forms below is said under `[read.TABLE]`; each key is optional.

| key | says |
|---|---|
"""
READING = f"""
Money of another currency than `[units] currency` is converted by `[units] rates`; without a rate for each one
met, the table is refused. In a column of dates, midnight without a zone is that date in every zone.
In a flat table date_order, cents and amount_period alone mean anything.
Intervals known: {", ".join(TIMES_PER_YEAR)}.

`[book] identifiers` names a table that maps ids: a column `{ACCOUNT_ID}`, and a column for each other system,
called as `identifier` calls it. Several ids may stand for one account; one that stands for two is refused.
Rows whose id is not in the mapping keep it, with the system before it (`stripe:cus_9`), and count as rows of
an account that is not known.

## Columns
"""
COLUMNS_HEAD = """
**Bold** columns are needed: the table is refused without the column, and a row without a value in it is
set aside and counted. Where your column is called differently, map it under `[columns]` (`[columns.usage]`
and so on for the other tables).

Amounts of `subscriptions` and `annual_revenue` are per `[units] revenue_period`.

| kind | cells hold |
|---|---|
"""
FEATURES_HEAD = """
## Features of a snapshot

One row per account and observation date. A feature uses events of days before that date, and subscription
rows that had started by then. A feature whose table or column the book lacks is absent. How to add your own
stands in [features.md](features.md).
"""
FILES = f"""
## Files that standfast writes

Scores, one row per account scored, and what travels along where it is known:

{", ".join(f"`{name}`" for name in SCORE_COLUMNS)}

A scores file made elsewhere can be planned if it has {", ".join(f"`{name}`" for name in PLAN_NEEDS)}.

Plan, one row per account scored:

{", ".join(f"`{name}`" for name in PLAN_COLUMNS)}

What the words mean stands in [glossary.md](glossary.md).
"""


def cli_page() -> str:
    """Give docs/cli.md: the help of each command, and of those within it."""
    parts = ["# The command\n", "Written from the code by `make docs`.\n"]
    parts += [
        f"## {name}\n\n```\n{_help(command, name)}\n```\n" for name, command in _commands(main, "standfast")
    ]
    return "\n".join(parts)


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Give a command and all within it, by their full names."""
    yield name, command
    if isinstance(command, click.Group):
        for within, one in command.commands.items():
            yield from _commands(one, f"{name} {within}")


def settings_page() -> str:
    """Give config/standfast.toml: every setting with its default and its meaning."""
    read = _section("read.subscriptions", ReadPolicy()).replace("]\n", "]  # and so on for each table\n", 1)
    return TOML_HEAD + FREE_SECTIONS + read + "".join(_section(*section) for section in _sections())


def segments_page() -> str:
    """Give config/segments.toml: every named segment with its rule, its meaning and its message."""
    parts = [
        f"\n[segments.{json.dumps(segment.name)}]\n"
        + "".join(
            f"{key} = {json.dumps(getattr(segment, key))}\n"
            for key in ("kind", "where", "meaning", "message")
        )
        for segment in NAMED_SEGMENTS
    ]
    return SEGMENTS_HEAD + "".join(parts)


def matrix_page() -> str:
    """Give config/matrix.toml: every cell with its segment, its promise and its ceilings."""
    return MATRIX_HEAD + "".join(_cell(cell) for cell in CELLS)


def _cell(cell: Cell) -> str:
    own = dataclasses.asdict(cell)
    own |= own.pop("ceiling")
    tiers = f"{own.pop('risk_tier')} risk, {own.pop('value_tier')} value"
    keys = "".join(f"{key} = {json.dumps(value)}\n" for key, value in own.items())
    return f"\n[matrix.cells.{json.dumps(cell.segment)}]  # {tiers}\n{keys}"


def plays_page() -> str:
    """Give config/plays.toml: every play with whom it is for, its goal and its steps."""
    return PLAYS_HEAD + "".join(_play(play) for play in (*PLAYS, *PLAYS_OF_KIND))


def _play(play: Play) -> str:
    told = {key: value for key, value in vars(play).items() if key != "name" and value != ""}
    keys = "".join(f"{key} = {_toml_of(value)}\n" for key, value in told.items())
    return f"\n[plays.{json.dumps(play.name)}]\n{keys}"


def _toml_of(value: Any) -> str:
    if isinstance(value, tuple):
        return "[\n" + "".join(f"    {json.dumps(step)},\n" for step in value) + "]"
    return json.dumps(value)


def tables_page() -> str:
    """Give docs/tables.md: what a book can hold, the features built from it, and the files written."""
    used = {column.kind for table in TABLES.values() for column in table.columns}
    kinds = "".join(f"| {kind} | {words} |\n" for kind, words in KIND_WORDS.items() if kind in used)
    tables = "\n".join(_table(table) for table in TABLES.values())
    families = dict.fromkeys(meaning.family for meaning in CATALOGUE.values() if meaning.model_feature)
    learned = "".join(_features(family, _of_family(family)) for family in families)
    recorded = {name: meaning for name, meaning in CATALOGUE.items() if not meaning.model_feature}
    note = "Recorded in the snapshots, but no model learns from them."
    apart = _features("recorded", recorded, note)
    keys = get_type_hints(ReadPolicy, include_extras=True).items()
    read = "".join(f"| {name} | {_meaning(hint)} |\n" for name, hint in keys)
    head = f"{TABLES_HEAD}{SOURCES}{read}{READING}{COLUMNS_HEAD}"
    return f"{head}{kinds}\n{tables}{FEATURES_HEAD}{learned}{apart}{FILES}"


def _table(table: Table) -> str:
    names = {column.name: f"**{column.name}**" if column.needed else column.name for column in table.columns}
    rows = "".join(f"| {names[column.name]} | {column.kind} |\n" for column in table.columns)
    return f"### {table.name}\n\n| column | kind |\n|---|---|\n{rows}"


def _of_family(family: str) -> dict[str, FeatureMeaning]:
    return {
        name: meaning
        for name, meaning in CATALOGUE.items()
        if meaning.model_feature and meaning.family == family
    }


def _features(title: str, features: dict[str, FeatureMeaning], note: str = "") -> str:
    rows = "".join(f"| {name} | {f.label} | {f.unit} | {f.meaning} |\n" for name, f in features.items())
    told = f"{note}\n\n" if note else ""
    return f"\n### {title}\n\n{told}| column | in words | unit | meaning |\n|---|---|---|---|\n{rows}"


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
    """Write all pages, or say which is stale; give the exit code."""
    pages = {
        ROOT / "docs" / "cli.md": cli_page(),
        ROOT / "docs" / "tables.md": tables_page(),
        ROOT / "config" / "standfast.toml": settings_page(),
        ROOT / "config" / "segments.toml": segments_page(),
        ROOT / "config" / "matrix.toml": matrix_page(),
        ROOT / "config" / "plays.toml": plays_page(),
    }
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
