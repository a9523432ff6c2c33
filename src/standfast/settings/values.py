"""Settings as frozen values; every business number has its default here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from annotated_types import Ge, Gt
from typing_extensions import Doc

from standfast.decision.agenda import AgendaPolicy
from standfast.decision.alert_policy import AlertPolicy
from standfast.decision.bundles import Channels
from standfast.decision.calendar_policy import CalendarPolicy
from standfast.decision.campaign_policy import CampaignPolicy
from standfast.decision.capacity import Capacity
from standfast.decision.differences import EvidencePolicy
from standfast.decision.dimensions import DimensionPolicy
from standfast.decision.forecast import ForecastPolicy
from standfast.decision.guards import Guards
from standfast.decision.lifecycle import Lifecycle
from standfast.decision.matrix import Matrix
from standfast.decision.matrix_policy import MatrixPolicy, build_matrix
from standfast.decision.named_segments import NamedSegment, merge_segments
from standfast.decision.play_choice import merge_plays
from standfast.decision.plays import Play
from standfast.decision.replay import BacktestPolicy
from standfast.decision.response import Response
from standfast.decision.reward import Economics
from standfast.decision.reward_plays import RewardPolicy
from standfast.decision.schedule import SchedulePolicy
from standfast.decision.spend_tiers import SpendTiers
from standfast.decision.tiers import TierPolicy
from standfast.features.findings import CheckPolicy
from standfast.features.label_values import LabelValues
from standfast.features.policy import ACTIVITY_TABLES, ChurnPolicy, LabelPolicy, SnapshotPolicy
from standfast.features.reach import ReasonPolicy
from standfast.features.read_policy import Period, Reading, ReadPolicy
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.holdout_policy import HoldoutPolicy
from standfast.learning.monitor_policy import MonitorPolicy
from standfast.learning.response_policy import LearningPolicy
from standfast.propensity.fitness import FitnessPolicy
from standfast.propensity.gate_policy import GatePolicy
from standfast.propensity.recipe import Recipe
from standfast.schema import LABELS, TABLES
from standfast.settings.address import beside, in_own_schema
from standfast.settings.service_policy import ServicePolicy

DATABASE_VARIABLE = "STANDFAST_DATABASE"
PERIODS_PER_YEAR: dict[Period, int] = {"year": 1, "quarter": 4, "month": 12, "week": 52}


@dataclass(frozen=True, kw_only=True)
class Book:
    """Where the tables are: files, folders of files (paths are relative to this file), or of a database."""

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
    database: Annotated[
        str | None,
        Doc(
            "SQLAlchemy address where names without a file's ending are tables; STANDFAST_DATABASE goes first"
        ),
    ] = field(default=None, repr=False)
    identifiers: Annotated[
        str | None, Doc("table that maps ids of other systems: account_id, and a column per system")
    ] = None
    static: Annotated[
        tuple[str, ...],
        Doc("undated columns of accounts that may be features beside industry, country, employees"),
    ] = ()
    features: Annotated[
        str | None, Doc("a Python file of your own with features, run as it stands; see docs/features.md")
    ] = None
    stale_after_days: Annotated[
        int, Gt(0), Doc("days without a single new event after which a book is too old to score")
    ] = 45

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

    revenue_period: Annotated[Period, Doc("what annual_revenue and amount are per, in the tables")] = "year"
    currency: Annotated[str, Doc("currency of all money, as printed")] = "USD"
    rates: Annotated[
        Mapping[str, Annotated[float, Gt(0)]],
        Doc("money in that currency for one unit of another: {EUR = 1.08}; see [read.TABLE] currency"),
    ] = field(default_factory=dict)

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
    good_ratings: Annotated[tuple[str, ...], Doc("satisfaction with a ticket that went well")] = (
        _WORDS.good_ratings
    )
    bad_ratings: Annotated[tuple[str, ...], Doc("satisfaction with a ticket that went badly")] = (
        _WORDS.bad_ratings
    )
    survey_plays: Annotated[tuple[str, ...], Doc("plays of a touch that ask for a survey answer")] = (
        _WORDS.survey_plays
    )


@dataclass(frozen=True, kw_only=True)
class EngineSettings:
    """On what snapshots are built and tables scored, and how much of the machine that may use."""

    name: Annotated[
        Literal["duckdb", "spark"],
        Doc("duckdb: within this process; spark: on a cluster, for books that outgrow one machine"),
    ] = "duckdb"
    spark_master: Annotated[
        str, Doc('where Spark runs: "local[2]" or the address of a cluster, such as "spark://host:7077"')
    ] = "local[2]"
    staging: Annotated[
        str | None,
        Doc("folder that all workers of Spark read and write under this path; a temporary one by default"),
    ] = None
    memory_limit: Annotated[
        str | None, Doc('memory DuckDB may use, such as "4GB"; most of the machine by default')
    ] = None


@dataclass(frozen=True, kw_only=True)
class Paths:
    """Where models, experiments and the ledger are kept, relative to the working directory."""

    models: Annotated[str, Doc("model bundles")] = "models"
    mlruns: Annotated[str, Doc("MLflow's records")] = "mlruns"
    ledger: Annotated[
        str | None,
        Doc(
            "what was scored, planned and done, by whom: a SQLite file, or a SQLAlchemy address; by default "
            "the PostgreSQL database of STANDFAST_DATABASE (schema standfast), else ledger.sqlite"
        ),
    ] = field(default=None, repr=False)


LEDGER_FILE = "ledger.sqlite"


@dataclass(frozen=True, kw_only=True)
class LedgerPolicy:
    """What the ledger keeps beside what people tell it."""

    keep_scores: Annotated[
        bool, Doc("run, score and plan of the book keep its scores, dated, so that accounts have a history")
    ] = True


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a run is told, validated."""

    book: Book = Book()
    columns: Columns = field(default_factory=Columns)
    read: Mapping[str, ReadPolicy] = field(default_factory=dict)
    labels: Mapping[str, LabelValues] = field(default_factory=dict)
    units: Units = Units()
    economics: Economics = Economics()
    horizon: LabelPolicy = LabelPolicy()
    churn: ChurnPolicy = ChurnPolicy()
    snapshots: Snapshots = Snapshots()
    check: CheckPolicy = CheckPolicy()
    model: Recipe = Recipe()
    gate: GatePolicy = GatePolicy()
    fitness: FitnessPolicy = FitnessPolicy()
    tiers: TierPolicy = TierPolicy()
    matrix: MatrixPolicy = MatrixPolicy()
    spend_tiers: SpendTiers = SpendTiers()
    lifecycle: Lifecycle = Lifecycle()
    segments: tuple[NamedSegment, ...] = ()
    plays: tuple[Play, ...] = ()
    rewards: RewardPolicy = RewardPolicy()
    evidence: EvidencePolicy = EvidencePolicy()
    reasons: ReasonPolicy = ReasonPolicy()
    alerts: AlertPolicy = AlertPolicy()
    campaigns: CampaignPolicy = CampaignPolicy()
    capacity: Capacity = Capacity()
    channels: Channels = Channels()
    response: Response = Response()
    learning: LearningPolicy = LearningPolicy()
    guards: Guards = Guards()
    calendar: CalendarPolicy = CalendarPolicy()
    schedule: SchedulePolicy = SchedulePolicy()
    agenda: AgendaPolicy = AgendaPolicy()
    forecast: ForecastPolicy = ForecastPolicy()
    holdout: HoldoutPolicy = HoldoutPolicy()
    experiments: ExperimentPolicy = ExperimentPolicy()
    backtest: BacktestPolicy = BacktestPolicy()
    monitor: MonitorPolicy = MonitorPolicy()
    engine: EngineSettings = EngineSettings()
    paths: Paths = Paths()
    ledger: LedgerPolicy = LedgerPolicy()
    service: ServicePolicy = ServicePolicy()
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
        """Whether the book is one flat table: label columns, or nothing that happened at a date."""
        if self.churn.by is not None or "subscriptions" in self.book.tables:
            return False
        has_labels = any(label in self.columns.accounts for label in LABELS)
        return has_labels or not set(self.book.tables) & set(ACTIVITY_TABLES)

    @property
    def recipe(self) -> Recipe:
        """How propensities of this book are fitted.

        Out of time symmetric trees bring nothing and take as long as all the rest (docs/decisions/0040), so a
        book with events tries them only where its settings ask for it.
        """
        if self.is_flat or "symmetric_rows" in self.given.get("model", {}):
            return self.model
        return replace(self.model, symmetric_rows=0)

    @property
    def churn_policy(self) -> ChurnPolicy:
        """How churn shows in this book, settled for its tables."""
        return self.churn.settled(self.book.tables)

    @property
    def label_policy(self) -> LabelPolicy:
        """When accounts count as churned; only subscriptions know a gap that may be bridged."""
        if self.churn_policy.by == "subscription":
            return self.horizon
        return replace(self.horizon, allowed_gap_days=0)

    @property
    def snapshot_policy(self) -> SnapshotPolicy:
        """What snapshots are built by: words, units, who is active."""
        return SnapshotPolicy(
            allowed_gap_days=self.label_policy.allowed_gap_days,
            churn=self.churn_policy,
            periods_per_year=self.units.periods_per_year,
            static=self.book.static,
            sponsor_roles=self.snapshots.sponsor_roles,
            reached_outcomes=self.snapshots.reached_outcomes,
            people_events=self.snapshots.people_events,
            critical_priorities=self.snapshots.critical_priorities,
            good_ratings=self.snapshots.good_ratings,
            bad_ratings=self.snapshots.bad_ratings,
            survey_plays=self.snapshots.survey_plays,
        )

    @property
    def database(self) -> str | None:
        """Address of the database, with its password: the environment's, else the one of the file."""
        told = self.book.database
        return os.environ.get(DATABASE_VARIABLE) or (beside(told, self.folder) if told else None)

    @property
    def ledger_address(self) -> str:
        """SQLAlchemy address of the ledger: the file's, else the environment's where that is PostgreSQL."""
        told = self.paths.ledger or in_own_schema(os.environ.get(DATABASE_VARIABLE, "")) or LEDGER_FILE
        return told if "://" in told else f"sqlite:///{told}"

    def reading_of(self, table: str) -> Reading:
        """How a table of the book is to be read, and the units its money is wanted in."""
        return Reading(
            policy=self.read.get(table, ReadPolicy()),
            periods_per_year=self.units.periods_per_year,
            currency=self.units.currency,
            rates=self.units.rates,
        )

    @property
    def features_file(self) -> Path | None:
        """The user's file of features, where the settings name one."""
        return self.folder / self.book.features if self.book.features else None

    @property
    def staging(self) -> Path | None:
        """Where Spark's workers find the tables; relative to the settings file."""
        return None if self.engine.staging is None else self.folder / self.engine.staging

    @cached_property
    def built_matrix(self) -> Matrix:
        """The matrix with the tiers and the cells of these settings."""
        return build_matrix(self.matrix)

    @cached_property
    def play_book(self) -> tuple[Play, ...]:
        """All plays in the order in which they are tried, a team's own ones first."""
        return merge_plays(self.plays)

    @property
    def named_segments(self) -> tuple[NamedSegment, ...]:
        """The named segments, a team's own ones included."""
        return merge_segments(self.segments)

    @property
    def dimension_policy(self) -> DimensionPolicy:
        """What dimensions are cut by."""
        return DimensionPolicy(lifecycle=self.lifecycle, spend=self.spend_tiers, tiers=self.tiers)


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {f"{prefix}{name}": value}
    return flat
