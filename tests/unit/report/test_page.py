"""One self-contained page; S9, C2 and C10 on it; unknown is never read as healthy (U4)."""

import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from standfast.report.content import PageLimits
from standfast.report.page import build_report

VOID = {"meta", "link", "br", "hr", "img", "input"}


class _Reader(HTMLParser):
    """Collect tags, ids and the text a person sees; fail on a tag left open."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.ids, self.texts, self.links = [], [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        named = dict(attrs)
        if "id" in named:
            self.ids.append(named["id"])
        self.links += [value for name, value in attrs if name in {"href", "src", "xlink:href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if not {"style", "script"} & set(self.open):
            self.texts.append(text)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.texts))


def _read(content, **limits):
    return _Reader(build_report(content, limits=PageLimits(**limits)))


def test_the_page_is_well_formed_and_its_ids_are_unique(content):
    page = _read(content)
    assert page.open == []
    assert sorted(set(page.ids)) == sorted(page.ids)


def test_the_page_asks_no_one_for_anything_and_runs_nothing(content):
    page = build_report(content)
    reader = _Reader(page)
    assert "script" not in reader.tags
    assert {link for link in reader.links if not link.startswith(("#", "data:,"))} == set()
    addresses = set(re.findall(r"(?:https?:)?//[\w.]+[^\s\"'<>]*", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "url(" not in page.replace("url(#", "")
    assert "default-src 'none'" in page


def test_every_link_on_the_page_leads_somewhere_on_it(content):
    page = _read(content)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_the_same_content_gives_the_same_bytes(content):
    assert build_report(content) == build_report(content)


def test_names_are_shown_as_text_and_never_as_markup(content):
    page = build_report(content)
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for name in ("Müller & Söhne", "株式会社サンプル", "seats <used>", "=cmd()"):
        assert name in _Reader(page).text or name == "=cmd()"


@pytest.mark.parametrize("field", ["book_name", "currency", "model_version"])
def test_markup_in_any_single_text_is_escaped(bent, field):
    assert "<img" not in build_report(bent(**{field: "<img src=x onerror=alert(1)>"}))


def test_markup_in_tables_of_words_is_escaped(bent):
    evil = "<img src=x>"
    page = build_report(
        bent(
            glossary=[(evil, evil)],
            settings_summary=[(evil, evil)],
            findings=[{"severity": evil, "name": evil, "explanation": evil, "way_out": evil}],
            models=[{"target": evil, "top_features": [(evil, 0.5)], "warnings": [evil], "grade": evil}],
            plan_summary={"by_owner": [{"owner": evil, "capacity": 1.0, "used": 1.0, "n_accounts": 1}] * 2,
                          "left": {evil: 1}, "notes": [evil]},
        )
    )  # fmt: skip
    assert "<img" not in page


def test_the_cautious_worth_comes_before_the_planned_one(content):
    text = _read(content).text
    assert "Cautious estimate" in text
    assert text.index("4.1 k USD") < text.index("8.5 k USD")
    assert "estimates, not promises" in text


def test_the_page_tells_the_matrix_the_plan_and_the_rest_in_that_order(content):
    ids = [name for name in _read(content).ids if not name.startswith(("model-", "owner-", "hours"))]
    order = ["matrix", "plan", "segments", "models", "doubts", "findings", "glossary", "made"]
    assert [name for name in ids if name in order] == order


def test_no_unknown_figure_is_printed_as_nan_none_or_nat(bent, content):
    plan = content.plan.assign(expected_value=np.nan, conservative_value=np.nan, play=None)
    scores = content.scores.assign(churn_probability=np.nan, revenue_at_risk=np.nan, name=None)
    text = _read(bent(plan=plan, scores=scores, as_of=None, plan_summary={"hours_used": float("nan")})).text
    assert not re.search(r"\b(nan|None|NaT|<NA>)\b", text)


def test_a_book_without_revenue_has_no_plan_and_says_why(bent, content):
    empty = content.matrix.iloc[:0]
    page = _read(bent(plan=None, matrix=empty, segments=content.segments.iloc[:0],
                      plan_summary={"notes": ["the book has no annual_revenue"]}))  # fmt: skip
    assert "There is no plan" in page.text
    assert "The book has no annual_revenue." in page.text
    assert "no value to set against the risk" in page.text


def test_a_report_without_models_says_that_quality_is_unknown(bent):
    page = _read(bent(models=[], evaluations=[], findings=[], glossary=[], settings_summary=[], rows={}))
    assert "how good the probabilities are is unknown" in page.text
    assert "findings" not in page.ids


def test_a_book_of_one_account_is_told_in_the_singular(bent, content):
    page = _read(bent(scores=content.scores.iloc[:1], plan=content.plan.iloc[:1], plan_summary={}))
    assert "1 account is worth your team's time" in page.text.replace("\u00a0", " ")


def test_rows_in_are_told_as_scored_and_rejected(content):
    assert "5 in = 4 scored + 1 rejected" in _read(content).text


def _long_plan(content, n, n_owners):
    line = content.plan.iloc[[0]]
    plan = pd.concat([line] * n, ignore_index=True).assign(
        account_id=[f"ACC-{i:06d}-{'x' * 60}" for i in range(n)],
        owner=[f"Owner {i % n_owners}" for i in range(n)],
    )
    score = content.scores.iloc[[0]].drop(columns="name")
    scores = pd.concat([score] * n, ignore_index=True).assign(account_id=plan["account_id"])
    return {"plan": plan, "scores": scores}


def test_a_long_plan_is_cut_with_a_note_and_the_page_stays_small(bent, content):
    page = build_report(bent(**_long_plan(content, 5_000, 6)))
    assert page.count("<tr role") < 200
    assert "819 more in the plan file" in page or "818 more in the plan file" in page
    assert len(page) < 1_500_000


def test_too_many_owners_share_one_list(bent, content):
    page = _read(bent(**_long_plan(content, 600, 60)))
    assert "All owners" in page.text
    assert "560 more in the plan file" in page.text


def test_page_limits_are_honoured(content):
    assert "1 more in the plan file" in _read(content, owners_listed=1, lines_overall=2).text
