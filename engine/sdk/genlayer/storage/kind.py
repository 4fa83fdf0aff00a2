# SPDX-License-Identifier: MIT
"""What every storage type offers to the things it is part of."""
import abc
import typing

from .slot import MemorySlot, Slot


class Kind(abc.ABC):
    """How values of one type live in a slot. There is one kind per type, so kinds can be compared by identity."""

    size: int
    """Bytes taken in the slot that holds the value; the same for every value."""

    is_view = False
    """Whether ``get`` gives an object that reads and writes the slot, rather than a copy of the value."""

    @abc.abstractmethod
    def get(self, slot: Slot, offset: int) -> typing.Any:
        """The value that stands at the offset, or a view of it."""

    @abc.abstractmethod
    def set(self, slot: Slot, offset: int, value: typing.Any) -> None:
        """Writes the value, or a copy of what a view shows."""

    def construct(self, slot: Slot, offset: int, args: tuple, kwargs: dict) -> typing.Any:
        """Makes a first value in fresh memory from constructor arguments."""
        if kwargs or len(args) > 1:
            raise TypeError(f"{self!r} is made from one value")
        if args:
            self.set(slot, offset, args[0])
        return self.get(slot, offset)

    def detached(self, value: typing.Any) -> typing.Any:
        """The value in a form that does not change when the slot is written."""
        if not self.is_view:
            return value
        memory = MemorySlot()
        self.set(memory, 0, value)
        return self.get(memory, 0)


def require_same(kind: Kind, value_kind: "Kind | None", value: typing.Any) -> None:
    """A value that is copied piece by piece must have the same pieces."""
    if value_kind is not kind:
        raise AssertionError(
            f"Is right the same storage type? left is {kind!r}, right is {value_kind or type(value)!r}"
        )
