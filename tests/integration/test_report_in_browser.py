"""The report opens offline, on a phone and in print, in a real browser."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from standfast.decision.matrix import CELLS
from standfast.report.content import EvaluationView, ReportContent
from standfast.report.page import build_report

pytestmark = [pytest.mark.browser, pytest.mark.integration]

N_ACCOUNTS = 500
OWNERS = (
    "Ann Berg",
    "Björn Ek",
    "Chloé Martin",
    "dana.very.long.address@customer-success.example",
    "李 娜",
    "Tom",
)
SECTIONS = [
    "Risk against value", "The plan, by owner", "Segments", "How good the models are", "What is uncertain",
    "What the data can carry", "Glossary", "How it was made",
]  # fmt: skip

CONTRAST = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const words = node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
  return [...document.querySelectorAll('body *')].filter(node => !node.closest('svg') && words(node))
    .map(node => {
      const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
      return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), node.className, node.textContent.slice(0, 30)];
    }).filter(([ratio]) => ratio < 4.5);
}"""


def _scores(rng):
    cell = rng.choice(9, N_ACCOUNTS, p=[0.02, 0.07, 0.03, 0.05, 0.14, 0.19, 0.11, 0.15, 0.24])
    revenue = np.round(rng.lognormal(10, 1.2, N_ACCOUNTS))
    churn = np.where(cell < 3, 0.3, 0.06)
    reasons = [
        {"feature": "usage_trend_90d", "value": -0.41, "effect": 0.9},
        {"feature": "nps", "value": None, "effect": -0.2},
    ]
    scores = pd.DataFrame(
        {
            "account_id": [f"ACC-{i:05d}" for i in range(N_ACCOUNTS)],
            "name": [f"Company {i} GmbH & Co." for i in range(N_ACCOUNTS)],
            "churn_probability": churn,
            "upsell_probability": 0.1,
            "annual_revenue": revenue,
            "revenue_at_risk": churn * revenue,
            "risk_tier": [CELLS[c].risk_tier for c in cell],
            "value_tier": [CELLS[c].value_tier for c in cell],
            "segment": [CELLS[c].segment for c in cell],
            "priority": cell + 1,
            "reasons": json.dumps(reasons),
        }
    )
    scores.loc[:2, "name"] = ["<script>window.harmed = true</script>", "W" * 120, "株式会社サンプル"]
    return scores


def _plan(scores, rng):
    n_call = rng.integers(0, 3, N_ACCOUNTS)
    worth = n_call * scores["revenue_at_risk"] / 20
    return pd.DataFrame(
        {
            "account_id": scores["account_id"], "owner": rng.choice(OWNERS, N_ACCOUNTS),
            "segment": scores["segment"], "cell": "", "play": "CSM recovery plan",
            "n_in_person": rng.integers(0, 2, N_ACCOUNTS) * (n_call > 1), "n_call": n_call, "n_email": n_call,
            "n_digital": 3, "hours": n_call * 1.2, "expected_value": worth,
            "conservative_value": worth / 4 - 100,
            "value_per_hour": worth, "held_out": False,
            "first_touch_by": pd.Timestamp("2026-12-03") + pd.to_timedelta(scores["priority"], unit="D"),
            "why": "17 % likely to leave, 23,052 a year at stake: a call is worth 224 an hour",
        }
    )  # fmt: skip


def _evaluation(target):
    share = np.linspace(0, 1, 120)
    predicted = np.linspace(0.01, 0.4, 10)
    return EvaluationView(
        target=target, how="out of time", period="2026-01-01 to 2026-09-01", n_rows=4_020,
        n_accounts=500, n_events=342, base_rate=0.085,
        metrics={"auc": (0.82, 0.79, 0.85), "lift_at_10": (3.4, 2.9, 3.9), "skill": (0.12, 0.08, 0.16)},
        curves={
            "roc": {"fpr": share, "tpr": share**0.3},
            "precision_recall": {"recall": share, "precision": 0.085 + 0.5 * (1 - share) ** 2},
            "calibration": {
                "predicted": predicted, "observed": predicted, "low": predicted / 2, "high": predicted * 1.5,
            },
            "gain": {"share": share, "captured": share**0.4},
        },
        by_date=[{"date": f"2026-0{m}-01", "n": 500, "events": 40, "auc": 0.8} for m in range(1, 8)],
    )  # fmt: skip


