# SPDX-License-Identifier: MIT
"""Slots: the linear memories that persistent data lives in."""
import abc
import hashlib

from .._engine import host

ROOT_ID = bytes(32)


class Slot(abc.ABC):
    """Up to 4 GiB of zero-initialised bytes under a 32-byte id.

    A value of fixed size lives inside the slot of what holds it; the content of anything that grows lives in a slot of its own,
    whose id is derived from where the value stands (``indirect``).
    """

    __slots__ = ("id",)

    def __init__(self, identity: bytes):
        self.id = identity

    @property
    def as_int(self) -> int:
        """The id as a little-endian number, the form that the list of locked slots keeps."""
        return int.from_bytes(self.id, "little")

    @abc.abstractmethod
    def at(self, identity: bytes) -> "Slot":
        """Another slot of the same store."""

    @abc.abstractmethod
    def read(self, offset: int, size: int) -> bytes:
        ...

    @abc.abstractmethod
    def write(self, offset: int, data: bytes) -> None:
        ...

    def indirect(self, offset: int) -> "Slot":
        """The slot for the content of the value that stands at the offset."""
        return self.at(hashlib.sha3_256(self.id + offset.to_bytes(4, "little")).digest())

    def read_u32(self, offset: int) -> int:
        return int.from_bytes(self.read(offset, 4), "little")

    def write_u32(self, offset: int, value: int) -> None:
        self.write(offset, value.to_bytes(4, "little"))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id.hex()})"


class HostSlot(Slot):
    """A slot of the running contract, read and written through the engine."""

    __slots__ = ()

    def at(self, identity: bytes) -> "HostSlot":
        return HostSlot(identity)

    def read(self, offset: int, size: int) -> bytes:
        return host.storage_read(self.id, offset, size)

    def write(self, offset: int, data: bytes) -> None:
        host.storage_write(self.id, offset, data)


class MemorySlot(Slot):
    """A slot that lives and dies with the objects that use it."""

    __slots__ = ("_store",)

    def __init__(self, identity: bytes = ROOT_ID, store: dict[bytes, bytearray] | None = None):
        super().__init__(identity)
        self._store = {} if store is None else store

    def at(self, identity: bytes) -> "MemorySlot":
        return MemorySlot(identity, self._store)

    def read(self, offset: int, size: int) -> bytes:
        return bytes(self._store.get(self.id, b"")[offset : offset + size]).ljust(size, b"\0")

    def write(self, offset: int, data: bytes) -> None:
        content = self._store.setdefault(self.id, bytearray())
        content.extend(bytes(max(0, offset + len(data) - len(content))))
        content[offset : offset + len(data)] = data
