"""How a user's table differs from the canonical one beyond its column names: units, clocks, identifiers."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Gt
from typing_extensions import Doc


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """What one column of a user's table needs before it means what the schema says."""

    scale: Annotated[float, Gt(0), Doc("numbers are multiplied by this: 0.01 where amounts are cents")] = 1.0
    times: Annotated[
        str | None, Doc("numbers are multiplied by this other column of the file, such as a quantity")
    ] = None
    date_format: Annotated[
        str | None,
        Doc('how dates are written, such as "%d-%m-%Y"; "unix" or "unix_ms" for seconds or milliseconds'),
    ] = None
    time_zone: Annotated[
        str | None, Doc('zone of times that name none, such as "Europe/Berlin"; that of [units] by default')
    ] = None


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """Where a table's rows carry another system's identifier, how it leads to the account."""

    column: Annotated[str, Doc("the table's column with the other identifier")]
    through: Annotated[str, Doc("file, or table of the database, that knows both identifiers")]
    matches: Annotated[str, Doc("its column with the other identifier")]
    account_id: Annotated[str, Doc("its column with the account id")] = "account_id"
