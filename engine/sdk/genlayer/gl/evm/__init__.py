# SPDX-License-Identifier: MIT
"""Ethereum: encodings, and contracts of the chain below. Studio only sends value there (``emit_transfer``)."""
from . import types
from .abi import DecodingError, decode, encode
from .interface import EvmProxy, contract_interface
from .method import MethodEncoder, selector_of, signature_of
from .types import *  # noqa: F403

__all__ = [
    "DecodingError",
    "EvmProxy",
    "MethodEncoder",
    "contract_interface",
    "decode",
    "encode",
    "selector_of",
    "signature_of",
    *types.__all__,
]
