"""Random numbers by name: each part of the book draws from its own stream, so a new part moves no other."""

import zlib

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def stream(seed: int, name: str) -> np.random.Generator:
    """Give the generator of one part of the book; the same seed and name always draw the same numbers."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def sigmoid(log_odds: Floats) -> Floats:
    """Turn log-odds into probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)


def happens(
    probability: npt.NDArray[np.floating] | float, shape: tuple[int, ...], rng: np.random.Generator
) -> Flags:
    """Draw yes or no, each with its own probability."""
    return np.asarray(rng.random(shape) < probability, dtype=np.bool_)
