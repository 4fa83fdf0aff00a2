# SPDX-License-Identifier: MIT
"""A storage type that finds the vectors nearest to another."""
import collections.abc
import typing

import numpy as np

from genlayer import DynArray, TreeMap, allow_storage, u32

T = typing.TypeVar("T", bound=np.number)
S = typing.TypeVar("S", bound=int)
V = typing.TypeVar("V")


class VecDBElement(typing.Generic[T, S, V]):
    """One entry, and, when it was found, how far away."""

    def __init__(self, db: "VecDB[T, S, V]", index: int, distance: float | None = None):
        self._db = db
        self.id = index
        self.distance = distance

    @property
    def key(self) -> "np.ndarray[typing.Any, np.dtype[T]]":
        return self._db._keys[self.id]

    @property
    def value(self) -> V:
        return self._db._values[self.id]

    @value.setter
    def value(self, value: V) -> None:
        self._db._values[self.id] = value

    def remove(self) -> None:
        self._db._free_idx[u32(self.id)] = None


@allow_storage
class VecDB(typing.Generic[T, S, V]):
    """Vectors with a value each: ``VecDB[np.float32, typing.Literal[384], Entry]``. Searching looks at every one of them."""

    _keys: DynArray[np.ndarray[tuple[S], np.dtype[T]]]
    _values: DynArray[V]
    _free_idx: TreeMap[u32, None]

    def __len__(self) -> int:
        return len(self._keys) - len(self._free_idx)

    def __iter__(self) -> collections.abc.Iterator[VecDBElement[T, S, V]]:
        for index in range(len(self._keys)):
            if index not in self._free_idx:
                yield VecDBElement(self, index)

    def insert(self, key: "np.ndarray[typing.Any, np.dtype[T]]", value: V) -> int:
        """Adds an entry, in the place of a removed one if there is any; gives its id."""
        if self._free_idx:
            index, _ = self._free_idx.popitem()
            self._keys[index], self._values[index] = key, value
            return index
        self._keys.append(key)
        self._values.append(value)
        return len(self._keys) - 1

    def get_by_id(self, index: int) -> VecDBElement[T, S, V]:
        if not 0 <= index < len(self._keys) or index in self._free_idx:
            raise KeyError(index)
        return VecDBElement(self, index)

    def knn(
        self, vector: "np.ndarray[typing.Any, np.dtype[T]]", k: int
    ) -> collections.abc.Iterator[VecDBElement[T, S, V]]:
        """The k entries at the smallest cosine distance, nearest first, the older first of those that are equally near."""
        wanted = np.asarray(vector, np.float64)
        near = sorted((_cosine_distance(wanted, element.key), element.id) for element in self)
        for distance, index in near[:k]:
            yield VecDBElement(self, index, distance)


def _cosine_distance(a: np.ndarray, b: np.ndarray) -> float:
    b = b.astype(np.float64)
    lengths = float(np.sqrt(np.dot(a, a)) * np.sqrt(np.dot(b, b)))
    return 1.0 - float(np.dot(a, b)) / lengths if lengths else 1.0
