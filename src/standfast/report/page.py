"""One self-contained HTML page: no script, no address but its own, the same bytes for the same content."""

from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from standfast.report import data_view, headline, tables, wording
from standfast.report.backtest_view import backtest_view
from standfast.report.caveats import caveats
from standfast.report.content import PageLimits, ReportContent
from standfast.report.forecast_view import forecast_view
from standfast.report.gate_view import gate_lines, gate_listing
from standfast.report.matrix_view import grid, risk_rows, tiers_of
from standfast.report.monitor_view import monitor_view
from standfast.report.pictures import hours_picture
from standfast.report.plan_view import owner_lists
from standfast.report.quality_view import qualities


def build_report(content: ReportContent, *, limits: PageLimits | None = None) -> str:
    """Give the whole report as HTML text that opens offline, on a phone and on paper."""
    limits = limits or PageLimits()
    summary = content.plan_summary
    page = environment().get_template("report.html").render(
        content=content,
        summary=summary,
        title=headline.title(content),
        lead=headline.lead(content),
        tiles=headline.tiles(content),
        grid=grid(content.matrix),
        value_tiers=tiers_of(content.matrix)[1],
        risk_rows=risk_rows(content.scores),
        forecast=forecast_view(summary.get("forecast")),
        owners=owner_lists(content, limits=limits),
        automated=headline.automated_note(content.plan) if content.plan is not None else "",
        hours_told=headline.hours_told(content),
        hours_pictures=hours_picture(list(summary.get("by_owner") or ())),
        owner_table=tables.owner_rows(summary, limits=limits),
        cut=tables.cut_rows(summary),
        left=tables.left_rows(summary),
        segments=tables.segment_rows(content.segments),
        shows_cost="ltv_to_cac" in content.segments,
        least_ratio=wording.figure(content.least_ltv_to_cac, 1),
        named=tables.named_rows(content.named),
        qualities=qualities(content, limits=limits),
        model_notes=content.model_notes,
        gate=gate_listing(content.gate),
        gate_lines=gate_lines(content.gate),
        backtest=backtest_view(content.backtest),
        monitor=monitor_view(content.monitor),
        caveats=caveats(content),
        findings=data_view.finding_listing(content.findings, most=limits.detail_rows),
        book_tables=data_view.table_listing(content.data.get("tables", ())),
        book_dates=data_view.date_listing(content.data.get("dates", ())),
        left_out=data_view.left_out_line(content.data.get("dates", ())),
        made=tables.made_rows(content),
    )  # fmt: skip
    return page.rstrip() + "\n"


@cache
def environment() -> Environment:
    """Give the templates, with strict escaping and the words of the house."""
    environment = Environment(
        loader=PackageLoader("standfast.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=wording.as_text,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "money": wording.money,
        "percent": wording.percent,
        "count": wording.count,
        "hours": wording.hours,
        "day": wording.day,
        "sentence": wording.sentence,
        "plain": wording.plain,
    }
    environment.globals["style"] = _style()
    return environment


def _style() -> Markup:
    text = resources.files("standfast.report").joinpath("assets/report.css").read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704  # our own file, no user text in it
