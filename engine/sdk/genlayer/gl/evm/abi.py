# SPDX-License-Identifier: MIT
"""Ethereum's ABI: codecs by Python type."""
import abc
import collections.abc
import functools
import typing

from ...address import Address
from ...sized import SIZED
from ...storage import Array
from .types import FIXED_BYTES, InplaceTuple

_WORD = 32


class DecodingError(ValueError):
    """The bytes are not the encoding of a value of that type."""


def _word(data: memoryview, at: int) -> memoryview:
    if at + _WORD > len(data):
        raise DecodingError("the data ends early")
    return data[at : at + _WORD]


def _number(data: memoryview, at: int) -> int:
    return int.from_bytes(_word(data, at), "big")


class Codec(abc.ABC):
    """How a type is encoded. A dynamic one stands behind the others; its head says how far."""

    name: str
    head_size = _WORD
    is_dynamic = False

    @abc.abstractmethod
    def encode(self, value: typing.Any) -> bytes:
        ...

    @abc.abstractmethod
    def decode(self, data: memoryview, at: int) -> typing.Any:
        ...


class _Int(Codec):
    def __init__(self, bits: int, signed: bool):
        self.name = f"{'int' if signed else 'uint'}{bits}"
        self._bits = bits
        self._signed = signed

    def encode(self, value: int) -> bytes:
        value.to_bytes(self._bits // 8, "big", signed=self._signed)  # raises OverflowError
        return value.to_bytes(_WORD, "big", signed=self._signed)

    def decode(self, data: memoryview, at: int) -> int:
        value = int.from_bytes(_word(data, at), "big", signed=self._signed)
        try:
            value.to_bytes(self._bits // 8, "big", signed=self._signed)
        except OverflowError:
            raise DecodingError(f"{value} is no {self.name}") from None
        return value


class _Bool(Codec):
    name = "bool"

    def encode(self, value: bool) -> bytes:
        return int(bool(value)).to_bytes(_WORD, "big")

    def decode(self, data: memoryview, at: int) -> bool:
        value = _number(data, at)
        if value > 1:
            raise DecodingError(f"{value} is no bool")
        return value == 1


class _Address(Codec):
    name = "address"

    def encode(self, value: Address) -> bytes:
        return value.as_bytes.rjust(_WORD, b"\0")

    def decode(self, data: memoryview, at: int) -> Address:
        word = bytes(_word(data, at))
        if any(word[: -Address.SIZE]):
            raise DecodingError(f"{word.hex()} is no address")
        return Address(word[-Address.SIZE :])


class _FixedBytes(Codec):
    def __init__(self, size: int):
        self.name = f"bytes{size}"
        self._size = size

    def encode(self, value: bytes) -> bytes:
        if len(value) != self._size:
            raise ValueError(f"{self.name} takes {self._size} bytes, not {len(value)}")
        return bytes(value).ljust(_WORD, b"\0")

    def decode(self, data: memoryview, at: int) -> bytes:
        word = bytes(_word(data, at))
        if any(word[self._size :]):
            raise DecodingError(f"{word.hex()} is no {self.name}")
        return word[: self._size]


class _Bytes(Codec):
    name = "bytes"
    is_dynamic = True

    def encode(self, value: bytes) -> bytes:
        return len(value).to_bytes(_WORD, "big") + bytes(value) + bytes(-len(value) % _WORD)

    def decode(self, data: memoryview, at: int) -> bytes:
        size = _number(data, at)
        if at + _WORD + size > len(data):
            raise DecodingError("the data ends early")
        return bytes(data[at + _WORD : at + _WORD + size])


class _String(_Bytes):
    name = "string"

    def encode(self, value: str) -> bytes:  # type: ignore[override]
        return super().encode(value.encode())

    def decode(self, data: memoryview, at: int) -> str:  # type: ignore[override]
        try:
            return super().decode(data, at).decode()
        except UnicodeDecodeError as error:
            raise DecodingError(f"a string is not UTF-8: {error.reason}") from None


def _encode_all(codecs: collections.abc.Sequence[Codec], values: collections.abc.Sequence[typing.Any]) -> bytes:
    if len(codecs) != len(values):
        raise ValueError(f"{len(codecs)} values are expected, not {len(values)}")
    heads, tails = bytearray(), bytearray()
    start = sum(codec.head_size for codec in codecs)
    for codec, value in zip(codecs, values):
        encoded = codec.encode(value)
        if codec.is_dynamic:
            heads += (start + len(tails)).to_bytes(_WORD, "big")
            tails += encoded
        else:
            heads += encoded
    return bytes(heads + tails)


def _decode_all(codecs: collections.abc.Iterable[Codec], data: memoryview, at: int) -> list[typing.Any]:
    out, head = [], at
    for codec in codecs:
        out.append(codec.decode(data, at + _number(data, head) if codec.is_dynamic else head))
        head += codec.head_size
    return out


class _Tuple(Codec):
    def __init__(self, parts: collections.abc.Sequence[Codec], inplace: bool = False):
        self.parts = parts
        self.name = f"({','.join(part.name for part in parts)})"
        # As the arguments of a function, which are not preceded by a word that says where they are.
        self.is_dynamic = not inplace and any(part.is_dynamic for part in parts)
        self.head_size = _WORD if self.is_dynamic else sum(part.head_size for part in parts)

    def encode(self, value: collections.abc.Sequence) -> bytes:
        return _encode_all(self.parts, value)

    def decode(self, data: memoryview, at: int) -> tuple:
        return tuple(_decode_all(self.parts, data, at))


class _FixedArray(Codec):
    def __init__(self, item: Codec, length: int):
        self.name = f"{item.name}[{length}]"
        self._parts = [item] * length
        self.is_dynamic = item.is_dynamic and length > 0
        self.head_size = _WORD if self.is_dynamic else item.head_size * length

    def encode(self, value: collections.abc.Sequence) -> bytes:
        return _encode_all(self._parts, value)

    def decode(self, data: memoryview, at: int) -> list:
        return _decode_all(self._parts, data, at)


class _Array(Codec):
    is_dynamic = True

    def __init__(self, item: Codec):
        self.name = f"{item.name}[]"
        self._item = item

    def encode(self, value: collections.abc.Sequence) -> bytes:
        return len(value).to_bytes(_WORD, "big") + _encode_all([self._item] * len(value), value)

    def decode(self, data: memoryview, at: int) -> list:
        length = _number(data, at)
        if length * max(self._item.head_size, 1) > len(data):
            raise DecodingError("the data ends early")
        return _decode_all([self._item] * length, data, at + _WORD)


_SIMPLE: dict[typing.Any, Codec] = {bool: _Bool(), Address: _Address(), bytes: _Bytes(), str: _String()}


@functools.cache
def codec_of(hint: typing.Any) -> Codec:
    """The codec of an annotation. Raises ``TypeError`` when the ABI has no such type."""
    if hint in SIZED:
        size, signed = SIZED[hint]
        return _Int(size * 8, signed)
    if hint in FIXED_BYTES:
        return _FixedBytes(FIXED_BYTES[hint])
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        inplace = bool(args) and args[0] is InplaceTuple
        return _Tuple([codec_of(a) for a in args[inplace:]], inplace)
    if origin is Array:
        return _FixedArray(codec_of(args[0]), typing.get_args(args[1])[0])
    if origin in (list, collections.abc.Sequence, collections.abc.MutableSequence):
        return _Array(codec_of(args[0]))
    raise TypeError(f"{hint!r} is not a type of the ABI; numbers have a size, as u256")


def encode(hint: typing.Any, value: typing.Any) -> bytes:
    """A value as the only argument of a function; for several, ``tuple[InplaceTuple, …]`` and a tuple."""
    return _encode_all([codec_of(hint)], [value])


def decode(hint: typing.Any, data: bytes) -> typing.Any:
    """The reverse of ``encode``. Raises ``DecodingError``."""
    return _decode_all([codec_of(hint)], memoryview(data), 0)[0]
