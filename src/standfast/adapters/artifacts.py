"""The model bundle on disk: text and JSON under a sha256 manifest, nothing executable, switched at once."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standfast.adapters.leftovers import is_alive
from standfast.errors import StateError

BUNDLE_SCHEMA = 1
MANIFEST = "manifest.json"
SEAL = "seal"
CHAMPION = "champion"


@dataclass(frozen=True)
class Bundle:
    """A verified model bundle: its manifest and the text of each of its files."""

    folder: Path
    manifest: Mapping[str, Any]
    files: Mapping[str, str]

    @property
    def version(self) -> str:
        """The name under which the bundle was saved."""
        return str(self.manifest["version"])

    def part(self, prefix: str) -> dict[str, str]:
        """Text files under ``prefix/``, by the name behind it."""
        start = f"{prefix}/"
        return {name[len(start) :]: text for name, text in self.files.items() if name.startswith(start)}


def bundle_version(book_name: str, files: Mapping[str, str], manifest: Mapping[str, Any]) -> str:
    """Give a name made from the contents, so that equal training gives an equal version."""
    digest = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode())
    for name in sorted(files):
        digest.update(f"\0{name}\0{files[name]}".encode())
    slug = re.sub(r"[^a-z0-9]+", "-", book_name.lower()).strip("-")[:40] or "book"
    return f"{slug}-{digest.hexdigest()[:10]}"


def save_bundle(models: Path, *, files: Mapping[str, str], manifest: Mapping[str, Any]) -> Path:
    """Write a bundle beside the others and give its folder; a killed write leaves no bundle.

    ``manifest`` must hold ``version``; checksums of ``files`` and a seal over itself are added to it.
    """
    try:
        models.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise StateError(f"models folder {models} cannot be made: {problem.strerror}") from problem
    _remove_unfinished(models)
    target = models / str(manifest["version"])
    if _is_whole(target):
        return target  # the name is made from the contents: an equal bundle is already there
    working = models / f".writing-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    checksums = {name: _sha256(text) for name, text in sorted(files.items())}
    whole = {"schema": BUNDLE_SCHEMA, **manifest, "sha256": checksums}
    try:
        for name, text in {**files, MANIFEST: _sealed(whole)}.items():
            _write_synced(working / name, text)
        if target.exists():
            target.rename(models / f".writing-{os.getpid()}-replaced-{uuid.uuid4().hex[:8]}")
        working.rename(target)
    except OSError as problem:
        shutil.rmtree(working, ignore_errors=True)
        reason = problem.strerror or problem
        raise StateError(f"model bundle {target} cannot be written: {reason}") from problem
    return target


def load_bundle(models: Path, version: str = CHAMPION) -> Bundle:
    """Read a bundle and verify each byte of it; nothing in it is executed.

    Raises
    ------
    StateError
        There is none, or a file is missing, added or changed.
    """
    folder = models / champion_version(models) if version == CHAMPION else models / version
    manifest = _verified_manifest(folder)
    return Bundle(folder, manifest, _verified_files(folder, manifest["sha256"]))


def champion_version(models: Path) -> str:
    """Give the version in use.

    Raises
    ------
    StateError
        Nothing has been promoted in this folder.
    """
    link = models / CHAMPION
    if not link.is_symlink():
        raise StateError(f"{models} holds no champion; train one with: standfast train")
    return str(link.readlink()).strip("/")


def has_champion(models: Path) -> bool:
    """Say whether a model is in use."""
    return (models / CHAMPION).is_symlink()


def switch_champion(models: Path, version: str) -> None:
    """Point ``champion`` at another bundle in one step: readers see the old one or the new one."""
    fresh = models / f".writing-{os.getpid()}-champion-{uuid.uuid4().hex[:8]}"
    try:
        fresh.symlink_to(version, target_is_directory=True)
        fresh.replace(models / CHAMPION)
    except OSError as problem:
        fresh.unlink(missing_ok=True)
        raise StateError(
            f"{models / CHAMPION} cannot be pointed at {version} ({problem.strerror}); it must be a link, "
            "and the folder writable: move away what stands there, then train again"
        ) from problem


def save_sealed(path: Path, values: Mapping[str, Any]) -> None:
    """Write a JSON file beside the bundles, whole or not at all, that tells whether it was changed."""
    beside = path.with_name(f".writing-{os.getpid()}-{uuid.uuid4().hex[:8]}")
    try:
        _write_synced(beside, _sealed(values))
        beside.replace(path)
    except OSError as problem:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise StateError(f"{path} cannot be written: {problem.strerror or problem}") from problem


def load_sealed(path: Path) -> dict[str, Any] | None:
    """Read what ``save_sealed`` wrote; None where there is no such file.

    Raises
    ------
    StateError
        It cannot be read, or was changed.
    """
    if not path.exists():
        return None
    try:
        text = path.read_bytes().decode("utf-8")
        values = dict(json.loads(text))
    except (OSError, ValueError, TypeError):
        text, values = "", {}
    values.pop(SEAL, None)
    if _sealed(values) != text:
        raise StateError(f"{path} was changed or cannot be read; delete it, or write it anew")
    return values


def _is_whole(folder: Path) -> bool:
    """Say whether a bundle of this name is there and unharmed."""
    try:
        load_bundle(folder.parent, folder.name)
    except StateError:
        return False
    return True


def _sealed(manifest: Mapping[str, Any]) -> str:
    """Give the manifest's text, with a checksum over the rest of it."""
    bare = json.dumps(manifest, indent=2, sort_keys=True)
    return json.dumps({**manifest, SEAL: _sha256(bare)}, indent=2, sort_keys=True) + "\n"


def _verified_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest; a changed byte in it is refused as one in any other file is."""
    try:
        text = (folder / MANIFEST).read_bytes().decode("utf-8")
        manifest = dict(json.loads(text))
    except (OSError, ValueError, TypeError) as problem:
        raise StateError(
            f"model bundle {folder} has no readable {MANIFEST}; train again with: standfast train"
        ) from problem
    if manifest.get("schema") != BUNDLE_SCHEMA:
        raise StateError(
            f"model bundle {folder} has schema {manifest.get('schema')!r}, but this version reads "
            f"{BUNDLE_SCHEMA}; train again with: standfast train"
        )
    manifest.pop(SEAL, None)
    if _sealed(manifest) != text:
        raise StateError(
            f"model bundle {folder} was changed after training: ['{MANIFEST}']; it is refused, "
            "train again or restore the file"
        )
    return manifest


def _verified_files(folder: Path, checksums: Mapping[str, str]) -> dict[str, str]:
    here = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {MANIFEST}
    unlike = sorted(here ^ set(checksums))
    if unlike:
        raise StateError(
            f"model bundle {folder} does not match its manifest: {unlike}; it is refused, train again"
        )
    texts = {name: (folder / name).read_bytes() for name in sorted(checksums)}
    changed = [name for name, text in texts.items() if hashlib.sha256(text).hexdigest() != checksums[name]]
    if changed:
        raise StateError(
            f"model bundle {folder} was changed after training: {changed}; it is refused, "
            "train again or restore the file"
        )
    return {name: text.decode("utf-8") for name, text in texts.items()}


def _write_synced(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _remove_unfinished(models: Path) -> None:
    """Sweep what killed runs left; a live writer's folder carries the number of a living process."""
    for left in models.glob(".writing-*"):
        owner = left.name.split("-")[1]
        if not owner.isdecimal() or is_alive(int(owner)):
            continue
        if left.is_symlink() or left.is_file():
            left.unlink(missing_ok=True)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
