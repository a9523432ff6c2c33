"""How the account compares with its peers at the same date: those of its industry on its plan."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from standfast.features.windows import rounded
from standfast.schema import OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

PEER_COLUMNS = ("industry", "plan")
COMPARED = {
    "usage_vs_peers": "usage_30d",
    "seat_utilisation_vs_peers": "seat_utilisation",
    "tickets_vs_peers": "tickets_per_seat_90d",
    "price_vs_peers": "revenue_per_seat",
}
FEWEST_PEERS = 5
"""With fewer accounts in a group a median says little of it."""


def compare_with_peers(known: "Mapping[str, Any]") -> "dict[str, ir.Value]":
    """Give some levels less the median of the peers active at the same date, the account itself among them.

    Peers share industry and plan, as far as the book has these columns. Missing where either is unknown, or
    fewer than ``FEWEST_PEERS`` of them have the level. These features alone move when another account comes
    or goes.
    """
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    groups = [known[name] for name in PEER_COLUMNS if name in known]
    if not groups:
        return {}
    peers = ibis.window(group_by=[known[OBSERVATION_DATE], *groups])
    is_placed = ibis.and_(*(group.notnull() for group in groups))
    added: dict[str, ir.Value] = {}
    for name, level in COMPARED.items():
        if level in known:
            value = known[level].cast("float64")
            enough = is_placed & (value.count().over(peers) >= FEWEST_PEERS)
            added[name] = enough.ifelse(rounded(value - value.median().over(peers)), None)
    return added
