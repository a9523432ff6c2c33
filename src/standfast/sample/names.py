"""Company names as they stand in a CRM: mostly plain, some that break careless readers."""

import numpy as np

from standfast.sample.streams import stream

_FIRST = (
    "Alder", "Atlas", "Beacon", "Birch", "Cedar", "Cobalt", "Delta", "Dune", "Elm", "Ember", "Falcon",
    "Granite", "Harbor", "Iris", "Juniper", "Keystone", "Lumen", "Meridian", "Northwind", "Orchard",
    "Pioneer", "Quarry", "Ridge", "Summit", "Tidewater", "Umbra", "Vantage", "Willow", "Yarrow", "Zephyr",
)  # fmt: skip
_SECOND = (
    "Analytics", "Energy", "Foods", "Freight", "Health", "Insurance", "Labs", "Learning", "Logistics",
    "Media", "Mobility", "Optics", "Paper", "Partners", "Retail", "Robotics", "Systems", "Textiles",
    "Travel", "Water",
)  # fmt: skip
_FORM = ("Inc", "Ltd", "GmbH", "LLC", "SA", "BV", "AB", "Group", "KK", "Pty")
_ODD = (
    '"{}" Holdings', "{}, Sons & Co.", "Société {}", "{} Größe AG", "株式会社 {}", "=SUM {}", "={}+1",
    "@{} Online", "  {}  ", "+{} Mobile", "-{} Minus", "{}; Nord", "O'{}", "{} 🚀", "NULL {}",
)  # fmt: skip
ODD_SHARE = 0.02


def company_names(n_accounts: int, *, seed: int) -> list[str]:
    """Give one name per account; a fiftieth hold quotes, commas, other scripts or a formula's first sign."""
    rng = stream(seed, "names")
    first, second, form = (rng.choice(words, n_accounts) for words in (_FIRST, _SECOND, _FORM))
    names = [f"{a} {b} {c}" for a, b, c in zip(first, second, form, strict=True)]
    n_odd = min(n_accounts, max(len(_ODD), round(ODD_SHARE * n_accounts)))
    for turn, place in enumerate(np.sort(rng.choice(n_accounts, n_odd, replace=False))):
        names[place] = _ODD[turn % len(_ODD)].format(names[place])
    return names
