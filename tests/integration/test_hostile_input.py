"""Whatever comes in, the answer is one line and exit code 1, and never half a file."""

import os
import resource
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.integration

HEADER = b"id,plan,usage,tickets,mrr\n"
BAD_FILES = {
    "empty": (b"", "is empty"),
    "header only": (HEADER, "holds no rows"),
    "binary junk": (bytes(range(256)) * 40, "is not a CSV file"),
    "utf-16": (HEADER.decode().encode("utf-16"), "UTF-16"),
    "a stray cell": (HEADER + b"a,pro,1,1,1,1,1\n", "line 2: 7 cells where the header has 5"),
    "an open quote": (HEADER + b'"a,pro,1,1,1\nb,pro,1,1,1\n', "line 2"),
    "a column twice": (b"id," + HEADER + b"a,a,pro,1,1,1\n", "several columns called ['id']"),
}
SCORES = pd.DataFrame(
    {
        "account_id": ["a", "b", "c"],
        "churn_probability": [0.5, 0.3, 0.1],
        "upsell_probability": [0.1, 0.2, 0.3],
        "annual_revenue": [90_000.0, 50_000.0, 20_000.0],
        "upsell_value": [9_000.0, 5_000.0, 2_000.0],
    }
)


def refused(cli, leftovers, folder, *command, exit_code=1):
    """Run a command that must fail; it may leave no file behind."""
    before = leftovers(folder)
    answer = cli(*command)
    assert answer.exit_code == exit_code, answer
    assert leftovers(folder) == before
    return answer.complaint if exit_code == 1 else answer.stderr


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize(
    "command", [("score", "-o", "o.csv"), ("plan", "-o", "o.csv"), ("init", "-o", "o.toml")]
)
def test_a_file_that_is_no_table_is_named(cli, flat_folder, leftovers, name, command):
    content, said = BAD_FILES[name]
    Path("bad.csv").write_bytes(content)
    complaint = refused(cli, leftovers, flat_folder, command[0], "bad.csv", *command[1:])
    assert "bad.csv" in complaint
    assert said in complaint


@pytest.mark.parametrize("command", ["check", "train"])
@pytest.mark.parametrize("name", ["empty", "header only", "binary junk"])
def test_a_book_that_is_no_table_is_named(cli, flat_folder, leftovers, name, command):
    Path("customers.csv").write_bytes(BAD_FILES[name][0])
    assert BAD_FILES[name][1] in refused(cli, leftovers, flat_folder, command)


@pytest.mark.parametrize(
    ("path", "said"),
    [("models", "is a folder"), ("nowhere.csv", "there is no file"), ("standfast.toml", "must end in .csv")],
)
@pytest.mark.parametrize("command", ["score", "plan"])
def test_what_is_not_a_table_file_is_refused(cli, flat_folder, leftovers, *, command, path, said):
    assert said in refused(cli, leftovers, flat_folder, command, path)


def test_a_broken_parquet_file_is_named(cli, flat_folder, leftovers):
    Path("x.parquet").write_bytes(b"PAR1 and then nothing")
    assert "cannot be read as Parquet" in refused(cli, leftovers, flat_folder, "score", "x.parquet")


def change(column, rows, value):
    customers = pd.read_csv("customers.csv", dtype=str, keep_default_na=False)
    customers.loc[rows, column] = value
    customers.to_csv("customers.csv", index=False)


@pytest.mark.parametrize("command", [("check",), ("train",), ("score",), ("score", "customers.csv")])
def test_accounts_that_come_twice_are_named(cli, flat_folder, leftovers, command):
    change("id", [5, 9], ["A-0001", "A-0002"])
    complaint = refused(cli, leftovers, flat_folder, *command)
    assert "2 account ids more than once: A-0001, A-0002" in complaint


@pytest.mark.parametrize("command", [("check",), ("train",), ("score", "customers.csv")])
def test_a_third_label_value_is_listed_with_the_others(cli, flat_folder, leftovers, command):
    change("left", slice(5, 9), "Maybe")
    complaint = refused(cli, leftovers, flat_folder, *command)
    assert "'Maybe' (5)" in complaint
    assert "'No'" in complaint
    assert "[labels] churned" in complaint


@pytest.mark.parametrize("command", ["check", "train"])
def test_a_label_of_one_class_is_refused_by_name(cli, flat_folder, leftovers, command):
    change("left", slice(None), "No")
    assert "one_class:churned" in refused(cli, leftovers, flat_folder, command)


