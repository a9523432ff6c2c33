"""C10, C4, C9: the Monday list from scores and books to CSV, HTML, iCalendar and Excel."""

import io
import json
import warnings

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from icalendar import Calendar

from standfast.adapters.formula_safety import undefuse
from standfast.cli import main
from standfast.decision.plays import PLAYS_OF_KIND
from standfast.pipelines.look_back import Past
from standfast.pipelines.made_touches import made_touches
from standfast.pipelines.observe import observe_current
from standfast.pipelines.place import place_strangers
from standfast.pipelines.plan import plan
from standfast.pipelines.to_plan import ToPlan
from standfast.pipelines.worklist import make_worklist
from standfast.pipelines.worklist_files import write_worklist
from standfast.report.worklist_content import COLUMNS
from standfast.settings import load_settings

pytestmark = pytest.mark.integration
NAMES = [
    '=HYPERLINK("http://x","y")', "<script>window.harmed=true</script>", "line\nbreak", "a, b; c\\d",
    "\U0001f600 Emoji", "شركة الاختبار", "N" * 500, '"quoted"', "&amp;",
]  # fmt: skip
OWNERS = ["../../x", "csm@example.com", "ANN", "ann", "", "=cmd()", "<b>Bo</b>", "شركة", "W" * 500]


def stranger(n=90, **columns):
    """A scores file of somebody else's, in which names and owners are as bad as can be."""
    return pd.DataFrame(
        {
            "account_id": [f"{'=' if place % 7 == 0 else ''}A,{place:03d}" for place in range(n)],
            "observation_date": "2026-01-05",
            "name": [NAMES[place % len(NAMES)] for place in range(n)],
            "owner": [OWNERS[place // 3 % len(OWNERS)] for place in range(n)],
            "churn_probability": [0.02 + 0.4 * (place % 11) / 10 for place in range(n)],
            "upsell_probability": 0.2,
            "annual_revenue": [1_000.0 * (1 + place % 17) ** 2 for place in range(n)],
            "upsell_value": [400.0 * (1 + place % 17) ** 2 for place in range(n)],
            **columns,
        }
    )


@pytest.fixture
def lists(cli, tmp_path):
    """Write the lists of a stranger's scores and give their folder."""

    def write(*arguments, scores=None):
        (stranger() if scores is None else scores).to_parquet("scores.parquet")
        told = cli("worklist", "scores.parquet", "-o", "lists", "--hours", "300", *arguments)
        assert told.exit_code == 0, told.stderr
        return tmp_path / "lists"

    return write


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """The lists of a stranger's scores at 300 hours, written once; look, never touch."""
    folder = tmp_path_factory.mktemp("usual")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(warnings, "showwarning", warnings.showwarning)  # the command replaces it
        stranger().to_parquet("scores.parquet")
        done = CliRunner().invoke(main, ["worklist", "scores.parquet", "-o", "lists", "--hours", "300"])
    assert done.exit_code == 0, done.output
    return folder / "lists"


def tables(folder):
    return pd.concat(
        [undefuse(pd.read_csv(path, dtype={"account_id": str, "owner": str}, keep_default_na=False))
         for path in sorted(folder.glob("*.csv"))], ignore_index=True,
    )  # fmt: skip


def test_hostile_names_come_through_all_four_formats_unharmed(usual):
    folder = usual
    rows = tables(folder)
    assert tuple(rows.columns) == COLUMNS
    assert set(rows["name"]) == set(NAMES)
    titles = [
        str(event["SUMMARY"])
        for path in folder.glob("*.ics")
        for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    ]
    assert len(titles) == len(rows)
    assert all(any(name in title for title in titles) for name in NAMES)
    book = openpyxl.load_workbook(io.BytesIO((folder / "team.xlsx").read_bytes()))
    cells = [cell for page in book for line in page.iter_rows() for cell in line]
    assert {cell.value for cell in cells} >= set(NAMES)
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert len(book.sheetnames) == len(OWNERS) + 2
    for path in folder.glob("*.html"):
        page = path.read_text("utf-8")
        assert "<script" not in page
        assert "<b>Bo</b>" not in page
        assert "http://" not in page.replace("http://x", "")


def test_every_owner_has_a_file_of_a_safe_name(usual):
    folder = usual
    names = {path.stem for path in folder.glob("*.csv")}
    assert {"x", "csm@example.com", "no-owner"} <= names
    assert len({name.casefold() for name in names}) == len(OWNERS)
    assert not list(folder.parent.parent.glob("x.csv"))


def test_minutes_are_the_hours_of_the_plan_and_no_touch_is_lost(usual, cli):
    rows = tables(usual)
    stranger().to_parquet("scores.parquet")
    assert cli("plan", "scores.parquet", "-o", "plan.csv", "--hours", "300").exit_code == 0
    planned = undefuse(pd.read_csv("plan.csv", dtype={"account_id": str}))
    planned = planned[planned["hours"] > 0].set_index("account_id")
    thanks = rows["play"].isin([play.name for play in PLAYS_OF_KIND if play.kind == "reward"])
    assert thanks.any(), "C8: there are hours left for them"
    rows = rows[~thanks]
    minutes = rows.groupby("account_id")["minutes"].sum()
    assert (minutes / 60 - planned["hours"]).abs().max() < 1e-9
    assert len(rows) == planned[["n_in_person", "n_call", "n_email"]].sum().sum()


def test_the_list_is_in_order_of_day_and_then_of_priority(usual):
    rows = tables(usual)
    for _, own in rows.groupby("owner"):
        assert own["due_on"].is_monotonic_increasing


def test_twice_gives_the_same_bytes(lists, usual):
    once = {path.name: path.read_bytes() for path in usual.iterdir()}
    again = {path.name: path.read_bytes() for path in lists().iterdir()}
    assert once == again


def test_a_week_holds_what_falls_due_in_seven_days(lists):
    rows = tables(lists("--days", "7"))
    assert rows["due_on"].max() < "2026-01-12"
    assert len(rows)


def test_one_owner_alone(lists):
    folder = lists("--owner", "csm@example.com")
    assert sorted(path.name for path in folder.iterdir() if path.name[0] != ".") == [
        "csm@example.com.csv", "csm@example.com.html", "csm@example.com.ics", "team.xlsx",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["--owner", "csm@exmple.com"], "did you mean csm@example.com"), (["--days", "soon"], "--days 'soon'"),
     (["--days", "0"], "from 1 on, or all"), (["--hours", "-1"], "0 or more")],
)  # fmt: skip
def test_what_cannot_be_is_one_clear_line(cli, arguments, told):
    stranger().to_parquet("scores.parquet")
    answer = cli("worklist", "scores.parquet", "-o", "lists", *arguments)
    assert answer.exit_code == 1
    assert told in answer.complaint


