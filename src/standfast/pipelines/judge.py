"""The gate between a challenger and the champion: who is better on rows that neither was trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from standfast.pipelines.fit import TrainedTarget
from standfast.propensity.gate import compare
from standfast.propensity.metrics import Floats

TIE = 1e-9
FAVOURED = "on rows of whose outcomes the champion had learned a part"


@dataclass(frozen=True)
class Promotion:
    """Whether the challenger becomes champion, and the sentence that says why."""

    promoted: bool
    sentence: str


@dataclass(frozen=True)
class Standing:
    """What a champion's manifest says of it, as far as the gate needs it."""

    version: str
    book_fingerprint: str
    data_fingerprint: str
    model_fingerprint: str
    log_loss: Mapping[str, float]
    skill: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class ChampionWords:
    """What the champion says of the rows judged on, NaN where it had learned from the row.

    ``is_new`` is false where label windows begin before those that it learned from have ended: it has then
    learned a part of the outcomes and is favoured, so only a challenger's lower loss tells anything.
    """

    probability: Floats
    is_new: bool = True


def judge(
    trained: Sequence[TrainedTarget],
    *,
    challenger: Standing,
    champion: Standing | None,
    champion_words: Mapping[str, ChampionWords],
) -> Promotion:
    """Give the verdict on a challenger whose models all beat the base rate.

    On another book there is no comparison. On the same rows the recorded log losses decide; on newer
    dates, rows later than any the champion learned from; else the skill over the base rate. Ties keep
    the champion.

    Parameters
    ----------
    champion_words
        By target, what the champion says of the rows judged on.
    """
    if champion is None:
        return Promotion(
            promoted=True, sentence="first model here: it beats the base rate and becomes champion"
        )
    if champion.book_fingerprint != challenger.book_fingerprint:
        return Promotion(
            promoted=True,
            sentence=f"the champion {champion.version} is of another book, label or horizon, so there is no "
            "comparison; it is kept in the models folder, and this one takes its place",
        )
    if champion.version == challenger.version:
        return Promotion(promoted=True, sentence="the same model as the champion, byte for byte")
    if champion.model_fingerprint == challenger.model_fingerprint:
        return Promotion(
            promoted=True, sentence="the same models under changed settings: the settings take effect"
        )
    lost = sorted(set(champion.log_loss) - set(challenger.log_loss))
    if lost:
        return Promotion(
            promoted=False,
            sentence=f"the champion {champion.version} also predicts {lost}; it stays champion",
        )
    return _compare(trained, challenger, champion, champion_words)


def is_rival(challenger: Standing, champion: Standing) -> bool:
    """Say whether the champion is of the same book, label and horizon, so that the two can be compared."""
    return champion.book_fingerprint == challenger.book_fingerprint


def _compare(
    trained: Sequence[TrainedTarget],
    challenger: Standing,
    champion: Standing,
    champion_words: Mapping[str, ChampionWords],
) -> Promotion:
    if champion.data_fingerprint == challenger.data_fingerprint:
        return _by_record(challenger.log_loss, champion, "log loss on the same rows", lower_is_better=True)
    fresh = _by_fresh_rows(trained, champion_words)
    if fresh is not None:
        return fresh
    return _by_record(challenger.skill, champion, "skill over the base rate", lower_is_better=False)


def _by_record(
    figures: Mapping[str, float], champion: Standing, what: str, *, lower_is_better: bool
) -> Promotion:
    recorded = champion.log_loss if lower_is_better else champion.skill
    shared = sorted(set(figures) & set(recorded))
    mine, theirs = (float(np.mean([side[target] for target in shared])) for side in (figures, recorded))
    gain = (theirs - mine) if lower_is_better else (mine - theirs)
    return _verdict(gain, f"{what}: {mine:.4f} against {theirs:.4f} of {champion.version}")


def _by_fresh_rows(
    trained: Sequence[TrainedTarget], champion_words: Mapping[str, ChampionWords]
) -> Promotion | None:
    """Compare on test rows later than any the champion learned from; None where there are none."""
    gains, sentences = [], []
    for one in trained:
        words = champion_words.get(one.target)
        if words is None:
            continue
        theirs, fresh = words.probability, np.isfinite(words.probability)
        label = one.unseen.label[fresh]
        if not 0 < label.sum() < len(label):
            return None
        paired = compare(label, one.probability[fresh], theirs[fresh], one.unseen.groups[fresh])
        gains.append(-paired.difference.value)
        known = "" if words.is_new else f", {FAVOURED}"
        sentences.append(f"{one.word}: {paired.sentence}{known}")
    return _verdict(float(np.mean(gains)), "; ".join(sentences)) if gains else None


def _verdict(gain: float, evidence: str) -> Promotion:
    if gain > TIE:
        return Promotion(
            promoted=True, sentence=f"better than the champion ({evidence}); it becomes champion"
        )
    word = "no better than" if abs(gain) <= TIE else "worse than"
    return Promotion(promoted=False, sentence=f"{word} the champion ({evidence}); the champion stays")
