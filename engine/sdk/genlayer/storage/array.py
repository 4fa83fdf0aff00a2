# SPDX-License-Identifier: MIT
"""``Array[T, Literal[n]]``: n items, inline."""
import typing

from .kind import Kind
from .sequence import SequenceKind, StorageSequence
from .slot import Slot

T = typing.TypeVar("T")
N = typing.TypeVar("N", bound=int)


class Array(StorageSequence[T], typing.Generic[T, N]):
    """A fixed number of items: ``Array[u16, typing.Literal[3]]``. Every item exists from the start, as zeros."""

    _kind: "ArrayKind"

    def __len__(self) -> int:
        return self._kind.length

    def _items(self) -> tuple[Slot, int]:
        return self._slot, self._offset


class ArrayKind(SequenceKind):
    view = Array

    def __init__(self, item: Kind, length: int):
        self._item = item
        self.length = length
        self.size = item.size * length

    @property
    def item(self) -> Kind:
        return self._item

    def set(self, slot: Slot, offset: int, value: typing.Any) -> None:
        if len(value) != self.length:
            raise ValueError(f"{self!r} takes {self.length} items, not {len(value)}")
        for i, item in enumerate(value):
            self.item.set(slot, offset + i * self.item.size, item)

    def __repr__(self) -> str:
        return f"Array[{self.item!r}, Literal[{self.length}]]"
