"""SQL that reads a cell's text as a date or a time in UTC, whatever order, zone or count it is written in."""

from standfast.features.read_policy import ReadPolicy
from standfast.schema import Kind

_DAY_MONTH = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}),?"
_SECONDS = r"\d{8,13}(\.\d+)?"
_FIRST_MILLISECONDS = 1e11
"""As seconds this is the year 5138, as milliseconds 1973: whole numbers from here on are milliseconds."""
_NOON = "['%Y-%m-%d %I:%M %p', '%Y-%m-%d %I:%M:%S %p']"
_DATE_LENGTH = 10


def as_moment(text: str, kind: Kind, *, policy: ReadPolicy) -> str:
    """Give SQL for a date, or a time in UTC; null where the text is neither.

    A bare date stays that date. A time with a zone ("+02:00") is moved to UTC, one without is of the
    policy's zone. In a column of dates midnight without a zone is a bare date: files often write dates so.
    """
    target = "DATE" if kind == "date" else "TIMESTAMP"
    iso = _year_first(text, policy)
    moment = f"CAST({_time(iso, kind, policy)} AS {target})"
    read = (
        f"CASE WHEN {iso} NOT BETWEEN '0' AND ':' THEN NULL "
        f"WHEN length({iso}) <= {_DATE_LENGTH} THEN TRY_CAST({iso} AS {target}) ELSE {moment} END"
    )
    if policy.timestamps == "text":
        return read
    number = f"TRY_CAST({text} AS DOUBLE)"
    seconds = f"CASE WHEN {number} >= {_FIRST_MILLISECONDS} THEN {number} / 1000 ELSE {number} END"
    counted = f"CAST(CAST(to_timestamp({seconds}) AS TIMESTAMP) AS {target})"
    return f"CASE WHEN {is_count(text)} THEN {counted} ELSE {read} END"


def is_of_another_order(text: str) -> str:
    """Give SQL that tells whether the text is written like 27/07/2023, in whichever order."""
    return f"regexp_matches({text}, '{_DAY_MONTH}')"


def is_count(text: str) -> str:
    """Give SQL that tells whether the text may be seconds since 1970."""
    return f"regexp_full_match({text}, '{_SECONDS}')"


def utc_offset(text: str, policy: ReadPolicy) -> str:
    """Give SQL for the hours a time is written ahead of UTC; null for a bare date or a time with no zone."""
    iso = _year_first(text, policy)
    hours = f"TRY_CAST(regexp_extract({iso}, '([+-]\\d\\d):?\\d*$', 1) AS TINYINT)"
    return f"CASE WHEN length({iso}) > {_DATE_LENGTH} AND {_has_zone(iso)} THEN coalesce({hours}, 0) END"


def lacks_zone(text: str, policy: ReadPolicy) -> str:
    """Give SQL that tells whether the text is a time, not a bare date, and without a zone."""
    iso = _year_first(text, policy)
    return f"length({iso}) > {_DATE_LENGTH} AND NOT {_has_zone(iso)}"


def _year_first(text: str, policy: ReadPolicy) -> str:
    if policy.date_order == "year_first":
        return text
    order = r"\3-\2-\1" if policy.date_order == "day_first" else r"\3-\1-\2"
    return f"regexp_replace({text}, '{_DAY_MONTH}', '{order}')"


def _time(iso: str, kind: Kind, policy: ReadPolicy) -> str:
    """Give SQL for a text of date and time as a TIMESTAMP in UTC, in an engine set to UTC."""
    zoned = f"CAST(TRY_CAST({iso} AS TIMESTAMPTZ) AS TIMESTAMP)"
    written = f"TRY_CAST({iso} AS TIMESTAMP)"
    if policy.date_order != "year_first":  # who writes the day or the month first may write 2:05 PM
        zoned = f"coalesce({zoned}, try_strptime({iso}, {_NOON}))"
        written = f"coalesce(try_strptime({iso}, {_NOON}), {written})"
    if policy.time_zone == "UTC":
        return zoned
    shifted = f"CAST(timezone('{policy.time_zone}', {written}) AS TIMESTAMP)"
    if kind == "date":
        shifted = f"CASE WHEN CAST({written} AS TIME) = TIME '00:00' THEN {written} ELSE {shifted} END"
    return f"CASE WHEN {_has_zone(iso)} THEN {zoned} ELSE {shifted} END"


def _has_zone(iso: str) -> str:
    """Give SQL that tells whether a sign or a name of a zone follows the time; AM and PM are none."""
    time = f"substr({iso}, {_DATE_LENGTH + 1})"
    is_named = f"right({iso}, 1) BETWEEN 'A' AND 'z' AND lower(right({iso}, 2)) NOT IN ('am', 'pm')"
    return f"(contains({time}, '+') OR contains({time}, '-') OR {is_named})"
