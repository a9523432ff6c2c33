"""Cells as other systems write them come out the same: dates, zones, units, ids; none is lost unsaid."""

import numpy as np
import pandas as pd
import pytest

from standfast.errors import InputError
from standfast.features.read_policy import Reading, ReadPolicy
from standfast.schema import TABLES

pytestmark = pytest.mark.integration


@pytest.fixture
def read(engine, tmp_path):
    """Read text, or a frame by way of Parquet, as a canonical table under a policy."""

    def reader(cells, table, *, units=None, **policy):
        path = tmp_path / f"export.{'csv' if isinstance(cells, str) else 'parquet'}"
        path.write_text(cells) if isinstance(cells, str) else cells.to_parquet(path)
        reading = Reading(policy=ReadPolicy(**policy), **(units or {}))
        loaded = engine.read_book_table(TABLES[table], path, columns={}, reading=reading)
        return loaded, loaded.table.to_pandas().sort_values("account_id", ignore_index=True)

    return reader


def lines(header, *rows):
    return "\n".join([header, *rows]) + "\n"


@pytest.mark.parametrize(
    ("order", "written"),
    [
        ("day_first", ["27/07/2023", "27-7-2023", "27.07.2023", "2023-07-27", "27/07/2023 00:00"]),
        ("month_first", ["07/27/2023", "7-27-2023", "07.27.2023", "2023-07-27", "7/27/2023, 11:59 PM"]),
        ("year_first", ["2023-07-27", "2023/07/27", "2023-7-27", "2023-07-27T23:59:59Z", "2023-07-27 00:00"]),
    ],
)
def test_days_are_read_in_the_order_they_are_written_in(read, order, written):
    text = lines("account_id,day", *(f'{n},"{day}"' for n, day in enumerate(written)))
    loaded, rows = read(text, "usage", date_order=order)
    assert rows["day"].tolist() == [pd.Timestamp("2023-07-27")] * len(written)
    assert not loaded.reasons


def test_two_formats_in_one_column_are_set_aside_with_a_hint_and_none_is_guessed(read):
    """05/06/2023 may be a day in May or in June: it is never read unless the settings say how."""
    text = lines(
        "account_id,opened_at,closed_at",
        "a,2023-07-27 10:00,27/07/2023", "b,05/06/2023,",
        "c,13.06.2023 10:00,", ",06/06/2023,", "e,soon,later",
    )  # fmt: skip
    loaded, rows = read(text, "tickets")
    assert rows["account_id"].tolist() == ["a"]
    assert (loaded.n_rows, loaded.n_used) == (5, 1)
    assert loaded.reasons == {
        "row set aside: no readable account_id": 1,
        "row set aside: no readable opened_at": 1,
        "row set aside: opened_at is written like 27/07/2023 (say date_order under [read.tickets])": 2,
        "cell left empty: closed_at is not of the form dates or times (2024-01-31 14:00)": 1,
        "cell left empty: closed_at is written like 27/07/2023 (say date_order under [read.tickets])": 1,
    }
    set_aside = sum(n for reason, n in loaded.reasons.items() if reason.startswith("row set aside"))
    assert loaded.n_rows == loaded.n_used + set_aside


def test_a_day_that_the_order_makes_impossible_is_set_aside_with_that_order(read):
    loaded, rows = read(
        lines("account_id,day", "a,07/27/2023", "b,07/12/2023"), "usage", date_order="day_first"
    )
    assert rows["day"].tolist() == [pd.Timestamp("2023-12-07")]
    assert loaded.reasons == {
        "row set aside: day is written like 27/07/2023 (not day_first, as [read.usage] says)": 1
    }


