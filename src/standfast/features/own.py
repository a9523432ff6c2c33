"""A user's own features: functions of the tables as they stood before a day, one value per account."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from standfast.errors import InputError
from standfast.features.as_known import as_known
from standfast.features.catalogue import CATALOGUE, FeatureMeaning
from standfast.features.policy import SnapshotPolicy
from standfast.features.windows import KEYS, FeatureTable, rounded
from standfast.schema import ACCOUNT_ID, NOT_FEATURES, OBSERVATION_DATE, TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

_TAKEN = {*CATALOGUE, *NOT_FEATURES, *TABLES["accounts"].names}


@dataclass(frozen=True)
class OwnFeature:
    """One feature of the user's: a function of (tables as known, day) that gives one row per account.

    Parameters
    ----------
    is_count
        Whether accounts without a row have 0 rather than nothing.
    """

    name: str
    make: "Callable[[Mapping[str, ir.Table], date], ir.Table]"
    meaning: FeatureMeaning
    is_count: bool = False


@dataclass(frozen=True)
class OwnFeatures:
    """The features of one file, and what tells whether the file is still the same."""

    source: str = ""
    sha256: str = ""
    features: tuple[OwnFeature, ...] = ()

    @property
    def meanings(self) -> dict[str, FeatureMeaning]:
        """What each is called and means."""
        return {feature.name: feature.meaning for feature in self.features}


NO_OWN_FEATURES = OwnFeatures()


def own_features(
    own: OwnFeatures, book: "Mapping[str, ir.Table]", dates: Sequence[date], *, policy: SnapshotPolicy
) -> list[FeatureTable]:
    """Give the user's features per account and date.

    Each function is called once per date, with tables that end before it: none can see further.

    Raises
    ------
    InputError
        A name is taken, a function fails, or what it gives is not one value per account.
    """
    days = sorted(set(dates))
    then = {day: as_known(book, day, policy=policy) for day in days}
    parts = []
    for feature in own.features:
        if feature.name in {*_TAKEN, *policy.static}:
            raise _wrong(own, feature, "has the name of a column that is there already; call it otherwise")
        values = [_on(own, feature, then[day], day) for day in days]
        table = values[0].union(*values[1:]) if len(values) > 1 else values[0]
        _refuse_several(own, feature, table)
        parts.append(FeatureTable(table, zeros=(feature.name,) if feature.is_count else ()))
    return parts


def _on(own: OwnFeatures, feature: OwnFeature, tables: "Mapping[str, ir.Table]", day: date) -> "ir.Table":
    """Give one date's values under the feature's name."""
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    try:
        made = feature.make(tables, day)
    except Exception as problem:
        raise _wrong(own, feature, _in_words(problem, tables)) from problem
    columns = list(made.columns) if isinstance(made, ibis.Table) else None
    if columns is None or len(columns) != 2 or ACCOUNT_ID not in columns:
        given = f"a table of {columns}" if columns is not None else f"a {type(made).__name__}"
        raise _wrong(
            own, feature, f"gives {given}; it must give an Ibis table of {ACCOUNT_ID} and one column"
        )
    (column,) = (name for name in columns if name != ACCOUNT_ID)
    value = _plain(own, feature, made[column])
    today = ibis.literal(day, type="date")
    return made.select(ACCOUNT_ID, **{OBSERVATION_DATE: today, feature.name: value})


def _plain(own: OwnFeatures, feature: OwnFeature, value: Any) -> "ir.Value":
    """Give a number as a float to six digits (infinity is missing), a flag as 1 or 0, text as it is."""
    kind = value.type()
    if kind.is_string():
        text: ir.Value = value
        return text
    if not (kind.is_numeric() or kind.is_boolean()):
        raise _wrong(own, feature, f"gives {kind}; a feature is a number, a flag or text")
    number = value.cast("float64")
    return rounded((number.isnan() | number.isinf()).ifelse(None, number)) if kind.is_floating() else number


def _refuse_several(own: OwnFeatures, feature: OwnFeature, table: "ir.Table") -> None:
    """Run the feature once by itself: what goes wrong is said under its name."""
    per_key = table.group_by(list(KEYS)).agg(n=table.count(), filled=table[feature.name].count())
    try:
        most = per_key.agg(most=per_key.n.max(), filled=per_key.filled.sum()).to_pyarrow()["most"][0].as_py()
    except Exception as problem:
        raise _wrong(own, feature, _in_words(problem, {})) from problem
    if most is not None and most > 1:
        raise _wrong(
            own,
            feature,
            f"gives up to {most} rows per account; aggregate: .group_by({ACCOUNT_ID!r}).agg(...)",
        )


def _in_words(problem: Exception, tables: "Mapping[str, ir.Table]") -> str:
    if isinstance(problem, KeyError) and problem.args and problem.args[0] not in tables:
        return f"asks for a table {problem.args[0]!r}; this book has {sorted(tables)}"
    first_line = (str(problem).splitlines() or [""])[0]
    return f"fails: {type(problem).__name__}: {first_line}"


def _wrong(own: OwnFeatures, feature: OwnFeature, what: str) -> InputError:
    return InputError(f"feature {feature.name!r} of {own.source} {what}")
