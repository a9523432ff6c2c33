"""Put a challenger in use or keep the champion, as the gate says, and write down why."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from standfast.adapters.artifacts import CHAMPION
from standfast.adapters.history import (
    Action,
    Decision,
    History,
    deciding,
    keep_decisions,
    put_in_use,
    read_decisions,
    write_down,
)
from standfast.pipelines.gate import told_of
from standfast.pipelines.judge import Promotion
from standfast.propensity.criteria import Criterion


def act_on(
    promotion: Promotion,
    version: str,
    *,
    models: Path,
    judged_against: str | None,
    criteria: Sequence[Criterion],
) -> Promotion:
    """Switch the champion if the gate says so, unless people refused this version or switched meanwhile.

    ``judged_against`` is where ``champion`` pointed when the models were compared.
    """
    with deciding(models) as history:
        settled = _as_people_decided(promotion, version, history, models, judged_against)
        if settled.promoted and pointed_at(models) != version:
            put_in_use(models, _decision(version, settled))
        elif not settled.promoted:
            before = pointed_at(models)
            write_down(models, replace(_decision(version, settled), before=before))
        known = bool(read_decisions(models, version).get("gate"))
        stood = known and version == judged_against  # compared with itself it has nothing new to tell
        keep_decisions(models, version, gate=None if stood else told_of(criteria))
    return settled


def pointed_at(models: Path) -> str | None:
    """Give what ``champion`` points at, sound or not; None where there is no link."""
    link = models / CHAMPION
    return str(link.readlink()).strip("/") if link.is_symlink() else None


def _as_people_decided(
    promotion: Promotion, version: str, history: History, models: Path, judged_against: str | None
) -> Promotion:
    if not promotion.promoted or pointed_at(models) == version:
        return promotion
    refusal = history.refusal_of(version)
    if refusal is not None and refusal.by == "command":
        told = f"{version} was taken out by hand on {refusal.at[:10]} ({refusal.reason}), so it stays out"
        way = f"standfast models promote {version} --despite-refusal --reason WHY puts it in use"
        return Promotion(promoted=False, sentence=f"{told}; {way}")
    if pointed_at(models) != judged_against:
        told = f"the champion changed to {pointed_at(models)} while {version} was trained and judged"
        return Promotion(promoted=False, sentence=f"{told}; train again to compare the two")
    return promotion


def _decision(version: str, promotion: Promotion) -> Decision:
    action: Action = "promote" if promotion.promoted else "refuse"
    return Decision(action=action, version=version, reason=promotion.sentence, by="gate")
