"""Look at the models there are, and decide on them: promote, refuse, roll back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from standfast.adapters.artifacts import MANIFEST, Bundle, load_bundle
from standfast.adapters.history import (
    Decision,
    History,
    deciding,
    keep_decisions,
    put_in_use,
    read_history,
    write_down,
)
from standfast.adapters.tracking_registry import record_decision
from standfast.errors import InputError, StateError
from standfast.pipelines.champion import pointed_at
from standfast.pipelines.observe import book_fingerprint
from standfast.pipelines.report import read_evaluations
from standfast.propensity.gate import honest_grade
from standfast.schema import TARGETS
from standfast.settings import Settings


@dataclass(frozen=True)
class KnownModel:
    """One version in the models folder, and where it stands."""

    version: str
    recorded: str
    book: str
    standing: str
    is_champion: bool
    learned_until: str
    figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class KnownModels:
    """Every version there is, the champion first, then the newest; and what else is to be said."""

    models: Sequence[KnownModel]
    notes: Sequence[str]


@dataclass(frozen=True)
class Decided:
    """A decision that was made, and what could not be written down elsewhere."""

    decision: Decision
    champion: str | None
    notes: Sequence[str]


def known_models(settings: Settings) -> KnownModels:
    """Give every version in the models folder with its grade, figures and standing."""
    models = Path(settings.paths.models)
    history = read_history(models)
    known = [_known(folder, history, settings) for folder in _folders(models)]
    ordered = sorted(known, key=lambda one: (one.recorded, one.version), reverse=True)
    first = sorted(ordered, key=lambda one: not one.is_champion)
    return KnownModels(first, _unread(history))


def promote(settings: Settings, version: str, *, reason: str, despite_refusal: bool = False) -> Decided:
    """Put a version in use.

    Raises
    ------
    StateError
        It is not there, its files were changed, or it was refused and that is not overruled.
    """
    models = Path(settings.paths.models)
    told = _told(reason)
    with deciding(models) as history:
        _refuse_unknown(models, version)
        bundle = load_bundle(models, version)
        if pointed_at(models) == version:
            raise StateError(f"{version} is the champion already")
        refusal = history.refusal_of(version)
        if refusal is not None and not despite_refusal:
            who = "the gate" if refusal.by == "gate" else "hand"
            raise StateError(
                f"{version} was refused by {who} on {refusal.at[:10]} ({refusal.reason}); to use it all the "
                f"same: standfast models promote {version} --despite-refusal --reason WHY"
            )
        done = put_in_use(models, Decision(action="promote", version=version, reason=told, by="command"))
        notes = _kept(models, done)
    return _decided(done, notes=[*_other_book(bundle, settings), *notes], settings=settings)


def refuse(settings: Settings, version: str, *, reason: str) -> Decided:
    """Say that a version must not be used; a training that makes it again does not put it in use either.

    Raises
    ------
    StateError
        It is not there, or it is the champion.
    """
    models = Path(settings.paths.models)
    told = _told(reason)
    with deciding(models) as history:
        _refuse_unknown(models, version)
        if pointed_at(models) == version:
            before = history.champion_before(version)
            way = "standfast models rollback" if before else "standfast models promote ANOTHER"
            raise StateError(f"{version} is the champion; put another one in use first: {way} --reason WHY")
        kept = pointed_at(models)
        done = write_down(
            models, Decision(action="refuse", version=version, reason=told, by="command", before=kept)
        )
        notes = _kept(models, done)
    return _decided(done, notes=notes, settings=settings)


def roll_back(settings: Settings, *, reason: str) -> Decided:
    """Put the champion before in use again; the one taken out counts as refused.

    Raises
    ------
    StateError
        There is no champion, none before it, or its files were changed.
    """
    models = Path(settings.paths.models)
    told = _told(reason)
    with deciding(models) as history:
        now = pointed_at(models)
        if now is None:
            raise StateError(f"{models} holds no champion to roll back; train one with: standfast train")
        before = history.champion_before(now)
        if before is None:
            raise StateError(
                f"no champion before {now} is written down; choose one of `standfast models`, then: "
                "standfast models promote VERSION --reason WHY"
            )
        bundle = load_bundle(models, before)
        done = put_in_use(models, Decision(action="rollback", version=before, reason=told, by="command"))
        notes = [*_kept(models, done), *_kept_of(models, now)]
    return _decided(done, notes=[*_other_book(bundle, settings), *notes], settings=settings)


def _decided(done: Decision, *, notes: Sequence[str], settings: Settings) -> Decided:
    unrecorded = record_decision(done, mlruns=Path(settings.paths.mlruns))
    champion = pointed_at(Path(settings.paths.models))
    return Decided(done, champion, [*notes, *([unrecorded] if unrecorded else [])])


def _kept(models: Path, done: Decision) -> list[str]:
    return _kept_of(models, done.version)


def _kept_of(models: Path, version: str) -> list[str]:
    """Write the sealed file beside the bundle; where that fails the history has it all the same."""
    try:
        keep_decisions(models, version)
    except (StateError, OSError, ValueError, KeyError) as problem:
        return [f"the decisions beside {version} could not be written ({problem}); history.jsonl has them"]
    return []


def _folders(models: Path) -> list[Path]:
    return sorted(
        folder
        for folder in (models.iterdir() if models.is_dir() else ())
        if folder.is_dir() and not folder.is_symlink() and (folder / MANIFEST).is_file()
        and not folder.name.startswith(".")
    )  # fmt: skip


def _known(folder: Path, history: History, settings: Settings) -> KnownModel:
    decisions = history.of(folder.name)
    is_champion = pointed_at(folder.parent) == folder.name
    refusal = history.refusal_of(folder.name)
    standing = "champion" if is_champion else "refused" if refusal else "kept"
    at = decisions[0].at[:16].replace("T", " ") if decisions else ""
    reason = decisions[-1].reason if decisions else ""
    try:
        bundle = load_bundle(folder.parent, folder.name)
    except StateError as problem:
        return KnownModel(folder.name, at, "", f"{standing}, damaged", is_champion, "", {}, str(problem))
    return KnownModel(
        folder.name, at, bundle.manifest["book"]["name"], standing, is_champion,
        bundle.manifest["data"]["last_date"] or "", _figures(bundle, settings), reason,
    )  # fmt: skip


def _figures(bundle: Bundle, settings: Settings) -> dict[str, dict[str, Any]]:
    return {
        TARGETS[target]: {
            "grade": honest_grade(evaluation, settings.gate)[0],
            "how": evaluation.how,
            "n_events": evaluation.n_events,
            **{name: asdict(evaluation.metrics[name]) for name in ("auc", "log_loss", "ece")},
        }
        for target, evaluation in read_evaluations(bundle).items()
    }


def _refuse_unknown(models: Path, version: str) -> None:
    names = [folder.name for folder in _folders(models)]
    if version not in names:
        there = ", ".join(names) or "none"
        raise StateError(f"{models} holds no version {version!r}; there are: {there}")


def _told(reason: str) -> str:
    told = " ".join(reason.split())
    if not told:
        raise InputError("--reason is blank; say in a few words why, for whoever reads the history")
    return told


def _other_book(bundle: Bundle, settings: Settings) -> list[str]:
    if bundle.manifest["book"]["fingerprint"] == book_fingerprint(settings):
        return []
    told = f"{bundle.version} is of book {bundle.manifest['book']['name']!r} with its labels and horizon then"
    return [f"{told}, not of {settings.source}: standfast score refuses it under these settings"]


def _unread(history: History) -> list[str]:
    n = history.n_unreadable
    return [f"{n} line(s) of history.jsonl cannot be read and were skipped"] if n else []
