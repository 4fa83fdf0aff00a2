# SPDX-License-Identifier: MIT
"""Methods of Ethereum contracts."""
import collections.abc
import inspect
import typing

from ...keccak import keccak256
from .abi import codec_of, decode, encode
from .types import InplaceTuple


def signature_of(name: str, parameters: collections.abc.Sequence[typing.Any]) -> str:
    """``transfer(address,uint256)``"""
    return f"{name}({','.join(codec_of(p).name for p in parameters)})"


def selector_of(name: str, parameters: collections.abc.Sequence[typing.Any]) -> bytes:
    """The four bytes that a call starts with."""
    return keccak256(signature_of(name, parameters).encode())[:4]


class MethodEncoder:
    """Encodes calls of one method, and decodes what it returns."""

    def __init__(self, name: str, parameters: collections.abc.Sequence[typing.Any], result: typing.Any = None):
        self.name = name
        self.selector = selector_of(name, parameters)
        self._parameters = tuple[(InplaceTuple, *parameters)]  # type: ignore[misc]
        self._result = result

    def encode_call(self, args: collections.abc.Sequence[typing.Any]) -> bytes:
        return self.selector + encode(self._parameters, tuple(args))

    def decode_result(self, data: bytes) -> typing.Any:
        return None if self._result in (None, type(None)) else decode(self._result, data)


def encoder_of(function: typing.Callable) -> MethodEncoder:
    """From a declaration, whose parameters all have types of the ABI."""
    hints = typing.get_type_hints(function)
    names = list(inspect.signature(function).parameters)[1:]
    if missing := [name for name in names if name not in hints]:
        raise TypeError(f"{function.__qualname__} says no type of {', '.join(missing)}")
    return MethodEncoder(function.__name__, [hints[name] for name in names], hints.get("return"))
