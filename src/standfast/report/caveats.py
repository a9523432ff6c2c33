"""What is uncertain, said on the page itself, so that no figure is trusted further than it carries."""

from standfast.report.content import ReportContent
from standfast.report.plan_words import sensitivity_told
from standfast.report.quality_view import event_of, weak_models
from standfast.report.wording import count, counted, is_known, percent

_EXPECTED = {"churned": "churn_probability", "expanded": "upsell_probability"}


def caveats(content: ReportContent) -> list[tuple[str, str]]:
    """Give each doubt a short name and a sentence, the general ones first."""
    return [
        *_practice(),
        *_response(content),
        *_missing_models(content),
        *_few_events(content),
        *_lost(content),
    ]


def _practice() -> list[tuple[str, str]]:
    told = (
        "Past accounts were contacted by your team. A probability says what happens if you go on as before: "
        "not what happens if nobody calls, and not what a call changes."
    )
    return [("Probabilities hold under past practice", told)]


def _response(content: ReportContent) -> list[tuple[str, str]]:
    if content.plan is None:
        return []
    rate = content.plan_summary.get("save_rate")
    kept = (
        f"that outreach keeps {percent(rate)} of those who would leave"
        if is_known(rate)
        else "a low save rate"
    )
    title, known = _known_of_response(content)
    told = f"The cautious worth assumes {kept} and sells nothing{known}"
    return [
        (
            title,
            f"{told} {sensitivity_told(content.plan_summary, content.currency)}".rstrip(),
        )
    ]


def _known_of_response(content: ReportContent) -> tuple[str, str]:
    stage = (content.plan_summary.get("response") or {}).get("stage", "default")
    if stage != "default":
        told = f"the planned worth goes by what your holdout has taught ({stage}), which is not certain."
        return "How outreach works is known in part", f"; {told}"
    told = (
        "; the planned worth assumes more. Neither is measured on your book. Hold some accounts out and "
        "write outcomes down, and later plans can learn."
    )
    return "How outreach works is an assumption", told


def _missing_models(content: ReportContent) -> list[tuple[str, str]]:
    absent = [
        event_of(target).title
        for target, column in _EXPECTED.items()
        if column not in content.scores or not content.scores[column].notna().any()
    ]
    told = "The book has no label for it, so this probability is unknown and the plan counts it as zero."
    return [(f"No model for: {title.lower()}", told) for title in absent]


def _few_events(content: ReportContent) -> list[tuple[str, str]]:
    few = "accounts of the rarer outcome. With fewer than 100"
    told = f"{few}, intervals are wide and the order of neighbouring accounts means little."
    return [
        (f"Few cases to learn from: {title.lower()}", f"The model learned from {count(n_events)} {told}")
        for title, n_events in weak_models(content.models)
    ]


def _lost(content: ReportContent) -> list[tuple[str, str]]:
    rejected = content.rows.get("rejected", 0)
    severe = [finding for finding in content.findings if finding.get("severity") in {"error", "warning"}]
    doubts = []
    if rejected:
        lost = f"{counted(rejected, 'row')} could not be scored and {_be(rejected)}"
        told = f"{lost} missing from every figure here."
        doubts.append(("Some rows are not in this report", told))
    if severe:
        found = counted(len(severe), "finding")
        told = f"The data check has {found} that may bear on these figures; they are listed below."
        doubts.append(("The data has open findings", told))
    return doubts


def _be(n: int) -> str:
    return "is" if n == 1 else "are"
