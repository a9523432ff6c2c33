"""What the page says of a replay of the past: words, tables and pictures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from standfast.report.backtest_plots import plot_places, plot_promised, plot_reach
from standfast.report.backtest_tables import date_line, date_listing, money_listing, place_listing
from standfast.report.backtest_words import backtest_sentences, reached_sentence, skipped_lines
from standfast.report.listing import Listing
from standfast.report.pictures import Picture, draw
from standfast.report.wording import percent

Told = Mapping[str, Any]


@dataclass(frozen=True)
class BacktestView:
    """All the page says of a backtest."""

    sentences: tuple[str, ...]
    places: Listing
    money: Listing
    dates: Listing
    skipped: tuple[str, ...]
    pictures: tuple[Picture, ...]


def backtest_view(told: Told | None) -> BacktestView | None:
    """Word and draw a backtest; None where there is none."""
    if not told:
        return None
    return BacktestView(
        tuple(backtest_sentences(told)),
        place_listing(told),
        money_listing(told),
        date_listing(told),
        tuple(skipped_lines(told)),
        tuple(_pictures(told)),
    )


def _pictures(told: Told) -> Iterator[Picture]:
    if not told["n_left"]:
        return
    if told["hours"] > 0:
        yield draw(
            plot_reach(told), name="backtest-reach", title="Churned revenue reached as hours are used",
            description=reached_sentence(told),
            caption="Yearly revenue of accounts that then left, reached as each list is worked through.",
        )  # fmt: skip
    yield draw(
        plot_places(told), name="backtest-places", title="Where those who left had stood",
        description="; ".join(
            f"{rule['words']}: {percent(rule['figures']['in_first_20'][0])} in the first fifth"
            for rule in told["rules"]
        ),
        caption="Where accounts that then left stood in each list: darker is nearer the top.",
    )  # fmt: skip
    if any("churn" in one["models"] for one in told["dates"]):
        yield draw(
            plot_promised(told), name="backtest-promised", title="Churn promised and come, by date",
            description="; ".join(
                f"{line[0]}: {line[4]} promised, {line[5]} came" for line in map(date_line, told["dates"])
            ),
            caption="Share of accounts said to leave, and that left, at each date. Bars: 90 % interval.",
        )  # fmt: skip