def test_a_folder_with_other_files_is_left_alone(cli, tmp_path):
    stranger().to_parquet("scores.parquet")
    answer = cli("worklist", "scores.parquet", "-o", ".")
    assert answer.exit_code == 1
    assert "not ours: scores.parquet" in answer.complaint


def test_without_dates_the_list_stands_in_order_and_has_no_calendar(lists):
    folder = lists(scores=stranger().drop(columns="observation_date"))
    assert not list(folder.glob("*.ics"))
    assert set(tables(folder)["due_on"]) == {""}
    assert "in order" in next(folder.glob("*.html")).read_text("utf-8")


@pytest.mark.parametrize("hours", ["0", "300"])
def test_one_account_and_no_hours_are_no_error(cli, hours):
    stranger(1).to_parquet("scores.parquet")
    answer = cli("worklist", "scores.parquet", "-o", "lists", "--hours", hours, "--json")
    assert answer.exit_code == 0
    assert "team.xlsx" in json.loads(answer.stdout)["files"]


@pytest.fixture(scope="module")
def from_book(sample_files, tmp_path_factory):
    """The list of a small sample book, planned with made-up scores and reasons."""
    settings = load_settings(sample_files / "standfast.toml")
    observed = observe_current(settings)
    ids = observed.current["account_id"]
    reasons = [{"feature": "usage trend, 90 days", "value": -0.41, "effect": 0.9},
               {"feature": "open tickets", "value": 0, "effect": -0.2}]  # fmt: skip
    revenue = observed.current["annual_revenue"].fillna(0.0)
    scores = pd.DataFrame(
        {"account_id": ids, "name": observed.current["name"], "owner": observed.current["owner"],
         "churn_probability": [0.02 + (place % 20) / 40 for place in range(len(ids))],
         "upsell_probability": 0.1, "annual_revenue": revenue, "upsell_value": 0.2 * revenue,
         "reasons": json.dumps(reasons)}
    )  # fmt: skip
    placed = place_strangers(scores, settings=settings)
    planned = plan(placed, settings=settings, as_of=observed.as_of)
    alerts = pd.DataFrame(
        {
            "account_id": [ids.iloc[0]],
            "reason": ["usage fell"],
            "action": ["call"],
            "opened_on": ["2025-12-29"],
        }
    )
    past = Past(made=made_touches(settings, as_of=observed.as_of), alerts=alerts)
    given = ToPlan(placed, observed.as_of, observed.as_of, past, observed)
    worklist = make_worklist(planned, given, settings=settings)
    folder = tmp_path_factory.mktemp("lists") / "worklist"
    write_worklist(worklist, folder)
    return worklist, folder


