"""One owner's Monday list as a self-contained HTML page: no script, no address but its own."""

from importlib import resources

import pandas as pd
from markupsafe import Markup

from standfast.report.page import environment
from standfast.report.worklist_content import Worklist
from standfast.report.worklist_view import owner_page


def build_worklist_page(worklist: Worklist, owner: str, *, shown: pd.DataFrame) -> str:
    """Give the page of one owner as HTML text that opens offline, on a phone and on paper."""
    page = environment().get_template("worklist.html").render(
        worklist=worklist,
        page=owner_page(worklist, owner, shown=shown),
        worklist_style=_style(),
    )  # fmt: skip
    return page.strip() + "\n"


def _style() -> Markup:
    css = resources.files("standfast.report").joinpath("assets/worklist.css").read_text(encoding="utf-8")
    return Markup(css)  # noqa: S704  # our own file, no user text in it
