"""Settings: a TOML file read into frozen, validated values; every business number has its default there."""

import dataclasses
import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

from annotated_types import Ge, Gt
from pydantic import TypeAdapter, ValidationError
from typing_extensions import Doc

from standfast.decision.bundles import Channels
from standfast.decision.capacity import Capacity
from standfast.decision.guards import Guards
from standfast.decision.response import Response
from standfast.decision.reward import Economics
from standfast.decision.tiers import TierPolicy
from standfast.errors import SettingsError
from standfast.features.findings import CheckPolicy
from standfast.features.label_values import LabelValues
from standfast.features.policy import LabelPolicy, SnapshotPolicy
from standfast.propensity.recipe import Recipe
from standfast.schema import LABELS, TABLES

DEFAULT_FILE = Path("standfast.toml")
PERIODS_PER_YEAR = {"year": 1, "quarter": 4, "month": 12, "week": 52}


@dataclass(frozen=True, kw_only=True)
class Book:
    """Where the tables are; paths are relative to the settings file."""

    name: Annotated[str | None, Doc("what to call this book; the accounts file's name by default")] = None
    accounts: Annotated[str | None, Doc("the only table that is needed")] = None
    subscriptions: Annotated[str | None, Doc("contract rows: start, end, amount, seats")] = None
    invoices: Annotated[str | None, Doc("invoices with due and paid dates")] = None
    usage: Annotated[str | None, Doc("use of the product by day or by event")] = None
    tickets: Annotated[str | None, Doc("support tickets")] = None
    surveys: Annotated[str | None, Doc("NPS answers")] = None
    contacts: Annotated[str | None, Doc("people at the accounts")] = None
    touches: Annotated[str | None, Doc("past outreach")] = None
    opportunities: Annotated[str | None, Doc("sales opportunities")] = None
    team: Annotated[str | None, Doc("owners and their hours per horizon")] = None
    static: Annotated[
        tuple[str, ...],
        Doc("undated columns of accounts that may be features beside industry, country, employees"),
    ] = ()

    @property
    def tables(self) -> dict[str, str]:
        """Canonical table name to file, for the tables that are there."""
        return {name: path for name in TABLES if (path := getattr(self, name)) is not None}


@dataclass(frozen=True)
class Columns:
    """Which of the user's columns plays which role."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()

    def of(self, table: str) -> Mapping[str, str]:
        """Canonical column name to the user's column, for one table."""
        return self.accounts if table == "accounts" else self.tables.get(table, {})


@dataclass(frozen=True, kw_only=True)
class Units:
    """What the figures in the tables mean."""

    revenue_period: Annotated[
        Literal["year", "quarter", "month", "week"],
        Doc("what annual_revenue and amount are per, in the tables"),
    ] = "year"
    currency: Annotated[str, Doc("currency of all money, as printed")] = "USD"

    @property
    def periods_per_year(self) -> int:
        """How often the revenue in the tables comes in a year."""
        return PERIODS_PER_YEAR[self.revenue_period]


_WORDS = SnapshotPolicy()


@dataclass(frozen=True, kw_only=True)
class Snapshots:
    """Which observation dates the models learn from, and what words in the tables mean."""

    step_days: Annotated[int, Gt(0), Doc("days between observation dates")] = 30
    warm_up_days: Annotated[int, Ge(0), Doc("days of history before the first observation date")] = 90
    most: Annotated[int, Gt(0), Doc("at most so many observation dates, the newest")] = 24
    dates: Annotated[tuple[date, ...], Doc("exactly these dates instead")] = ()
    sponsor_roles: Annotated[tuple[str, ...], Doc("roles of the contacts who carry the account")] = (
        _WORDS.sponsor_roles
    )
    reached_outcomes: Annotated[tuple[str, ...], Doc("outcomes of a touch that say someone was reached")] = (
        _WORDS.reached_outcomes
    )
    people_events: Annotated[tuple[str, ...], Doc("usage events whose quantity on a day counts people")] = (
        _WORDS.people_events
    )
    critical_priorities: Annotated[tuple[str, ...], Doc("ticket priorities that count as critical")] = (
        _WORDS.critical_priorities
    )


