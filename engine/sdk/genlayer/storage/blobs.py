# SPDX-License-Identifier: MIT
"""Types of any length: four bytes of length inline, the content in a slot of its own.

A shorter value leaves the tail of the longer one before it in place: clearing it would cost writes, and the length says where
to stop reading.
"""
import abc
import operator
import typing

from .kind import Kind
from .slot import Slot


class BlobKind(Kind):
    size = 4

    @abc.abstractmethod
    def pack(self, value: typing.Any) -> bytes:
        ...

    @abc.abstractmethod
    def unpack(self, data: bytes) -> typing.Any:
        ...

    def get(self, slot: Slot, offset: int) -> typing.Any:
        length = slot.read_u32(offset)
        return self.unpack(slot.indirect(offset).read(0, length) if length else b"")

    def set(self, slot: Slot, offset: int, value: typing.Any) -> None:
        data = self.pack(value)
        slot.write_u32(offset, len(data))
        if data:
            slot.indirect(offset).write(0, data)


class StrKind(BlobKind):
    def pack(self, value: str) -> bytes:
        # What is no text has no encode: the AttributeError is what contracts are known to fail with.
        return value.encode()

    def unpack(self, data: bytes) -> str:
        return data.decode()

    def __repr__(self) -> str:
        return "str"


class BytesKind(BlobKind):
    def pack(self, value: bytes) -> bytes:
        if not isinstance(value, (bytes, bytearray, memoryview)):
            raise TypeError(f"bytes are expected, not {value!r}")
        return bytes(value)

    def unpack(self, data: bytes) -> bytes:
        return data

    def __repr__(self) -> str:
        return "bytes"


class BigintKind(BlobKind):
    """Two's complement, little-endian, two bytes longer than the magnitude: the sign always has room."""

    def pack(self, value: int) -> bytes:
        number = operator.index(value)
        return number.to_bytes((abs(number).bit_length() + 7) // 8 + 2, "little", signed=True)

    def unpack(self, data: bytes) -> int:
        return int.from_bytes(data, "little", signed=True)

    def __repr__(self) -> str:
        return "bigint"
