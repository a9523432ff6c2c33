"""What the command on overrides says, for a person."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from standfast.report.wording import is_known
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    from standfast.pipelines.override import Overrides


def show_overrides(told: "Overrides") -> None:
    """List overrides with the model's word beside the person's."""
    if told.rows.empty:
        print_lines(["nobody has overridden anything in this book"])
        return
    print_table(
        "Overrides",
        ("number", "account", "field", "a person", "the model", "until", "by", "state", "why"),
        [
            (row["override_id"], row["account_id"], row["field"], row["value"],
             _text(row["model_value"], row["field"]), str(row["until"])[:10], row["made_by"], _state(row),
             row["reason"])
            for row in told.rows.to_dict("records")
        ],
    )  # fmt: skip


def _state(row: Mapping[Any, Any]) -> str:
    return f"ended {str(row['ended_at'])[:10]}" if is_known(row["ended_at"]) else ""


def _text(value: object, field: str) -> str:
    """Give the model's word; of a probability as many digits as one reads."""
    if not is_known(value):
        return ""
    return f"{float(str(value)):.3g}" if field.endswith("probability") else str(value)
