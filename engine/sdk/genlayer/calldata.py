# SPDX-License-Identifier: MIT
"""The encoding of everything that leaves or enters a contract: arguments, results, messages, requests to the engine.

A value is ``None``, ``bool``, ``int``, ``bytes``, ``str``, ``Address``, a sequence, a mapping with ``str`` keys, or a dataclass
(which is encoded as a mapping). There is exactly one encoding per value, and the decoder refuses every other one.
"""
import collections.abc
import dataclasses
import json
import typing

from .address import Address

__all__ = ["DEPTH_LIMIT", "DecodingError", "decode", "encode", "to_str"]

DEPTH_LIMIT = 512
"""How many arrays and mappings may stand in each other. The host refuses more, too, and counts what a request wraps around a
value: what a contract returns may nest one level less, what it sends two."""

# The low three bits of a value's header.
_SPECIAL, _POSITIVE, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP = range(7)
_NULL, _FALSE, _TRUE, _ADDRESS = 0x00, 0x08, 0x10, 0x18


class DecodingError(ValueError):
    """The bytes are not the encoding of any value."""


def _write_number(out: bytearray, number: int) -> None:
    # Eight groups of seven bits at a time: linear, where shifting a huge number group by group would be quadratic.
    if number.bit_length() > 448:
        raw = number.to_bytes((number.bit_length() + 7) // 8, "little")
        for start in range(0, len(raw), 7):
            word = int.from_bytes(raw[start : start + 7], "little")
            last = start + 7 >= len(raw)
            for _ in range(8):
                out.append(word & 0x7F | 0x80)
                word >>= 7
                if last and not word:
                    break
        out[-1] &= 0x7F
        return
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)


# Here and in the decoder one level of nesting takes one frame: the recursion limit of Python is not far above DEPTH_LIMIT.
def _write(out: bytearray, value, depth: int) -> None:
    if value is None:
        out.append(_NULL)
    elif value is True:
        out.append(_TRUE)
    elif value is False:
        out.append(_FALSE)
    elif isinstance(value, int):
        _write_number(out, value << 3 | _POSITIVE if value >= 0 else (-value - 1) << 3 | _NEGATIVE)
    elif isinstance(value, str):
        raw = value.encode()
        _write_number(out, len(raw) << 3 | _TEXT)
        out += raw
    elif isinstance(value, Address):
        out.append(_ADDRESS)
        out += value.as_bytes
    elif isinstance(value, (bytes, bytearray, memoryview)):
        raw = bytes(value)
        _write_number(out, len(raw) << 3 | _BYTES)
        out += raw
    elif depth == DEPTH_LIMIT:
        raise ValueError(f"calldata nests deeper than {DEPTH_LIMIT} levels")
    elif isinstance(value, collections.abc.Sequence):
        _write_number(out, len(value) << 3 | _ARRAY)
        for item in value:
            _write(out, item, depth + 1)
    else:
        items = _items_of(value)
        _write_number(out, len(items) << 3 | _MAP)
        for key in sorted(items):
            raw = key.encode()
            _write_number(out, len(raw))
            out += raw
            _write(out, items[key], depth + 1)


def _items_of(value) -> dict[str, typing.Any]:
    """What a mapping or a dataclass is encoded as."""
    if isinstance(value, collections.abc.Mapping):
        items = dict(value.items())
        for key in items:
            if not isinstance(key, str):
                raise TypeError(f"keys of a mapping in calldata are text, not {type(key).__qualname__}: {key!r}")
        return items
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__qualname__} cannot be encoded as calldata: {value!r}")


def encode(value) -> bytes:
    """The bytes of a value. Raises ``TypeError`` for what has no encoding, floats among it."""
    out = bytearray()
    _write(out, value, 0)
    return bytes(out)


class _Reader:
    __slots__ = ("data", "position")

    def __init__(self, data: bytes):
        self.data = data
        self.position = 0

    def take(self, size: int) -> bytes:
        end = self.position + size
        if end > len(self.data):
            raise DecodingError("calldata ends early")
        start, self.position = self.position, end
        return self.data[start:end]

    def number(self) -> int:
        data, start, end = self.data, self.position, self.position
        try:
            while data[end] & 0x80:
                end += 1
        except IndexError:
            raise DecodingError("calldata ends early") from None
        self.position = end + 1
        if end > start and data[end] == 0:
            raise DecodingError("a number has a superfluous zero group")
        words = []
        for at in range(start, end + 1, 8):
            word = 0
            for shift, group in enumerate(data[at : min(at + 8, end + 1)]):
                word |= (group & 0x7F) << 7 * shift
            words.append(word)
        if len(words) == 1:
            return words[0]
        return int.from_bytes(b"".join(word.to_bytes(7, "little") for word in words), "little")

    def text(self, size: int) -> str:
        try:
            return self.take(size).decode()
        except UnicodeDecodeError as error:
            raise DecodingError(f"text is not UTF-8: {error.reason}") from None

    def value(self, depth: int):
        header = self.number()
        kind, size = header & 7, header >> 3
        if kind == _POSITIVE:
            return size
        if kind == _NEGATIVE:
            return -size - 1
        if kind == _TEXT:
            return self.text(size)
        if kind == _BYTES:
            return self.take(size)
        if kind == _ARRAY:
            self.check_room(size, depth)
            items = []
            for _ in range(size):
                items.append(self.value(depth + 1))
            return items
        if kind == _MAP:
            self.check_room(2 * size, depth)
            entries: dict = {}
            last = None
            for _ in range(size):
                key = self.text(self.number())
                if last is not None and key <= last:
                    raise DecodingError(f"keys are not in ascending order: {last!r}, {key!r}")
                entries[key] = self.value(depth + 1)
                last = key
            return entries
        if header in (_NULL, _FALSE, _TRUE):
            return (None, False, True)[size]
        if header == _ADDRESS:
            return Address(self.take(Address.SIZE))
        raise DecodingError(f"unknown kind of value: header {header:#x}")

    def check_room(self, least_bytes: int, depth: int) -> None:
        """Refuses a count that the rest of the input cannot hold, before anything is allocated for it."""
        if depth == DEPTH_LIMIT:
            raise DecodingError(f"calldata nests deeper than {DEPTH_LIMIT} levels")
        if least_bytes > len(self.data) - self.position:
            raise DecodingError("calldata ends early")


def decode(data: "bytes | bytearray | memoryview"):
    """The value of the bytes; arrays become lists, mappings dicts. Raises ``DecodingError``."""
    reader = _Reader(bytes(data))
    value = reader.value(0)
    if reader.position != len(reader.data):
        raise DecodingError(f"{len(reader.data) - reader.position} bytes are left over")
    return value


def to_str(value) -> str:
    """A readable form for logs: JSON without spaces, with ``b#…`` for bytes and ``addr#…`` for addresses."""
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, Address):
        return format(value, "cd")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "b#" + bytes(value).hex()
    if isinstance(value, collections.abc.Sequence):
        return "[" + ",".join(map(to_str, value)) + "]"
    items = _items_of(value)
    return "{" + ",".join(f"{json.dumps(key)}:{to_str(items[key])}" for key in sorted(items)) + "}"
