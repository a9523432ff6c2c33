"""The model card of a training, from what the bundle and the gate know."""

from collections.abc import Mapping, Sequence
from typing import Any

from standfast import __version__
from standfast.pipelines.gate import Asked, told_of
from standfast.propensity.gate import honest_grade
from standfast.propensity.groups import GroupQuality, quality_by_group
from standfast.report.model_card import CardModel, ModelCard, card_markdown
from standfast.settings import Settings

CARD = "model_card.md"


def write_card(
    asked: Sequence[Asked],
    *,
    data: Mapping[str, Any],
    notes: Sequence[str],
    columns: Sequence[str],
    settings: Settings,
) -> str:
    """Give the card's Markdown; it names no version, which is made from the card's bytes, too."""
    card = ModelCard(
        book=settings.book_name,
        standfast=__version__,
        data=data,
        horizon_days=settings.horizon.horizon_days,
        lead_days=settings.horizon.lead_days,
        models=[_card_model(each, settings) for each in asked],
        notes=notes,
        gate=told_of([one for each in asked for one in each.alone]),
        columns=columns,
    )
    return card_markdown(card)


def _card_model(asked: Asked, settings: Settings) -> CardModel:
    one, found = asked.one, asked.one.evaluation
    return CardModel(
        word=one.word,
        rung=one.propensity.rung,
        grade=honest_grade(found, settings.gate)[0],
        how=found.how,
        period=found.period,
        n_rows=found.n_rows,
        n_accounts=found.n_accounts,
        n_events=one.propensity.n_events,
        base_rate=found.base_rate,
        metrics={name: (each.value, each.low, each.high) for name, each in found.metrics.items()},
        warnings=one.propensity.warnings,
        groups=[_group(each) for each in quality_by_group(asked.evidence, policy=settings.gate)],
    )


def _group(one: GroupQuality) -> dict[str, Any]:
    return {
        "group": one.group, "n": one.n_rows, "events": one.n_events, "rate": one.event_rate,
        "said": one.mean_probability, "auc": (one.auc.value, one.auc.low, one.auc.high),
    }  # fmt: skip