@pytest.mark.parametrize("command", ["check", "train"])
def test_a_label_column_that_the_settings_name_and_the_table_lacks_is_named(
    cli, flat_folder, leftovers, command
):
    pd.read_csv("customers.csv").drop(columns="left").to_csv("customers.csv", index=False)
    assert "churned = 'left'" in refused(cli, leftovers, flat_folder, command)


@pytest.mark.parametrize(
    ("column", "command"), [("mrr", "train"), ("id", "train"), ("usage", "score"), ("mrr", "score")]
)
def test_a_missing_column_is_named(cli, flat_folder, leftovers, column, command):
    pd.read_csv("customers.csv").drop(columns=column).to_csv("x.csv", index=False)
    if command == "train":
        Path("x.csv").replace("customers.csv")
    complaint = refused(cli, leftovers, flat_folder, command, *([] if command == "train" else ["x.csv"]))
    assert repr(column) in complaint or f"{column}: a number in training, not there now" in complaint


def test_a_table_without_features_is_refused_by_check_as_by_train(cli, flat_folder, leftovers):
    settings = Path("standfast.toml")
    settings.write_text(
        settings.read_text()
        .replace("[units]", 'ignore = ["plan", "usage", "tickets", "mrr"]\n[units]')
        .replace('annual_revenue = "mrr"\n', "")
    )
    for command in ("check", "train"):
        assert "no column to learn from" in refused(cli, leftovers, flat_folder, command)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[capacity]", "[capacty]", "'capacty'; the nearest known key is 'capacity'"),
        ("hours = 100", "hour = 100", "[capacity] 'hour'; the nearest known key is 'hours'"),
        ("hours = 100", "hours = -1", "capacity.hours = -1 is impossible"),
        ("hours = 100", "hours = nan", "capacity.hours = nan is impossible"),
        ("hours = 100", 'hours = "many"', "capacity.hours = 'many' is impossible"),
        ('"month"', '"decade"', "units.revenue_period = 'decade' is impossible"),
        ("[book]", "[book", "is not valid TOML"),
        ('account_id = "id"', "account_id = 3", "columns.account_id = 3"),
        ('account_id = "id"', 'account_id = "mrr"', "gives 'mrr' to account_id and annual_revenue"),
        ('accounts = "customers.csv"', "", "names no accounts table"),
    ],
)
def test_settings_that_cannot_be_meant_are_shown(cli, flat_folder, leftovers, *, old, new, said):
    settings = Path("standfast.toml")
    settings.write_text(settings.read_text().replace(old, new))
    assert said in refused(cli, leftovers, flat_folder, "check")


def test_settings_of_binary_junk_or_that_are_missing_are_named(cli, flat_folder, leftovers):
    Path("junk.toml").write_bytes(b"\xff\xfe\x00")
    assert "junk.toml is not valid TOML" in refused(
        cli, leftovers, flat_folder, "check", "--settings", "junk.toml"
    )
    complaint = refused(cli, leftovers, flat_folder, "check", "--settings", "none.toml")
    assert "none.toml cannot be read" in complaint
    assert "standfast init" in complaint


@pytest.mark.parametrize("command", ["check", "train", "snapshots", "run"])
def test_no_settings_at_all_point_to_init_and_sample(cli, leftovers, tmp_path, command):
    complaint = refused(cli, leftovers, tmp_path, command)
    assert "standfast init" in complaint
    assert "standfast sample" in complaint


@pytest.mark.parametrize("hours", ["-1", "nan", "inf"])
def test_impossible_hours_are_shown(cli, flat_folder, leftovers, hours):
    SCORES.to_csv("s.csv", index=False)
    assert "--hours" in refused(cli, leftovers, flat_folder, "plan", "s.csv", "--hours", hours)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("churn_probability", 1.2, "must lie between 0 and 1"),
        ("upsell_probability", -0.1, "must lie between 0 and 1"),
        ("churn_probability", "50%", "'50%'"),
        ("annual_revenue", -5, "must be 0 or more"),
        ("annual_revenue", "inf", "must be 0 or more and finite"),
        ("account_id", "", "account_id is empty"),
        ("account_id", "b", "['b']"),
    ],
)
def test_impossible_scores_are_shown_with_their_column(cli, flat_folder, leftovers, *, column, value, said):
    scores = SCORES.astype(object)
    scores.loc[0, column] = value
    scores.to_csv("s.csv", index=False)
    complaint = refused(cli, leftovers, flat_folder, "plan", "s.csv")
    assert column in complaint
    assert said in complaint


