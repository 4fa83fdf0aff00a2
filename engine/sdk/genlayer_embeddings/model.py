# SPDX-License-Identifier: MIT
"""Texts as vectors, without a model: the same everywhere, and no better than it looks."""
import collections.abc
import hashlib
import re
import typing

import numpy as np

DIMENSIONS = 384

_WORD = re.compile(r"\w+")


def _features(text: str) -> collections.abc.Iterator[tuple[str, float]]:
    """Words, and three-letter pieces of them, so that spellings that are alike count for something."""
    for word in _WORD.findall(text.lower()):
        yield "word " + word, 1.0
        padded = f"<{word}>"
        for start in range(len(padded) - 2):
            yield "piece " + padded[start : start + 3], 0.3


def embed(text: str) -> "np.ndarray[typing.Any, np.dtype[np.float32]]":
    """A vector of length one: every feature goes by its hash to a dimension and a sign."""
    vector = np.zeros(DIMENSIONS, np.float64)
    for feature, weight in _features(text):
        digest = int.from_bytes(hashlib.sha3_256(feature.encode()).digest()[:8], "little")
        vector[digest % DIMENSIONS] += weight if digest >> 63 else -weight
    length = np.sqrt(np.dot(vector, vector))
    return (vector / length if length else vector).astype(np.float32)


class SentenceTransformer:
    """Stands in for the model of that name: ``SentenceTransformer("all-MiniLM-L6-v2")(text)`` gives 384 numbers."""

    def __init__(self, name: str):
        self.name = name

    def __call__(self, text: str) -> "np.ndarray[typing.Any, np.dtype[np.float32]]":
        return embed(text)
