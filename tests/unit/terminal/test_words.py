"""What each command says when it is done."""

from standfast.features.findings import Finding
from standfast.pipelines.check import CheckSummary
from standfast.pipelines.init import InitSummary
from standfast.pipelines.score import ScoreSummary
from standfast.pipelines.snapshots import SnapshotSummary
from standfast.terminal.words import show_check, show_init, show_score, show_snapshots


def test_score_says_what_became_of_the_rows(capsys):
    show_score(ScoreSummary(1500, 1494, 6, "s.csv", "s.csv.rejected.csv", "book-1", ("no upsell model",)))
    said = capsys.readouterr().out
    assert "1,500 rows in = 1,494 scored + 6 rejected (model book-1)" in said
    assert "s.csv.rejected.csv" in said
    assert "note: no upsell model" in said


def test_check_shows_each_finding_with_its_way_out_and_the_verdict(capsys):
    finding = Finding(
        name="leak:x", severity="error", explanation="x knows.", way_out="ignore it", column="x"
    )
    show_check(CheckSummary(("10 accounts",), (finding,), (), ("leak:x",), "training is refused", {}))
    said = capsys.readouterr().out
    for part in ("10 accounts", "leak:x", "x knows. ignore it", "training is refused"):
        assert part in said


def test_snapshots_say_how_many_labels_are_known(capsys):
    show_snapshots(SnapshotSummary("s.csv", 1000, 200, 5, {"churned": (30, 900)}))
    said = capsys.readouterr().out
    assert "wrote 1,000 snapshots of 200 accounts on 5 dates to s.csv" in said
    assert "churned: 30 of 900 known" in said


def test_init_shows_guesses_warnings_and_the_next_step(capsys):
    show_init(InitSummary("standfast.toml", ("account_id = id",), ("two labels",), ""))
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "account_id = id"
    assert said[1] == "careful: two labels"
    assert said[-1].endswith("standfast check")