@pytest.mark.parametrize("column", list(SCORES.columns))
def test_a_column_the_plan_needs_is_named_when_missing(cli, flat_folder, leftovers, column):
    SCORES.drop(columns=column).to_csv("s.csv", index=False)
    assert f"lack columns ['{column}']" in refused(cli, leftovers, flat_folder, "plan", "s.csv")


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("folder.csv", "it is a folder"),
        ("plan.xlsx", "is written as .csv or .parquet"),
        ("customers.csv/x.csv", "cannot write"),
        ("/proc/x.csv", "cannot write"),
        ("customers.csv", "would be replaced"),
        ("s.csv", "would be replaced"),
    ],
)
@pytest.mark.parametrize("command", ["score", "plan"])
def test_a_place_that_cannot_or_must_not_be_written_is_named(
    cli, flat_folder, leftovers, *, command, output, said
):
    Path("folder.csv").mkdir()
    SCORES.to_csv("s.csv", index=False)
    source = "s.csv" if command == "plan" or output == "s.csv" else "customers.csv"
    assert said in refused(cli, leftovers, flat_folder, command, source, "-o", output)


def test_a_missing_output_folder_is_made(cli, flat_folder):
    assert cli("score", "-o", "new/deep/scores.csv").exit_code == 0
    assert {path.name for path in Path("new/deep").iterdir()} == {"scores.csv", "scores.csv.rejected.csv"}


def test_run_refuses_a_file_as_its_folder_before_it_trains(cli, flat_folder, leftovers):
    assert "is a file" in refused(cli, leftovers, flat_folder, "run", "--out", "customers.csv")


@pytest.mark.parametrize(
    "command", [("score", "-o", "o.parquet"), ("score", "-o", "o.csv"), ("report", "-o", "o.html")]
)
def test_a_full_disk_keeps_what_was_there(cli, flat_folder, leftovers, command):
    """The limit on a file's size stands for a disk that is full: the same error from the same call."""
    target = flat_folder / command[-1]
    target.write_text("what was there")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        complaint = refused(cli, leftovers, flat_folder, *command)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "free some space" in complaint
    assert target.read_text() == "what was there"


def test_rows_with_unreadable_cells_are_rejected_with_their_reason(cli, flat_folder):
    for row, (column, value) in enumerate(
        [("mrr", "lots"), ("usage", "high"), ("id", ""), ("mrr", "inf"), ("usage", "inf"), ("mrr", "1,234.5")]
    ):
        change(column, [row], value)
    answer = cli("score", "-o", "scores.csv")
    assert "1,500 rows in = 1,494 scored + 6 rejected" in answer.stdout
    rejected = pd.read_csv("scores.csv.rejected.csv")
    assert list(rejected.columns) == ["row", "account_id", "why"]
    assert rejected["row"].tolist() == [1, 2, 3, 4, 5, 6]
    assert rejected["why"].str.contains("lots|high|account_id is empty|inf|1,234.5").all()
    assert len(pd.read_csv("scores.csv")) == 1494


def test_words_for_nothing_and_negative_revenue_are_unknown_not_rejected(cli, flat_folder):
    for row, (column, value) in enumerate([("mrr", "n/a"), ("usage", "NULL"), ("mrr", "-12"), ("mrr", "")]):
        change(column, [row], value)
    assert "1,500 scored + 0 rejected" in cli("score", "-o", "scores.csv").stdout
    scores = pd.read_csv("scores.csv")
    assert scores["annual_revenue"].isna().tolist()[:5] == [True, False, True, True, False]
    assert scores.loc[0, ["reward", "cell", "segment"]].isna().all()
    assert scores["churn_probability"].notna().all()


def test_a_table_of_which_no_row_can_be_scored_is_an_error(cli, flat_folder, leftovers):
    change("usage", slice(None), "high")
    complaint = refused(cli, leftovers, flat_folder, "score", "customers.csv", "-o", "o.csv")
    assert "none of 1500 rows could be scored" in complaint


@pytest.mark.parametrize("n_rows", [1, 5])
def test_a_tiny_table_is_scored(cli, flat_folder, n_rows):
    pd.read_csv("customers.csv").head(n_rows).to_csv("x.csv", index=False)
    assert f"{n_rows} rows in = {n_rows} scored" in cli("score", "x.csv", "-o", "o.csv").stdout


