"""Which touches of the lists have been made: what the ledger holds since the plan began ticks them off."""

from datetime import date, timedelta

import pandas as pd
from fastapi import Request

from standfast.adapters.ledger_touches import read_touches
from standfast.pipelines.desk import Desk
from standfast.schema import ACCOUNT_ID
from standfast.service.beside import today
from standfast.service.state import service_of

_SAME = [ACCOUNT_ID, "channel"]


def with_done(request: Request, desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    """Give rows of a list with ``done_on``: a touch made counts for the first one due of its channel.

    Those made before the plan's day are known to the plan already. Of a book without dates those of a whole
    horizon count.
    """
    made = read_touches(service_of(request).door.ledger(), since=_since(desk))
    made = made.assign(
        **{ACCOUNT_ID: made[ACCOUNT_ID].astype("str"), "channel": made["channel"].astype("str")}
    )
    made = made.assign(place=made.groupby(_SAME).cumcount())[[*_SAME, "place", "day"]]
    placed = rows.assign(place=rows.groupby(_SAME, sort=False).cumcount())
    joined = placed.merge(made, on=[*_SAME, "place"], how="left")
    return rows.assign(done_on=pd.to_datetime(joined["day"]).to_numpy())


def _since(desk: Desk) -> date:
    return desk.as_of or today(desk) - timedelta(days=desk.settings.horizon.horizon_days)
