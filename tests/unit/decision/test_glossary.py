"""S9: one language for all teams."""

from standfast.decision.glossary import GLOSSARY, SEGMENT_MEANINGS, TERMS
from standfast.decision.matrix import SEGMENTS


def test_every_segment_has_a_meaning_in_order_of_priority():
    assert tuple(SEGMENT_MEANINGS) == SEGMENTS


def test_no_word_is_explained_twice_and_none_is_empty():
    assert len(dict(GLOSSARY)) == len(GLOSSARY) == len(TERMS) + len(SEGMENT_MEANINGS)
    assert all(meaning.strip().endswith((".", ")")) for _, meaning in GLOSSARY)
