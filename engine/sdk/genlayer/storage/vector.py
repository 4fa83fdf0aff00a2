# SPDX-License-Identifier: MIT
"""``DynArray[T]``: any number of items, in a slot of their own."""
import collections.abc
import functools
import typing

from .kind import Kind
from .sequence import SequenceKind, StorageSequence
from .slot import Slot

T = typing.TypeVar("T")


class DynArray(StorageSequence[T], collections.abc.MutableSequence[T], typing.Generic[T]):
    """A list in storage. Four bytes of length stand in the slot of the owner; reading or writing one item costs one access.

    Inserting or deleting anywhere but at the end moves everything behind it.
    """

    _kind: "VectorKind"

    def _items(self) -> tuple[Slot, int]:
        return self._slot.indirect(self._offset), 0

    def _resize(self, length: int) -> None:
        self._slot.write_u32(self._offset, length)

    def __len__(self) -> int:
        return self._slot.read_u32(self._offset)

    def append(self, value: T) -> None:
        length = len(self)
        self._resize(length + 1)
        self._set(length, value)

    def append_new_get(self) -> T:
        """Appends an item without writing it, and gives it: for items that are views, which are then filled in place.

        The bytes of an item that was popped before are still there.
        """
        length = len(self)
        self._resize(length + 1)
        return self._get(length)

    # Not the item, which other mutable sequences return: a view of it would show what the next append writes there.
    def pop(self) -> None:  # type: ignore[override]
        """Removes the last item."""
        length = len(self)
        if length == 0:
            raise IndexError("pop from an empty array")
        self._resize(length - 1)

    def insert(self, index: typing.SupportsIndex, value: T) -> None:
        length = len(self)
        at = slice(index, None).indices(length)[0]
        value = self._kind.item.detached(value)
        self._resize(length + 1)
        for i in range(length, at, -1):
            self._set(i, self._get(i - 1))
        self._set(at, value)

    def __delitem__(self, index) -> None:
        length = len(self)
        if isinstance(index, slice):
            gone = set(range(*index.indices(length)))
        else:
            gone = {self._index(index)}
        if not gone:
            return
        to = min(gone)
        for i in range(to, length):
            if i not in gone:
                self._set(to, self._get(i))
                to += 1
        self._resize(to)

    def __setitem__(self, index, value) -> None:
        if not isinstance(index, slice) or index.step not in (None, 1):
            super().__setitem__(index, value)
            return
        start, stop, _ = index.indices(len(self))
        values = [self._kind.item.detached(v) for v in value]
        common = min(len(values), max(stop - start, 0))
        for i in range(common):
            self._set(start + i, values[i])
        if common < len(values):
            self._insert_many(start + common, values[common:])
        else:
            del self[start + common : stop]

    def _insert_many(self, at: int, values: list[T]) -> None:
        length = len(self)
        self._resize(length + len(values))
        for i in range(length - 1, at - 1, -1):
            self._set(i + len(values), self._get(i))
        for i, value in enumerate(values):
            self._set(at + i, value)

    def extend(self, values: collections.abc.Iterable[T]) -> None:
        for value in list(values) if values is self else values:
            self.append(value)

    def reverse(self) -> None:
        self[:] = self[::-1]

    def clear(self) -> None:
        self._resize(0)


class VectorKind(SequenceKind):
    view = DynArray
    size = 4

    def __init__(self, name: str, resolve_item: typing.Callable[[], Kind]):
        self._name = name
        self._resolve_item = resolve_item

    # When it is first needed: a record may hold an array of itself.
    @functools.cached_property
    def item(self) -> Kind:
        return self._resolve_item()

    def set(self, slot: Slot, offset: int, value: typing.Any) -> None:
        if isinstance(value, DynArray) and value._kind is not self:
            raise TypeError(f"incompatible vector type: {self!r} and {value._kind!r}")
        slot.write_u32(offset, len(value))
        content = slot.indirect(offset)
        for i, item in enumerate(value):
            self.item.set(content, i * self.item.size, item)

    def construct(self, slot: Slot, offset: int, args: tuple, kwargs: dict) -> DynArray:
        if args and not isinstance(args[0], collections.abc.Sequence):
            args = (list(args[0]), *args[1:])
        return super().construct(slot, offset, args, kwargs)

    def __repr__(self) -> str:
        return self._name
