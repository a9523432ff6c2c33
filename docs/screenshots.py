"""Take the pictures of the pages: `python docs/screenshots.py`, after `make train`, writes docs/page-*.png.

Needs Chromium and the playwright package. It serves the sample book's champion on a ledger of its own.
"""

import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
import uvicorn
from playwright.sync_api import Page, sync_playwright

from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_users import add_user
from standfast.pipelines.desk import Desk, lay_desk
from standfast.service.app import create_app
from standfast.settings import load_settings

SETTINGS = Path("out/sample/standfast.toml")
FOLDER = Path(__file__).parent
NAME, PASSWORD = "Dana Reyes", "a password for a minute"
WIDTHS = {"": (1280, 900), "-phone": (390, 844)}
MOST_BYTES = 200_000
SHOTS = {
    "book": "/",
    "worklist": "/worklist?owner={owner}",
    "account": "/account?id={account}",
    "plan": "/plan?csms=1",
    "models": "/models",
}


def main() -> int:
    """Write every picture, and say how large each is."""
    if not SETTINGS.exists():
        click.echo(f"there is no {SETTINGS} here; make it with: make train", err=True)
        return 1
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (address, desk), browser() as tab:
        first = desk.worklist.rows.iloc[0]
        for name, path in SHOTS.items():
            take(tab, name, address + path.format(owner=first["owner"], account=first["account_id"]))
    return 0


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Desk]]:
    """Serve the sample book on a port of its own, to one user, on a copy of the ledger."""
    settings = load_settings(SETTINGS)
    ledger_file = folder / "ledger.sqlite"
    if Path("ledger.sqlite").exists():
        shutil.copy("ledger.sqlite", ledger_file)
    settings = replace(settings, paths=replace(settings.paths, ledger=f"sqlite:///{ledger_file}"))
    with open_ledger(settings.ledger_address, book=settings.book_name) as ledger:
        add_user(ledger, NAME, password=PASSWORD, role="lead")
    desk = lay_desk(settings)
    server = uvicorn.Server(uvicorn.Config(create_app(settings, desk=desk), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", desk
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def browser() -> Iterator[Page]:
    """Give a tab of Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(path for name in names if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield running.new_page()
        running.close()


def take(tab: Page, name: str, address: str) -> None:
    """Take a page on a desk and on a phone."""
    for ending, (width, height) in WIDTHS.items():
        tab.set_viewport_size({"width": width, "height": height})
        tab.goto(address)
        if "/login" in tab.url:
            tab.fill("#name", NAME)
            tab.fill("#password", PASSWORD)
            tab.click("main button")
            tab.goto(address)
        file = FOLDER / f"page-{name}{ending}.png"
        tab.screenshot(path=str(file))
        n_bytes = file.stat().st_size
        click.echo(f"{file.name}: {n_bytes:,} bytes")
        if n_bytes > MOST_BYTES:
            raise SystemExit(f"{file.name} is too large for the repository; show less of the page")


if __name__ == "__main__":
    sys.exit(main())
