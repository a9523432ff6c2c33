"""The model card says what a version learned from, how good it is, where it is weak and how to use it."""

from dataclasses import replace

from standfast.report.gate_plot import drawable, plot_gate
from standfast.report.gate_view import gate_lines, gate_listing, gate_markdown
from standfast.report.model_card import CardModel, ModelCard, card_markdown

GATE = [
    {
        "name": "auc", "model": "churn", "question": "orders accounts no worse", "answer": "fail",
        "sentence": "AUC less the champion's -0.1 | worse", "figure": [-0.1, -0.2, -0.05],
    },
    {
        "name": "level", "model": "upsell", "question": "promises as many as come", "answer": "pass",
        "sentence": "within chance", "figure": None,
    },
]  # fmt: skip
MODEL = CardModel(
    word="churn", rung="logistic", grade="C", how="out of time", period="2024-06-01", n_rows=400,
    n_accounts=200, n_events=40, base_rate=0.1, metrics={"auc": (0.7, 0.6, 0.8), "ece": (0.02, 0.03, 0.05)},
    warnings=("only 40 events",),
    groups=(
        {"group": "industry A|B", "n": 90, "events": 20, "rate": 0.2, "said": 0.18, "auc": (0.6, 0.5, 0.7)},
    ),
)  # fmt: skip
DATA = {
    "n_dates": 4, "first_date": "2024-01-01", "last_date": "2024-06-01", "n_rows": 800, "n_accounts": 200,
    "fingerprint": "abc",
}  # fmt: skip
CARD = ModelCard(
    book="Acme <b>", standfast="1.0", data=DATA, horizon_days=90, lead_days=0, models=[MODEL],
    notes=["a note"], gate=GATE, columns=["usage"],
)  # fmt: skip


def test_the_card_names_data_period_figures_intervals_parts_limits_and_use():
    told = card_markdown(CARD)
    for said in (
        "4 observation dates from 2024-01-01 to 2024-06-01", "## churn: grade C", "out of time on 2024-06-01",
        "| AUC | 0.7000 | 0.6000 to 0.8000 |", "only 40 events", "0.600 (0.500 to 0.700)", "- a note",
        "models:/standfast@champion",
    ):  # fmt: skip
        assert said in told


def test_what_a_user_called_things_breaks_no_table_and_is_no_markup():
    told = card_markdown(CARD)
    assert "Acme &lt;b>" in told
    assert "industry A\\|B" in told


def test_a_book_without_dates_or_large_groups_says_so():
    flat = replace(CARD, data={**DATA, "first_date": None}, models=[replace(MODEL, groups=(), period="")])
    told = card_markdown(flat)
    assert "one flat table, without dates" in told
    assert "No part of the book has enough events" in told


def test_the_table_of_the_gate_has_a_row_per_question_and_a_dash_where_none_was_asked():
    listing = gate_listing(GATE)
    assert listing.columns == ("the gate asks", "churn", "upsell")
    assert listing.rows[0][1:] == ("fail", "\u2013")
    assert gate_lines(GATE) == [
        "churn fails: orders accounts no worse (AUC less the champion's -0.1 | worse)"
    ]


def test_differences_to_the_champion_are_drawn_alone_and_those_to_rules_where_there_is_no_champion():
    rule = {**GATE[0], "name": "recency"}
    assert drawable([*GATE, rule]) == GATE[:1]
    assert drawable([rule]) == [rule]
    assert plot_gate(GATE).axes


def test_the_gate_s_markdown_begins_with_the_verdict():
    told = gate_markdown(GATE, "the champion stays")
    assert "**the champion stays**" in told
    assert "\\| worse" in told
