"""A CSM's Monday and a leader's planning, in a real browser against a real server."""

import threading
import time

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.integration]

PASSWORD = "correct horse battery staple"  # noqa: S105
PAGES = (
    "/", "/worklist?q=A-000", "/plan", "/accounts?q=A-000", "/account?id=A-0000", "/alerts", "/segments",
    "/campaigns", "/models", "/monitor", "/backtest", "/account?id=nobody", "/accounts?q=nobody",
)  # fmt: skip
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
FOUND_ALONE = {"resultTypes": ["violations"]}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def address(dated_app):
    """The address of a service on the dated book, run by uvicorn in a thread of its own."""
    import uvicorn

    app = dated_app
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def tab_of(chromium, address):
    """A function that signs somebody in and gives a tab that notes what it asks for and complains about."""
    contexts = []

    def opened(name, *, width=1280, **options):
        contexts.append(chromium.new_context(viewport={"width": width, "height": 900}, **options))
        tab = contexts[-1].new_page()
        tab.asked, tab.complaints = [], []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.on("console", lambda message: tab.complaints.append(message.text))
        tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.goto(f"{address}/login")
        tab.fill("#name", name)
        tab.fill("#password", PASSWORD)
        tab.keyboard.press("Enter")
        tab.wait_for_url(f"{address}/")
        return tab

    yield opened
    for context in contexts:
        context.close()


def words(text):
    return text.replace("\u00a0", " ")


def test_a_csms_monday(tab_of, address):
    """C10, U5, U3: see the list, do the first thing, put one off, say otherwise, take the list along."""
    tab = tab_of("cleo")
    tab.get_by_role("link", name="Worklist").click()
    assert words(tab.get_by_role("heading", level=1).inner_text()) == "Worklist of cleo"
    n_before = tab.locator("article.task").count()
    first = tab.locator("article.task").first
    account = first.locator("h3 a").get_attribute("href")
    first.get_by_text("Mark done").first.click()
    first.get_by_label("Minutes it took").fill("25")
    first.get_by_role("button", name="Mark done").click()
    assert "off your list" in tab.get_by_role("status").inner_text()
    assert tab.locator("article.task").count() == n_before - 1
    tab.locator("article.task").first.get_by_text("Put off").first.click()
    tab.locator("article.task").first.get_by_role("button", name="Put off").click()
    assert "comes back" in tab.get_by_role("status").inner_text()
    tab.goto(address + account)
    tab.get_by_text("Say otherwise than the model").click()
    tab.get_by_label("What you say").fill("0.6")
    tab.get_by_label("Why", exact=True).fill("They told us of a tender")
    tab.get_by_role("button", name="Say otherwise").click()
    assert "They told us of a tender" in tab.locator("main").inner_text()
    tab.get_by_role("button", name="End it").click()
    assert "ended by cleo" in tab.locator("main").inner_text()
    tab.goto(f"{address}/worklist")
    with tab.expect_download() as taken:
        tab.get_by_role("link", name="calendar").click()
    assert taken.value.suggested_filename == "worklist.ics"
    assert tab.complaints == []
    assert all(url.startswith(address) for url in tab.asked)


def test_a_leaders_planning(tab_of, address):
    """C2: the slider shows at once what is gained and cut; the address holds what was tried."""
    tab = tab_of("lea")
    tab.get_by_role("link", name="Plan", exact=True).click()
    assert "as it stands" in tab.locator("#tried").inner_text()
    tab.wait_for_load_state()  # the script that listens to the slider is there then
    slider = tab.get_by_label("Hours of the team")
    slider.focus()
    tab.keyboard.press("Home")
    tab.locator("#tried").get_by_text("This is tried only").wait_for()
    tab.wait_for_url("**/plan?hours=0&csms=0")
    tab.reload()
    assert "This is tried only" in tab.locator("#tried").inner_text()
    tab.get_by_role("link", name="Book", exact=True).click()
    cell = tab.locator("table.grid a.cell").first
    n_there = cell.locator(".many").inner_text().split()[0]
    cell.click()
    assert f"{n_there} of 1,500 accounts" in words(tab.locator("main").inner_text())
    assert tab.complaints == []


def test_the_pages_work_without_javascript(tab_of, address):
    tab = tab_of("lea", java_script_enabled=False)
    tab.goto(f"{address}/plan?hours=10&csms=1")
    assert "This is tried only" in tab.locator("#tried").inner_text()
    tab.get_by_role("button", name="Try it").click()
    assert "hours=10" in tab.url


def test_no_page_has_a_barrier_that_axe_finds_and_none_complains_or_runs_a_name(tab_of, address):
    """WCAG, with every fold open."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    tab = tab_of("lea")
    found = {}
    for path in PAGES:
        tab.goto(address + path)
        tab.evaluate(OPEN_ALL)
        barriers = axe.run(tab, options=FOUND_ALONE).response["violations"]
        found |= {path: [(one["id"], one["nodes"][0]["html"]) for one in barriers]} if barriers else {}
        assert tab.evaluate("window.harmed === undefined")
    assert found == {}
    assert [text for text in tab.complaints if "404" not in text] == []


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_scrolls_no_page_sideways(tab_of, address, width):
    tab = tab_of("cleo", width=width)
    for path in PAGES:
        tab.goto(address + path)
        tab.evaluate(OPEN_ALL)
        assert tab.evaluate(SIDEWAYS) <= 0, path


def test_the_keyboard_reaches_the_content_a_cell_and_a_form(tab_of, address):
    tab = tab_of("cleo")
    tab.goto(f"{address}/")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "cell"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert tab.evaluate(outline) == "solid"
    tab.goto(f"{address}/worklist")
    tab.locator("summary", has_text="Mark done").first.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.name") == "day"
