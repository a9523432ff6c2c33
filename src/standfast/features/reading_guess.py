"""What was guessed about how the cells of a table are written: settings, words to print, and warnings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | tuple[str, ...]


@dataclass(frozen=True)
class GuessedReading:
    """How a table's cells seem to be written.

    Parameters
    ----------
    settings
        What ``[read.TABLE]`` should say.
    words
        The same for people: "amounts are cents".
    hints
        Lines for a person to fill in, written as comments.
    """

    settings: Mapping[str, Value] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    def __or__(self, other: "GuessedReading") -> "GuessedReading":
        """Give both."""
        return GuessedReading(
            {**self.settings, **other.settings},
            self.words + other.words,
            self.warnings + other.warnings,
            self.hints + other.hints,
        )
