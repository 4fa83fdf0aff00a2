# SPDX-License-Identifier: MIT
"""Values that keep out of their owner's slot: ``Indirection[T]`` and ``VLA[T]``. The root of a contract is made of them."""
import collections.abc
import functools
import typing

from .kind import Kind, require_same
from .scalars import IntKind
from .sequence import SequenceKind, StorageSequence
from .slot import Slot

T = typing.TypeVar("T")


class Indirection(typing.Generic[T]):
    """One byte of the owner's slot, which stays zero; the value is at the start of a slot of its own.

    So fields can be added behind it, and the value can be locked apart from its neighbours.
    """

    _kind: "IndirectionKind"

    def __init__(self, kind: "IndirectionKind", slot: Slot, offset: int):
        self._kind = kind
        self._owner = slot
        self._offset = offset

    @property
    def slot(self) -> Slot:
        """The slot that the value has for itself."""
        return self._owner.indirect(self._offset)

    def get(self) -> T:
        return self._kind.value.get(self.slot, 0)

    def set(self, value: T) -> None:
        self._kind.value.set(self.slot, 0, value)


class IndirectionKind(Kind):
    size = 1
    is_view = True

    def __init__(self, name: str, resolve_value: typing.Callable[[], Kind]):
        self._name = name
        self._resolve_value = resolve_value

    @functools.cached_property
    def value(self) -> Kind:
        return self._resolve_value()

    def get(self, slot: Slot, offset: int) -> Indirection:
        return Indirection(self, slot, offset)

    def set(self, slot: Slot, offset: int, value: typing.Any) -> None:
        require_same(self, getattr(value, "_kind", None), value)
        self.get(slot, offset).set(value.get())

    def __repr__(self) -> str:
        return self._name


class VLA(StorageSequence[T], typing.Generic[T]):
    """A length and, right behind it, that many items. It must be the last thing in its slot."""

    _kind: "VlaKind"

    def __len__(self) -> int:
        return self._slot.read_u32(self._offset)

    def _items(self) -> tuple[Slot, int]:
        return self._slot, self._offset + 4

    def append(self, value: T) -> None:
        length = len(self)
        self._slot.write_u32(self._offset, length + 1)
        self._set(length, value)

    def extend(self, values: "collections.abc.Iterable[T] | bytes") -> None:
        if isinstance(values, (bytes, bytearray, memoryview)) and self._holds_bytes():
            length = len(self)
            self._slot.write_u32(self._offset, length + len(values))
            self._slot.write(self._offset + 4 + length, bytes(values))
            return
        for value in typing.cast("collections.abc.Iterable[T]", values):
            self.append(value)

    def truncate(self, length: int = 0) -> None:
        """Keeps the first items only."""
        if length > len(self):
            raise ValueError(f"{length} is more than there is")
        self._slot.write_u32(self._offset, length)

    def __bytes__(self) -> bytes:
        if not self._holds_bytes():
            raise TypeError(f"{self._kind!r} does not hold bytes")
        return self._slot.read(self._offset + 4, len(self))

    def _holds_bytes(self) -> bool:
        item = self._kind.item
        return isinstance(item, IntKind) and item.size == 1 and not item.signed


class VlaKind(SequenceKind):
    view = VLA
    size = 4

    def __init__(self, name: str, resolve_item: typing.Callable[[], Kind]):
        self._name = name
        self._resolve_item = resolve_item

    @functools.cached_property
    def item(self) -> Kind:
        return self._resolve_item()

    def set(self, slot: Slot, offset: int, value: typing.Any) -> None:
        items = bytes(value) if isinstance(value, VLA) and value._holds_bytes() else list(value)
        made = self.get(slot, offset)
        made.truncate()
        made.extend(items)

    def __repr__(self) -> str:
        return self._name