def test_times_without_a_zone_are_of_the_zone_the_settings_name(read):
    text = lines(
        "account_id,opened_at",
        "a,2023-07-27 00:30", "b,2023-01-27 00:30", "c,2023-07-27 00:30+00:00",
        "d,2023-07-27", "e,2023-07-27 00:00",
    )  # fmt: skip
    _, rows = read(text, "tickets", time_zone="Europe/Berlin")
    assert rows["opened_at"].astype(str).tolist() == [
        "2023-07-26 22:30:00", "2023-01-26 23:30:00", "2023-07-27 00:30:00",
        "2023-07-27 00:00:00", "2023-07-26 22:00:00",
    ]  # fmt: skip


def test_the_day_of_a_time_is_that_of_utc_but_midnight_in_a_column_of_days_is_a_day(read):
    text = lines("account_id,day", "a,2023-07-27 00:30", "b,2023-07-27 00:00:00", "c,2023-07-27")
    _, rows = read(text, "usage", time_zone="Europe/Berlin")
    assert rows["day"].dt.day.tolist() == [26, 27, 27]
    stamps = pd.DataFrame(
        {"account_id": ["a", "b"], "day": pd.to_datetime(["2023-07-27 00:30", "2023-07-27 00:00"])}
    )
    assert read(stamps, "usage", time_zone="Europe/Berlin")[1]["day"].dt.day.tolist() == [26, 27]


def test_mixed_zones_all_move_to_utc_and_are_told(read):
    text = lines(
        "account_id,opened_at",
        "a,2023-07-27T10:00:00+02:00", "b,2023-07-27T10:00:00-0500", "c,2023-07-27 10:00:00 UTC",
        "d,2023-07-27",
    )  # fmt: skip
    loaded, rows = read(text, "tickets")
    assert rows["opened_at"].dt.hour.tolist() == [8, 15, 10, 0]
    (finding,) = loaded.findings
    assert (finding.name, finding.severity) == ("zones:tickets.opened_at", "note")
    assert "from -5 to +2 hours" in finding.explanation


def test_times_with_a_zone_beside_times_without_are_a_warning_that_counts_both(read):
    text = lines("account_id,opened_at", "a,2023-07-27T10:00:00Z", "b,2023-07-27 10:00", "c,2023-07-27 11:00")
    loaded, _ = read(text, "tickets", time_zone="Asia/Tokyo")
    (finding,) = loaded.findings
    assert (finding.name, finding.severity) == ("mixed_zones:tickets.opened_at", "warning")
    assert "1 times in opened_at of tickets say their zone, 2 do not and were read as Asia/Tokyo" in (
        finding.explanation
    )


def test_summer_and_winter_of_one_zone_are_no_finding(read):
    text = lines("account_id,opened_at", "a,2023-07-27T10:00:00+02:00", "b,2023-01-27T10:00:00+01:00")
    assert not read(text, "tickets")[0].findings


def test_seconds_and_milliseconds_since_1970_are_times_where_the_settings_say_so(read):
    text = lines(
        "account_id,opened_at", "a,1690416000", "b,1690416000123", "c,1690416000.5", "d,2023-07-27", "e,7"
    )
    loaded, rows = read(text, "tickets", timestamps="unix")
    moments = ["2023-07-27 00:00:00.000", "2023-07-27 00:00:00.123", "2023-07-27 00:00:00.500", "2023-07-27"]
    assert rows["opened_at"].tolist() == [pd.Timestamp(moment) for moment in moments]
    assert loaded.reasons == {"row set aside: no readable opened_at": 1}
    frame = pd.DataFrame({"account_id": ["a"], "opened_at": [1690416000]})
    assert read(frame, "tickets", timestamps="unix")[1]["opened_at"].tolist() == [pd.Timestamp("2023-07-27")]
    with pytest.raises(InputError, match=r'say timestamps = "unix" under \[read.tickets\]'):
        read(frame, "tickets")


def test_amounts_in_cents_are_whole_units(read):
    _, rows = read(lines("account_id,issued_on,amount", "a,2023-07-27,1999"), "invoices", cents=("amount",))
    assert rows["amount"].tolist() == [19.99]


