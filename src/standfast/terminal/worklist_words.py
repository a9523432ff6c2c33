"""What ``standfast worklist`` says, for a person."""

from typing import TYPE_CHECKING

from standfast.report.wording import count, counted, hours, money
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    from standfast.pipelines.monday import WorklistOutcome


def show_worklist(written: "WorklistOutcome") -> None:
    """Say who has how much to do, and where the lists are."""
    worklist = written.worklist
    print_table(
        f"Monday lists of {worklist.book_name}",
        (
            "owner",
            "touches this week",
            "hours this week",
            "touches",
            "hours",
            "of",
            "worth, cautious",
            "as planned",
        ),
        [
            (
                row["owner"],
                count(row["touches_this_week"]),
                hours(row["hours_this_week"]),
                count(row["touches_planned"]),
                hours(row["hours_planned"]),
                hours(row["hours_there"]),
                money(row["conservative_value"]),
                money(row["expected_value"]),
            )
            for row in written.by_owner.to_dict("records")
        ],
    )
    if worklist.as_of is None:
        why = "the book has no dates, so the lists are in order, without days and calendars"
        print_lines([f"{why}; give the day they begin with --as-of"])
    within = (
        f"due within {counted(written.days, 'day')}" if written.days else f"of {worklist.horizon_days} days"
    )
    listed = f"{counted(written.n_touches, 'touch', 'touches')} {within}"
    print_lines([f"{listed}: {counted(len(written.files), 'file')} in {written.folder}"])