def _book():
    rng = np.random.default_rng(7)
    scores = _scores(rng)
    plan = _plan(scores, rng)
    known = {"n_accounts": ("account_id", "size"), "annual_revenue": ("annual_revenue", "sum"),
             "revenue_at_risk": ("revenue_at_risk", "sum")}  # fmt: skip
    matrix = scores.groupby(["priority", "segment", "risk_tier", "value_tier"], as_index=False).agg(**known)
    used = plan.groupby("owner")["hours"].sum()
    return ReportContent(
        book_name="Northwind customers", currency="USD", as_of="2026-12-01", horizon_days=90,
        model_version="v3", scores=scores, matrix=matrix, plan=plan,
        segments=matrix.assign(
            churn_probability=0.1, upsell_probability=0.2, lifetime_value=1e5, meaning="What it is."
        ),
        plan_summary={
            "hours_capacity": 700.0, "hours_used": used.sum(), "lambda_": 30.0, "gap": 4e-4, "save_rate": 0.1,
            "expected_value": plan["expected_value"].sum(),
            "conservative_value": plan["conservative_value"].sum(),
            "revenue_reached": 9.1e6, "left": {"no personal touch pays": 120}, "notes": ["a note"],
            "by_owner": [
                {"owner": owner, "capacity": 1.1 * hours, "used": hours, "n_accounts": 80}
                for owner, hours in used.items()
            ],
            "cut": [
                {"segment": "Save", "n_wanted": 9, "n_planned": 7, "hours_wanted": 40.0, "hours_planned": 9.0}
            ],
        },
        evaluations=[_evaluation("churn"), _evaluation("upsell")],
        models=[
            {"target": "churn", "rung": "blend", "n_events": 342, "grade": "A",
             "grade_sentence": "A: good",
             "warnings": ["few surveys"], "top_features": [("usage trend, 90 days", 0.3), ("seats", 0.2)]}
        ],
        findings=[
            {"severity": "warning", "name": "missing:payment_delay_days_over_the_last_quarter",
             "explanation": "blank in 1,959 rows", "way_out": "fill it"}
        ],
        rows={"rows_in": 500, "scored": 500, "rejected": 0},
        glossary=[("cell", "One place of the matrix.")],
        settings_summary=[("book.opportunities", "a/rather/long/path/to/the/table/of/opportunities")],
    )  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(build_report(_book()), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def open_page(chromium, address):
    """Open the report in a window of some width, noting all it asks for and complains about."""
    contexts = []

    def opened(width, *, media="screen"):
        contexts.append(chromium.new_context(viewport={"width": width, "height": 900}))
        page = contexts[-1].new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.emulate_media(media=media)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()


def _overflow(page):
    root = "document.documentElement"
    return page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")


def test_the_page_opens_without_asking_anyone_or_complaining(open_page, address):
    page = open_page(1280)
    assert page.asked == [address]
    assert page.complaints == []


def test_a_name_with_markup_harms_nothing(open_page):
    page = open_page(1280)
    assert page.evaluate("window.harmed === undefined")
    assert page.locator("script").count() == 0


def test_headings_lead_through_the_page(open_page):
    page = open_page(1280)
    assert page.locator("h1").count() == 1
    assert page.locator("h2").all_inner_texts() == SECTIONS
    assert page.get_by_role("heading", name="Ann Berg").is_visible()


@pytest.mark.parametrize("width", [320, 375, 719, 720, 1280])
def test_nothing_runs_over_the_edge_at_any_width(open_page, width):
    assert _overflow(open_page(width)) <= 0


def test_a_phone_shows_the_whole_matrix_and_plan_lines_as_cards(open_page):
    page = open_page(375)
    cells = page.locator("table.grid td")
    boxes = [cell.bounding_box() for cell in cells.all()]
    assert len(boxes) == 9
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 375 for box in boxes)
    line = page.locator("table.lines tbody tr").first
    assert line.bounding_box()["width"] <= 375
    assert line.evaluate("row => getComputedStyle(row).display") == "grid"


def test_every_text_stands_out_from_what_is_behind_it(open_page):
    """WCAG AA: a contrast of at least 4.5 to 1."""
    assert open_page(1280).evaluate(CONTRAST) == []


def test_tables_and_plots_speak_to_screen_readers(open_page):
    page = open_page(375)
    assert page.get_by_role("table", name="Accounts, yearly revenue").count() == 1
    assert page.get_by_role("rowheader", name="High risk").count() == 1
    assert page.get_by_role("columnheader", name="High value").count() == 1
    assert page.get_by_role("img", name=re.compile("Who leaves: ")).count() >= 3
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_keyboard_can_skip_to_the_content(open_page):
    page = open_page(1280)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("link => link === document.activeElement && link.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_letters_in_plots_keep_their_size_on_a_phone(open_page):
    page = open_page(375)
    heights = page.locator("#models > .model > .figures svg text").evaluate_all(
        "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize)"
        " * Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b))"
    )
    assert min(heights) >= 7.5


def test_paper_shows_all_lines_and_no_navigation(open_page):
    page = open_page(703, media="print")
    assert _overflow(page) <= 0
    assert not page.locator("nav").is_visible()
    assert (
        page.locator("table.lines thead").first.evaluate("head => getComputedStyle(head).display")
        == "table-header-group"
    )
    curves = page.locator("#models details svg").first
    assert curves.bounding_box()["height"] > 50


def test_the_page_prints_to_a_few_sheets(open_page):
    sheets = open_page(1280).pdf(format="A4", print_background=True)
    n_sheets = len(re.findall(rb"/Type\s*/Page\b", sheets))
    assert 5 <= n_sheets <= 25
