import tomllib

from standfast.sample.preset import settings_text


def test_the_settings_name_every_table_and_the_teams_hours():
    files = {"accounts": "accounts.csv", "usage": "usage.parquet"}
    settings = tomllib.loads(settings_text(files, hours=400))
    assert settings["book"] == {"name": "sample", **files}
    assert "hours" not in settings["capacity"], "the hours are those of each owner in team.csv"
    assert settings["units"]["revenue_period"] == "year"
    assert settings["horizon"]["horizon_days"] == 90


def test_every_section_has_a_comment_that_says_what_its_numbers_are():
    text = settings_text({"accounts": "accounts.csv"}, hours=400)
    assert text.count("#") >= 6
