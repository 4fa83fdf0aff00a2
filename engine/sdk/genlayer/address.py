# SPDX-License-Identifier: MIT
"""Twenty-byte account addresses."""
import base64
import binascii
import re

from .keccak import keccak256

_HEX = re.compile(r"(?:0x)?([0-9a-fA-F]{40})", re.ASCII)


def _parse(value) -> bytes:
    if isinstance(value, str):
        if found := _HEX.fullmatch(value):
            return bytes.fromhex(found.group(1))
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return b""
    return bytes(value) if isinstance(value, (bytes, bytearray, memoryview)) else b""


class Address:
    """An account: twenty bytes, made from bytes, hex text (with or without ``0x``) or base64 text.

    The letter case of hex text is not checked. Addresses compare equal only to addresses and are ordered by their bytes, so
    they can be keys of a ``TreeMap``.
    """

    SIZE = 20

    __slots__ = ("_bytes", "_hex")

    def __init__(self, value: "str | bytes | bytearray | memoryview"):
        parsed = _parse(value)
        if len(parsed) != Address.SIZE:
            raise ValueError(f"invalid address {value!r}")
        self._bytes = parsed
        self._hex: str | None = None

    @property
    def as_bytes(self) -> bytes:
        return self._bytes

    @property
    def as_hex(self) -> str:
        """``0x`` and forty digits, with the letter case of EIP-55."""
        if self._hex is None:
            digits = self._bytes.hex()
            nibbles = keccak256(digits.encode()).hex()
            self._hex = "0x" + "".join(d.upper() if n > "7" else d for d, n in zip(digits, nibbles))
        return self._hex

    @property
    def as_b64(self) -> str:
        return base64.b64encode(self._bytes).decode()

    @property
    def as_int(self) -> int:
        """The bytes as a little-endian number, as storage keeps numbers."""
        return int.from_bytes(self._bytes, "little")

    def __bytes__(self) -> bytes:
        return self._bytes

    # Not hash(bytes): that depends on the process's hash seed, and sets of addresses must iterate alike everywhere.
    def __hash__(self) -> int:
        return hash(self.as_int)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and self._bytes == other._bytes

    def __lt__(self, other: "Address") -> bool:
        return self._bytes < other._bytes if isinstance(other, Address) else NotImplemented

    def __le__(self, other: "Address") -> bool:
        return self._bytes <= other._bytes if isinstance(other, Address) else NotImplemented

    def __gt__(self, other: "Address") -> bool:
        return self._bytes > other._bytes if isinstance(other, Address) else NotImplemented

    def __ge__(self, other: "Address") -> bool:
        return self._bytes >= other._bytes if isinstance(other, Address) else NotImplemented

    def __repr__(self) -> str:
        return f'Address("{self.as_hex}")'

    def __str__(self) -> str:
        return self.as_hex

    def __format__(self, spec: str) -> str:
        """``x`` and ``s``: hex; ``b64``: base64; ``cd``: as in the text form of calldata; nothing: as ``repr``."""
        if spec == "":
            return repr(self)
        if spec in ("x", "s"):
            return self.as_hex
        if spec == "b64":
            return self.as_b64
        if spec == "cd":
            return "addr#" + self._bytes.hex()
        raise TypeError(f"unsupported format {spec!r} of an address")

    def __reduce__(self):
        return Address, (self._bytes,)
