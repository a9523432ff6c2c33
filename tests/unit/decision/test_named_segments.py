"""S2 to S6: the named segments as data."""

import pytest

from standfast.decision.expression import parse_expression, refuse_unknown_columns
from standfast.decision.matrix import SEGMENTS
from standfast.decision.named_segments import NAMED_SEGMENTS, UNCLEAR, NamedSegment, merge_segments
from standfast.features.catalogue import CATALOGUE
from standfast.schema import SCORE_COLUMNS

BEHAVIOURS = {
    "advocate", "growth-ready", "stable", "saturated", "price-sensitive", "under-adopted", "declining",
    "dormant", "high-maintenance",
}  # fmt: skip


def test_all_that_a_team_expects_are_there():
    """S5 names nine behaviours, S2 HiPo, S3 four NPS groups, S4 two kinds of low, S6 poor fit."""
    kinds = {kind: {s.name for s in NAMED_SEGMENTS if s.kind == kind} for kind in ("behaviour", "NPS")}
    assert kinds["behaviour"] == BEHAVIOURS
    assert kinds["NPS"] == {"detractor", "passive", "promoter", "silent"}
    assert {"HiPo", "masked low", "truly low", "poor fit"} <= {s.name for s in NAMED_SEGMENTS}


def test_no_name_is_used_twice_nor_is_it_that_of_a_cell():
    names = [segment.name for segment in NAMED_SEGMENTS]
    assert len(set(names)) == len(names)
    assert not set(names) & {*SEGMENTS, UNCLEAR}


@pytest.mark.parametrize("segment", NAMED_SEGMENTS, ids=lambda segment: segment.name)
def test_every_rule_can_be_read_and_comes_with_its_meaning_and_its_message(segment):
    refuse_unknown_columns(parse_expression(segment.where), {*CATALOGUE, *SCORE_COLUMNS, "gross_margin"})
    assert len(segment.meaning) > 20
    assert len(segment.message) > 20


def test_a_team_replaces_leaves_out_and_adds():
    own = [NamedSegment(name="dormant", enabled=False), NamedSegment(name="key", where="seats > 9")]
    merged = merge_segments(own)
    assert "dormant" not in {segment.name for segment in merged}
    assert merged[-1].name == "key"
    assert merge_segments(()) == NAMED_SEGMENTS