@dataclass(frozen=True, kw_only=True)
class Paths:
    """Where models and experiments are kept, relative to the working directory."""

    models: Annotated[str, Doc("model bundles")] = "models"
    mlruns: Annotated[str, Doc("MLflow's records")] = "mlruns"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a run is told, validated."""

    book: Book = Book()
    columns: Columns = field(default_factory=Columns)
    labels: Mapping[str, LabelValues] = field(default_factory=dict)
    units: Units = Units()
    economics: Economics = Economics()
    horizon: LabelPolicy = LabelPolicy()
    snapshots: Snapshots = Snapshots()
    check: CheckPolicy = CheckPolicy()
    model: Recipe = Recipe()
    tiers: TierPolicy = TierPolicy()
    capacity: Capacity = Capacity()
    channels: Channels = Channels()
    response: Response = Response()
    guards: Guards = Guards()
    paths: Paths = Paths()
    folder: Path = Path()
    source: str = "the documented defaults"
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def book_name(self) -> str:
        """What the book is called in fingerprints, reports and MLflow."""
        return self.book.name or (Path(self.book.accounts).stem if self.book.accounts else "book")

    @property
    def was_read(self) -> bool:
        """Whether these came from a file rather than from the defaults alone."""
        return bool(self.given)

    @property
    def given_flat(self) -> dict[str, Any]:
        """What the file says, with dotted keys."""
        return _flat(self.given)

    @property
    def is_flat(self) -> bool:
        """Whether the book is one flat table: accounts and nothing that has events."""
        return "subscriptions" not in self.book.tables

    @property
    def snapshot_policy(self) -> SnapshotPolicy:
        """What snapshots are built by: words, units and the allowed gap."""
        return SnapshotPolicy(
            allowed_gap_days=self.horizon.allowed_gap_days,
            periods_per_year=self.units.periods_per_year,
            static=self.book.static,
            sponsor_roles=self.snapshots.sponsor_roles,
            reached_outcomes=self.snapshots.reached_outcomes,
            people_events=self.snapshots.people_events,
            critical_priorities=self.snapshots.critical_priorities,
        )

    def path_of(self, table: str) -> Path:
        """Absolute or settings-relative path of a table that is there."""
        return self.folder / self.book.tables[table]


NOT_SECTIONS = {"folder", "source", "given"}


def load_settings(path: Path | None = None) -> Settings:
    """Give the settings of a file; without one, ``standfast.toml`` if it is there, else the defaults.

    Raises
    ------
    SettingsError
        The file is missing or not TOML, a key is unknown (the nearest known one is named), or a value
        is impossible.
    """
    if path is None:
        return load_settings(DEFAULT_FILE) if DEFAULT_FILE.exists() else Settings()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise SettingsError(
            f"settings file {path} cannot be read ({problem.strerror}); "
            "give --settings FILE, or make one with: standfast init YOUR_TABLE.csv"
        ) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsError(f"settings file {path} is not valid TOML: {problem}") from problem
    return build_settings(values, folder=path.parent, source=str(path))


def build_settings(
    values: Mapping[str, Any], *, folder: Path = Path(), source: str = "the settings"
) -> Settings:
    """Give validated settings from plain values as TOML holds them.

    Raises
    ------
    SettingsError
        A key is unknown or a value is impossible; the message names the key and shows the value.
    """
    sections = {f.name for f in dataclasses.fields(Settings)} - NOT_SECTIONS
    _refuse_unknown(values, sections, where="", source=source)
    hints = get_type_hints(Settings)
    built: dict[str, Any] = {"folder": folder, "source": source, "given": values}
    for name, value in values.items():
        if not isinstance(value, Mapping):
            raise SettingsError(f"{source}: {name} = {value!r} should be a section [{name}]")
        if name == "columns":
            built[name] = _columns(value, source=source)
        elif name == "labels":
            built[name] = _labels(value, source=source)
        else:
            built[name] = _section(hints[name], value, where=name, source=source)
    return Settings(**built)


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {f"{prefix}{name}": value}
    return flat


def _section(kind: Any, values: Mapping[str, Any], *, where: str, source: str) -> Any:
    _refuse_unknown_within(kind, values, where=where, source=source)
    try:
        return TypeAdapter(kind).validate_python(dict(values))
    except ValidationError as problem:
        first = problem.errors()[0]
        key = ".".join([where, *(str(part) for part in first["loc"])])
        raise SettingsError(f"{source}: {key} = {first['input']!r} is impossible: {first['msg']}") from None


def _refuse_unknown_within(kind: Any, values: Mapping[str, Any], *, where: str, source: str) -> None:
    """Refuse unknown keys of a section and of the dataclasses inside it."""
    fields = {f.name for f in dataclasses.fields(kind)}
    _refuse_unknown(values, fields, where=where, source=source)
    for name, hint in get_type_hints(kind).items():
        if dataclasses.is_dataclass(hint) and isinstance(values.get(name), Mapping):
            _refuse_unknown_within(hint, values[name], where=f"{where}.{name}", source=source)


def _refuse_unknown(values: Mapping[str, Any], known: set[str], *, where: str, source: str) -> None:
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.0)
            hint = f"; the nearest known key is {near[0]!r}" if near else ""
            place = f"[{where}] " if where else ""
            raise SettingsError(f"{source}: unknown key {place}{key!r}{hint}")


def _columns(values: Mapping[str, Any], *, source: str) -> Columns:
    known = set(TABLES["accounts"].names) | set(LABELS) | set(TABLES) | {"ignore", "categorical"}
    known |= {"observation_date", "upsell_value", "gross_margin"}
    _refuse_unknown(values, known, where="columns", source=source)
    lists = {key: _names(values.get(key, []), key=key, source=source) for key in ("ignore", "categorical")}
    plain = {k: v for k, v in values.items() if not isinstance(v, Mapping) and k not in lists}
    tables = {k: dict(v) for k, v in values.items() if isinstance(v, Mapping)}
    for table, mapping in tables.items():
        if table not in TABLES:
            raise SettingsError(f"{source}: [columns.{table}] is not a table; known: {', '.join(TABLES)}")
        _refuse_unknown(mapping, set(TABLES[table].names), where=f"columns.{table}", source=source)
    plain.update(tables.pop("accounts", {}))
    for key, value in [*plain.items(), *((f"{t}.{k}", v) for t, m in tables.items() for k, v in m.items())]:
        if not isinstance(value, str):
            raise SettingsError(f"{source}: columns.{key} = {value!r} should be the name of a column")
    return Columns(plain, tables, **lists)


def _names(value: Any, *, key: str, source: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SettingsError(f"{source}: columns.{key} = {value!r} should be a list of column names")
    return tuple(value)


def _labels(values: Mapping[str, Any], *, source: str) -> dict[str, LabelValues]:
    _refuse_unknown(values, set(LABELS), where="labels", source=source)
    for name, value in values.items():
        if not isinstance(value, Mapping):
            raise SettingsError(
                f"{source}: labels.{name} = {value!r} should be {{true = [...], false = [...]}}"
            )
        _refuse_unknown(value, {"true", "false", "exclude"}, where=f"labels.{name}", source=source)
        for part, listed in value.items():
            if not isinstance(listed, list):
                raise SettingsError(f"{source}: labels.{name}.{part} = {listed!r} should be a list of values")
    return {
        name: LabelValues(**{f"is_{part}": tuple(map(str, listed)) for part, listed in value.items()})
        for name, value in values.items()
    }
