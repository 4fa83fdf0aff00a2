# SPDX-License-Identifier: MIT
"""Keccak-256 as Ethereum uses it. ``hashlib.sha3_256`` is another function: NIST changed the padding."""
try:
    from _genlayer_wasi import keccak256
except ImportError:  # an engine without it, or none at all: then in Python, some three hundred times slower
    from ._keccak_rounds import keccak256

__all__ = ["Keccak256", "keccak256"]


class Keccak256:
    """An incremental Keccak-256, used like the objects of ``hashlib``."""

    name = "keccak256"
    digest_size = 32
    block_size = 136

    __slots__ = ("_data",)

    def __init__(self, data: "bytes | bytearray | memoryview" = b""):
        self._data = bytearray(data)

    def update(self, data: "bytes | bytearray | memoryview") -> None:
        self._data += data

    def digest(self) -> bytes:
        return keccak256(bytes(self._data))

    def hexdigest(self) -> str:
        return self.digest().hex()

    def copy(self) -> "Keccak256":
        return Keccak256(self._data)
