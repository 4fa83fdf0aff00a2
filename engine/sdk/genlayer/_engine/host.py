# SPDX-License-Identifier: MIT
"""The SDK's only way to the engine, on top of the native module (its contract: _genlayer_wasi.pyi)."""
import sys
import typing

import _genlayer_wasi as wasi

from .. import calldata
from ..lazy import Lazy

get_balance = wasi.get_balance
get_self_balance = wasi.get_self_balance
storage_write = wasi.storage_write


def storage_read(slot: bytes, offset: int, size: int) -> bytes:
    buffer = bytearray(size)
    wasi.storage_read(slot, offset, buffer)
    return bytes(buffer)


def call(kind: str, payload: typing.Any) -> bytes | None:
    """Sends one request; its answer, when the kind of request has one."""
    return wasi.gl_call(calldata.encode({kind: payload}))


def call_forking(kind: str, payload: typing.Any) -> bytes:
    """As ``call``, for requests that fork: what is still buffered would otherwise be printed by both processes."""
    flush()
    answer = call(kind, payload)
    assert answer is not None
    return answer


def module_later(kind: str, payload: typing.Any) -> Lazy[typing.Any]:
    """Asks the language-model or web module; gives the answer's ``ok``, raises its ``error``."""
    answer = call(kind, payload) or b""
    return Lazy(lambda: _unpacked(answer))


def module(kind: str, payload: typing.Any) -> typing.Any:
    return module_later(kind, payload).get()


def _unpacked(answer: bytes) -> typing.Any:
    from ..gl.nondet.error import NondetException  # it imports this module

    content = calldata.decode(answer)
    if "error" in content:
        raise NondetException(content["error"])
    return content["ok"]


def finish(kind: str, payload: typing.Any) -> typing.NoReturn:
    """Ends the run, whatever ``except`` and ``finally`` stand around it."""
    data = calldata.encode({kind: payload})
    flush()
    wasi.gl_call(data)
    raise SystemError("the engine went on after the end of the run")


def flush() -> None:
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass  # a contract may have closed or replaced it