def test_an_agenda_tells_worries_changes_questions_and_steps(from_book):
    """C4: from reasons, changes since the last contact, open tickets, and the play."""
    worklist, _ = from_book
    agendas = list(worklist.agendas.values())
    assert agendas
    assert all(agenda.worries == ("usage trend, 90 days: down\u00a034\u00a0%",) for agenda in agendas)
    assert all(agenda.good_signs == ("open tickets: 0",) for agenda in agendas)
    assert all(3 <= len(agenda.questions) <= 5 for agenda in agendas)
    assert all(agenda.steps and agenda.goal for agenda in agendas)
    assert any(agenda.changes and agenda.since for agenda in agendas)
    assert any(agenda.tickets for agenda in agendas)
    assert any(agenda.renewal for agenda in agendas)


def test_open_tickets_are_those_of_the_table(from_book, sample_files):
    worklist, _ = from_book
    tickets = pd.read_csv(sample_files / "tickets.csv", parse_dates=["opened_at", "closed_at"])
    day = pd.Timestamp(worklist.as_of)
    is_open = (tickets["opened_at"] < day) & ~(tickets["closed_at"] < day)
    n_open = tickets[is_open].groupby("account_id").size()
    for account, agenda in worklist.agendas.items():
        n = n_open.get(account, 0)
        assert agenda.tickets.startswith(f"{n}\u00a0open ticket") if n else agenda.tickets == ""


def test_contacts_are_still_there_and_sponsors_first(from_book, sample_files):
    """C9: role, language and preferred channel stand in the row; the plan's channel stays."""
    worklist, _ = from_book
    rows = worklist.rows
    assert rows["contact"].str.contains("sponsor").any()
    people = pd.read_csv(sample_files / "contacts.csv")
    gone = set(people.loc[pd.to_datetime(people["left_on"]) < pd.Timestamp(worklist.as_of), "contact_id"])
    assert not {contact.split(" ")[0] for contact in rows["contact"]} & gone
    other = rows[rows["remarks"].str.contains("prefers")]
    assert len(other)
    assert set(other["channel"]) <= {"call", "email", "in_person", "review"}


@pytest.mark.browser
def test_the_pages_open_in_a_browser_without_a_word(from_book, chromium):
    """On a desk, on a phone and on paper, offline."""
    _, folder = from_book
    for path in sorted(folder.glob("*.html"))[:3]:
        for width in (1280, 390):
            page = chromium.new_page(viewport={"width": width, "height": 900})
            said, asked = [], []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(path.as_uri())
            root = "document.documentElement"
            assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0
            assert page.locator("h1").count() == 1
            assert page.locator("article.task").count() >= 1
            assert (said, asked) == ([], [path.as_uri()])
            page.close()


@pytest.mark.browser
def test_hostile_pages_harm_nothing_and_fit(usual, chromium):
    for path in sorted(usual.glob("*.html")):
        page = chromium.new_page(viewport={"width": 390, "height": 900})
        page.goto(path.as_uri())
        assert page.evaluate("window.harmed === undefined")
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        )
        page.close()