def test_each_rows_interval_brings_its_amount_to_the_period_wanted(read):
    text = lines(
        "account_id,started_on,amount,interval,interval_count",
        "a,2023-01-01,10,month,1", "b,2023-01-01,120,Year,1", "c,2023-01-01,30,month,3",
        "d,2023-01-01,30,quarterly,1",
        "e,2023-01-01,10,one-off,1", "f,2023-01-01,10,,1",
        "g,2023-01-01,240,year,2", "h,2023-01-01,12,month,0",
    )  # fmt: skip
    how = {"interval": "interval", "interval_count": "interval_count", "units": {"periods_per_year": 12}}
    loaded, rows = read(text, "subscriptions", **how)
    assert rows["amount"].fillna(-1).tolist() == [10, 10, 10, 10, -1, -1, 10, -1]
    assert loaded.reasons == {"cell left empty: amount is without a known interval or interval_count": 3}
    (finding,) = loaded.findings
    assert finding.name == "interval:subscriptions"
    assert "'one-off' (1 rows)" in finding.explanation
    _, rows = read(text, "subscriptions", amount_period="year", **how)
    assert rows["amount"].fillna(-1).tolist() == [10, 10, 10, 10, -1, 10 / 12, 10, -1]


def test_a_table_may_be_in_another_period_than_the_others(read):
    text = lines("account_id,started_on,amount", "a,2023-01-01,100")
    per_year = read(text, "subscriptions", amount_period="month")[1]
    per_month = read(text, "subscriptions", amount_period="year", units={"periods_per_year": 12})[1]
    assert (per_year["amount"][0], per_month["amount"][0]) == (1200, pytest.approx(100 / 12))


def test_a_unit_price_is_multiplied_by_its_quantity(read):
    text = lines("account_id,started_on,amount,seats", "a,2023-01-01,5,3", "b,2023-01-01,5,")
    loaded, rows = read(text, "subscriptions", quantity="seats")
    assert rows["amount"].fillna(-1).tolist() == [15, -1]
    assert rows["seats"].fillna(-1).tolist() == [3, -1]
    assert loaded.reasons == {"cell left empty: amount is without a known seats": 1}


def test_currencies_are_converted_and_those_without_hundredths_are_no_cents(read):
    text = lines(
        "account_id,issued_on,amount,Currency",
        "a,2023-07-27,1000,usd", "b,2023-07-27,1000,EUR", "c,2023-07-27,1000,jpy", "d,2023-07-27,1000,",
    )  # fmt: skip
    how = {"cents": ("amount",), "currency": "Currency"}
    _, rows = read(text, "invoices", **how, units={"rates": {"eur": 1.08, "JPY": 0.007}})
    np.testing.assert_allclose(rows["amount"], [10, 10.8, 7, 10])


def test_money_without_a_rate_is_refused_with_the_currencies_met(read):
    text = lines(
        "account_id,issued_on,amount,cur", "a,2023-07-27,1,EUR", "b,2023-07-27,1,GBP", "c,2023-07-27,1,GBP"
    )
    with pytest.raises(InputError, match=r"GBP \(2 rows\), EUR \(1 rows\).*rates = \{GBP = ..., EUR = ...\}"):
        read(text, "invoices", currency="cur")


def test_currencies_that_nobody_converts_are_a_warning(read):
    text = lines("account_id,currency", "a,EUR", "b,USD", "c,usd")
    (finding,) = read(text, "accounts")[0].findings
    assert (finding.name, finding.severity) == ("currencies:accounts", "warning")
    assert "USD (2 rows), EUR (1 rows)" in finding.explanation
    assert not read(lines("account_id,currency", "a,usd"), "accounts")[0].findings


def test_a_column_that_the_settings_name_and_the_file_lacks_is_named_with_the_nearest(read):
    with pytest.raises(
        InputError, match=r"no column 'curency', which \[read.invoices\].*nearest is 'currency'"
    ):
        read(lines("account_id,issued_on,currency", "a,2023-07-27,EUR"), "invoices", currency="curency")


