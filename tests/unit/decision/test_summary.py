"""The summary as plain values."""

import json


def test_a_summary_is_plain_enough_for_json(make_book, plan_book):
    plain = plan_book(make_book(30)).summary.to_dict()
    again = json.loads(json.dumps(plain, allow_nan=False))
    assert again["by_owner"][0]["owner"] == "team"
    assert {"capacity", "used", "lambda_"} <= set(again["by_owner"][0])
    assert again["n_email_only"] == 0
