"""What one kind of fixed work takes, and what of it was cut."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FixedUse:
    """One kind of fixed work: what is planned of it, and what was cut because the hours ran out."""

    kind: str
    n_accounts: int
    n_touches: int
    hours: float
    n_cut: int
    hours_cut: float