@pytest.mark.parametrize("n_rows", [1, 5])
def test_a_tiny_table_is_no_book_to_learn_from(cli, flat_folder, leftovers, without_record, n_rows):
    Path("models/champion").unlink()
    pd.read_csv("customers.csv").head(n_rows).to_csv("customers.csv", index=False)
    assert refused(cli, leftovers, flat_folder, "train")


def test_columns_named_like_ours_are_features_like_any_other(cli, flat_folder, without_record):
    ours = ["why", "cell", "churn_probability", "account_id", "priority", "reasons", "row", "model_version"]
    customers = pd.read_csv("customers.csv")
    customers.assign(**{name: range(len(customers)) for name in ours}).to_csv("customers.csv", index=False)
    Path("models/champion").unlink()
    assert cli("train").exit_code == 0
    assert cli("score", "--reasons").exit_code == 0
    scores = pd.read_parquet("scores.parquet")
    assert scores["account_id"].tolist() == customers["id"].tolist()
    assert scores["churn_probability"].between(0, 1).all()
    assert cli("plan", "scores.parquet").exit_code == 0


def test_two_thousand_columns_that_no_model_knows_change_no_score(cli, flat_folder):
    customers = pd.read_csv("customers.csv").head(20)
    more = pd.DataFrame(np.ones((20, 2000)), columns=[f"n{i}" for i in range(2000)])
    pd.concat([more, customers], axis=1).to_csv("wide.csv", index=False)
    customers.to_csv("narrow.csv", index=False)
    cli("score", "wide.csv", "-o", "wide_scores.csv")
    cli("score", "narrow.csv", "-o", "narrow_scores.csv")
    assert Path("wide_scores.csv").read_bytes() == Path("narrow_scores.csv").read_bytes()


def test_ids_that_are_numbers_dates_or_very_long_come_through_as_text(cli, flat_folder):
    customers = pd.read_csv("customers.csv").head(3)
    for ids, text in (
        ([7, 8, 9], ["7", "8", "9"]),
        ([7.0, 8.0, np.nan], ["7", "8"]),
        (
            pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03"]),
            ["2024-01-01", "2024-01-02", "2024-01-03"],
        ),
        (["x" * 20_000, "y", "z"], ["x" * 20_000, "y", "z"]),
    ):
        customers.assign(id=ids).to_parquet("x.parquet")
        cli("score", "x.parquet", "-o", "o.parquet")
        assert pd.read_parquet("o.parquet")["account_id"].tolist() == text


def test_what_travels_to_the_plan_is_a_number_or_unknown(cli, flat_folder):
    pd.read_csv("customers.csv").head(4).assign(
        gross_margin=["0.5", "", "n/a", "0.9"],
        auto_renew=["yes", "No", "perhaps", ""],
        sponsor_engagement=["0.5", "warm", "", "1"],
    ).to_csv("x.csv", index=False)
    assert cli("score", "x.csv", "-o", "o.parquet").exit_code == 0
    scores = pd.read_parquet("o.parquet")
    assert scores["gross_margin"].fillna(-1).tolist() == [0.5, -1, -1, 0.9]
    assert scores["auto_renew"].fillna(-1).tolist() == [1, 0, -1, -1]
    assert scores["sponsor_engagement"].fillna(-1).tolist() == [0.5, -1, -1, 1]
    assert cli("plan", "o.parquet").exit_code == 0


def test_a_margin_beyond_one_and_a_date_that_is_none_reject_their_rows_only(cli, flat_folder):
    pd.read_csv("customers.csv").head(4).assign(
        gross_margin=["0.5", "5", "0.5", "0.5"], observation_date=["2024-01-01", "2024-01-01", "soon", ""]
    ).to_csv("x.csv", index=False)
    assert "4 rows in = 2 scored + 2 rejected" in cli("score", "x.csv", "-o", "o.csv").stdout
    why = pd.read_csv("o.csv.rejected.csv")["why"].tolist()
    assert "gross_margin: '5'" in why[0]
    assert "observation_date: 'soon'" in why[1]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write and read everywhere")
def test_a_folder_without_rights_is_one_clear_error(cli, flat_folder, leftovers):
    Path("locked").mkdir(mode=0o500)
    assert "cannot write" in refused(cli, leftovers, flat_folder, "score", "-o", "locked/o.csv")


@pytest.mark.parametrize(
    "command", [["score", "--bogus"], ["bogus"], ["explain"], ["plan", "a", "b"], ["plan", "--hours", "many"]]
)
def test_wrong_usage_ends_with_two(cli, flat_folder, leftovers, command):
    assert "Usage:" in refused(cli, leftovers, flat_folder, *command, exit_code=2)
