"""Which model was put in use, refused or rolled back, when and why: lines that are only ever added."""

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from standfast.adapters.artifacts import (
    CHAMPION,
    SEAL,
    champion_version,
    has_champion,
    load_bundle,
    load_sealed,
    save_sealed,
    switch_champion,
)
from standfast.errors import StateError

HISTORY = "history.jsonl"

Action = Literal["promote", "refuse", "rollback"]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision on a version. ``before`` is the champion it replaced, or kept; ``by`` names no person.

    ``step``: a switch is written down when it is begun and again when it is done, so that neither is lost
    where the command is killed in between.
    """

    action: Action
    version: str
    reason: str
    by: Literal["gate", "command"]
    before: str | None = None
    at: str = ""
    id: str = ""
    step: Literal["begun", "done", "abandoned"] = "done"


@dataclass(frozen=True)
class History:
    """All decisions in order, each once, as it ended; and how many lines could not be read."""

    decisions: tuple[Decision, ...]
    n_unreadable: int = 0

    def of(self, version: str) -> tuple[Decision, ...]:
        """Give the decisions that concern a version: on it, or that took it out of use."""
        return tuple(
            one for one in self.decisions if one.version == version or self._rolled_back(one, version)
        )

    def refusal_of(self, version: str) -> Decision | None:
        """Give the refusal that stands against a version: a rollback speaks against what it takes away."""
        told = [one for one in self.of(version) if one.step == "done"]
        last = told[-1] if told else None
        against = last is not None and (last.action == "refuse" or self._rolled_back(last, version))
        return last if against else None

    def champion_before(self, version: str) -> str | None:
        """Give the champion that the newest promotion of a version replaced."""
        promoted = [
            one
            for one in self.decisions
            if one.action == "promote" and one.version == version and one.step == "done"
        ]
        return promoted[-1].before if promoted else None

    @staticmethod
    def _rolled_back(one: Decision, version: str) -> bool:
        return one.action == "rollback" and one.before == version


@contextlib.contextmanager
def deciding(models: Path) -> Iterator[History]:
    """Give the history to decide on while nobody else decides; what was cut off before is settled first.

    Raises
    ------
    StateError
        The folder cannot be written to.
    """
    try:
        models.mkdir(parents=True, exist_ok=True)
        with (models / HISTORY).open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            _settle_cut_off(models)
            yield read_history(models)
    except OSError as problem:
        told = problem.strerror or problem
        raise StateError(
            f"{models / HISTORY} cannot be written ({told}); make the folder writable"
        ) from problem


def read_history(models: Path) -> History:
    """Give what has been decided; a line cut off by a crash is skipped and counted."""
    ended: dict[str, Decision] = {}
    n_unreadable = 0
    for line in _lines(models / HISTORY):
        decision = _decision(line)
        if decision is None:
            n_unreadable += 1
        else:
            ended[decision.id] = decision
    return History(tuple(ended.values()), n_unreadable)


def put_in_use(models: Path, decision: Decision) -> Decision:
    """Switch the champion in one step and write it down; call it while ``deciding``.

    Raises
    ------
    StateError
        The version is not there, or a byte of it was changed: the champion stays.
    """
    load_bundle(models, decision.version)
    before = champion_version(models) if has_champion(models) else None
    begun = _stamped(replace(decision, before=before, step="begun"))
    _append(models, begun)
    try:
        switch_champion(models, decision.version)
    except StateError:
        _append(models, replace(begun, step="abandoned"))
        raise
    done = replace(begun, step="done")
    _append(models, done)
    return done


def write_down(models: Path, decision: Decision) -> Decision:
    """Add a decision that switches nothing; call it while ``deciding``."""
    done = _stamped(decision)
    _append(models, done)
    return done


def keep_decisions(models: Path, version: str, *, gate: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Write the sealed file beside a bundle that holds the gate's answers and all decisions on it.

    The bundle's own manifest is sealed and its version is made from its contents, so what is decided later
    stands beside it, tied to it by the manifest's seal.
    """
    told = read_decisions(models, version) if gate is None else {"gate": list(gate)}
    seal = json.loads((models / version / "manifest.json").read_text(encoding="utf-8"))[SEAL]
    decisions = [asdict(one) for one in read_history(models).of(version)]
    values = {"version": version, "manifest_seal": seal, "gate": told.get("gate", []), "decisions": decisions}
    save_sealed(_decisions_file(models, version), values)


def read_decisions(models: Path, version: str) -> dict[str, Any]:
    """Give the gate's answers and the decisions on a version; nothing where there is no sound file."""
    try:
        return load_sealed(_decisions_file(models, version)) or {}
    except StateError:
        return {}


def _decisions_file(models: Path, version: str) -> Path:
    return models / f"{version}.decisions.json"


def _settle_cut_off(models: Path) -> None:
    """End what a killed command began: the switch was made, or it was not."""
    for one in read_history(models).decisions:
        if one.step == "begun":
            made = (models / CHAMPION).is_symlink() and champion_version(models) == one.version
            _append(models, replace(one, step="done" if made else "abandoned"))


def _stamped(decision: Decision) -> Decision:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return replace(decision, at=now, id=secrets.token_hex(6))


def _append(models: Path, decision: Decision) -> None:
    """Add one line in one write; a line that was cut off before is ended first."""
    path = models / HISTORY
    text = json.dumps(asdict(decision), ensure_ascii=False, sort_keys=True) + "\n"
    whole = path.read_bytes()[-1:] if path.exists() else b""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, (b"" if whole in {b"", b"\n"} else b"\n") + text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _lines(path: Path) -> list[str]:
    text = path.read_bytes().decode("utf-8", errors="replace") if path.exists() else ""
    return [line for line in text.split("\n") if line.strip()]


def _decision(line: str) -> Decision | None:
    try:
        return Decision(**json.loads(line))
    except (ValueError, TypeError):
        return None
