"""Log lines say what happened and where, and nothing of what was sent."""

import json
import logging
import sys

from standfast.service.log_lines import JsonLines


def line_of(error=None, **told):
    record = logging.makeLogRecord({"msg": "unforeseen", "levelno": 40, "levelname": "ERROR", **told})
    record.exc_info = (type(error), error, error.__traceback__) if error else None
    return json.loads(JsonLines().format(record))


def test_an_error_is_told_by_kind_and_place_with_its_causes_and_without_its_words():
    """Its message may hold a name, an account or a mail address."""
    try:
        try:
            {}["ann@example.com"]
        except KeyError as cause:
            raise ValueError("of ann@example.com") from cause
    except ValueError as error:
        told = line_of(error, route="/api/v1/score")
    assert "ann@example.com" not in json.dumps(told)
    assert [one for one in told["error"] if " in " not in one] == ["builtins.ValueError", "builtins.KeyError"]
    assert f"in {sys._getframe().f_code.co_name}" in told["error"][0]
    assert told["route"] == "/api/v1/score"


def test_a_line_without_an_error_tells_what_stands_beside_its_message():
    told = line_of(status=200, ms=1.5)
    assert (told["message"], told["level"], told["status"], told["ms"]) == ("unforeseen", "error", 200, 1.5)
    assert "error" not in told
