# SPDX-License-Identifier: MIT
"""Ethereum: encodings, and contracts of the chain below. Studio only sends value there (``emit_transfer``)."""
from .abi import DecodingError, decode, encode
from .interface import EvmProxy, contract_interface
from .method import MethodEncoder, selector_of, signature_of
from .types import *  # noqa: F403

# Spelled out, so that type checkers can read it.
# fmt: off
__all__ = [
    "DecodingError", "EvmProxy", "MethodEncoder", "contract_interface", "decode", "encode", "selector_of",
    "signature_of",
    "InplaceTuple", "bytes1", "bytes2", "bytes3", "bytes4", "bytes5", "bytes6", "bytes7", "bytes8", "bytes9",
    "bytes10", "bytes11", "bytes12", "bytes13", "bytes14", "bytes15", "bytes16", "bytes17", "bytes18", "bytes19",
    "bytes20", "bytes21", "bytes22", "bytes23", "bytes24", "bytes25", "bytes26", "bytes27", "bytes28", "bytes29",
    "bytes30", "bytes31", "bytes32",
]