@pytest.fixture
def mapped(engine, read, tmp_path):
    """Read a table whose ids are those of a system, by a mapping given as text."""

    def reader(mapping, cells, table="invoices"):
        path = tmp_path / "identifiers.csv"
        path.write_text(mapping)
        engine.read_identifiers(path, system="stripe", called="identifiers.csv")
        return read(cells, table, identifier="stripe")

    return reader


def test_ids_of_another_system_are_mapped_and_those_nobody_mapped_meet_no_account(mapped):
    """Account 7 of the CRM is not customer 7 of the payment service."""
    mapping = lines("account_id,stripe,zendesk", "7,cus_1,", "7, cus_2 ,", "8,9,", ",cus_4,", "9,,z")
    rows = [f"{theirs},2023-07-27,{n}" for n, theirs in enumerate(["cus_1", "cus_2", "9", "7", "cus_4", ""])]
    loaded, found = mapped(mapping, lines("account_id,issued_on,amount", *rows))
    assert found.sort_values("amount")["account_id"].tolist() == ["7", "7", "8", "stripe:7", "stripe:cus_4"]
    assert (loaded.n_rows, loaded.n_used) == (6, 5)
    assert loaded.reasons == {"row set aside: no readable account_id": 1}


def test_an_id_of_two_accounts_is_refused_by_name(mapped):
    with pytest.raises(
        InputError, match=r"gives 1 ids of stripe to several accounts: 'cus_1' \('a' and 'b'\)"
    ):
        mapped(
            lines("account_id,stripe", "a,cus_1", "b,cus_1", "a,cus_2", "a,cus_2"), "account_id,issued_on\n"
        )


def test_a_mapping_without_the_system_is_refused(mapped):
    with pytest.raises(InputError, match=r"no column 'stripe'.*nearest is 'strip'"):
        mapped(lines("account_id,strip", "a,cus_1"), "account_id,issued_on\n")


def test_a_book_as_other_systems_write_it_gives_the_snapshots_of_the_clean_one(
    sample, snapshots, snapshots_of, tmp_path
):
    tables = {name: rows.copy() for name, rows in sample.tables.items()}
    theirs = {ours: f"cus_{n}" for n, ours in enumerate(tables["accounts"]["account_id"])}
    pd.DataFrame({"account_id": theirs.keys(), "stripe": theirs.values()}).to_csv(
        tmp_path / "identifiers.csv", index=False
    )
    held = tables["subscriptions"]
    held["account_id"] = held["account_id"].map(theirs)
    for column in ("started_on", "ended_on", "renews_on"):
        held[column] = held[column].map(lambda day: "" if pd.isna(day) else str(int(day.timestamp())))
    held["amount"] = (held["amount"] * 100 * 3).round().astype("int64")
    held["interval"], held["interval_count"] = "year", 3
    tickets = tables["tickets"]
    for column in ("opened_at", "closed_at"):
        local = tickets[column].dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo")
        tickets[column] = local.dt.strftime("%d.%m.%Y %H:%M:%S.%f").fillna("")
    answered = tables["surveys"]["answered_at"].dt.floor("s")
    tables["surveys"]["answered_at"] = answered.dt.strftime("%m/%d/%Y, %I:%M:%S %p")
    for name, rows in tables.items():
        rows.to_csv(tmp_path / f"{name}.csv", index=False)
    read = {
        "subscriptions": {
            "identifier": "stripe", "timestamps": "unix", "cents": ["amount"], "interval": "interval",
            "interval_count": "interval_count",
        },
        "tickets": {"date_order": "day_first", "time_zone": "Asia/Tokyo"},
        "surveys": {"date_order": "month_first"},
    }  # fmt: skip
    book = {name: f"{name}.csv" for name in tables} | {"identifiers": "identifiers.csv"}
    found = snapshots_of(tmp_path, book=book, read=read)
    pd.testing.assert_frame_equal(found, snapshots, check_exact=True)
