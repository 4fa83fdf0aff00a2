# SPDX-License-Identifier: MIT
"""What the two arrays share: items of one kind, one after the other in one slot."""
import collections.abc
import operator
import typing

from .kind import Kind
from .slot import Slot

T = typing.TypeVar("T")


class StorageSequence(collections.abc.Sequence[T]):
    """A view of items in a slot. Subclasses say how many there are and where they are."""

    _kind: "SequenceKind"
    _slot: Slot
    _offset: int

    def __init__(self, *_args: typing.Any, **_kwargs: typing.Any):
        name = type(self).__name__
        raise TypeError(
            f"{name} cannot be constructed; declare a field, or use gl.storage.inmem_allocate({name}[…], …)"
        )

    def _items(self) -> tuple[Slot, int]:
        """Where item 0 is."""
        raise NotImplementedError

    def _get(self, index: int) -> T:
        slot, start = self._items()
        return self._kind.item.get(slot, start + index * self._kind.item.size)

    def _set(self, index: int, value: T) -> None:
        slot, start = self._items()
        self._kind.item.set(slot, start + index * self._kind.item.size, value)

    def _index(self, index: typing.SupportsIndex) -> int:
        at, length = operator.index(index), len(self)
        if at < 0:
            at += length
        if not 0 <= at < length:
            raise IndexError(f"index {operator.index(index)} is out of range, the length is {length}")
        return at

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self._get(i) for i in range(*index.indices(len(self)))]
        return self._get(self._index(index))

    def __setitem__(self, index, value) -> None:
        if not isinstance(index, slice):
            self._set(self._index(index), value)
            return
        places = range(*index.indices(len(self)))
        values = [self._kind.item.detached(v) for v in value]
        if len(values) != len(places):
            raise ValueError(f"{len(values)} items cannot be assigned to a slice of {len(places)}")
        for at, item in zip(places, values):
            self._set(at, item)

    def __iter__(self) -> collections.abc.Iterator[T]:
        slot, start = self._items()
        item = self._kind.item
        for i in range(len(self)):
            yield item.get(slot, start + i * item.size)

    def __repr__(self) -> str:
        return f"{type(self).__name__}([{', '.join(map(repr, self))}])"


class SequenceKind(Kind):
    """A kind that has items of one kind."""

    is_view = True
    view: type[StorageSequence]

    @property
    def item(self) -> Kind:
        raise NotImplementedError

    def get(self, slot: Slot, offset: int) -> typing.Any:
        made = object.__new__(self.view)
        made._kind, made._slot, made._offset = self, slot, offset
        return made
