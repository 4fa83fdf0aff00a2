# SPDX-License-Identifier: MIT
"""Runs inside a run: sandboxes, and the blocks of non-deterministic code of leaders and validators.

The engine forks for them, so a function needs no pickling: the child has it already. What travels in the request is only the
function's place in the list below.
"""
import collections.abc
import typing

from . import current, determinism, outcome

_waiting: list[typing.Callable[[bytes | None], typing.Any]] = []


class offered:
    """Makes functions callable by nested runs for the length of a ``with`` block; gives their tokens."""

    def __init__(self, *functions: typing.Callable[[bytes | None], typing.Any]):
        self._functions = functions

    def __enter__(self) -> list[bytes]:
        start = len(_waiting)
        _waiting.extend(self._functions)
        return [number.to_bytes(4, "little") for number in range(start, len(_waiting))]

    def __exit__(self, *_exception: object) -> None:
        del _waiting[-len(self._functions) :]


def enter(kind: int, data: bytes, stage: bytes | None) -> int:
    """Entry point of the forked child. ``data`` is a token; ``stage`` the leader's result when a validator runs.

    Gives an exit code, unless the run ended by returning a value or by a user error.
    """
    raw = current.message_raw() | {"entry_kind": kind, "entry_data": data, "entry_stage_data": stage}
    current.set_message(raw)
    determinism.prepare(raw, deterministic=kind == current.Entry.SANDBOX)
    return outcome.report(lambda: _function(data)(stage))


def _function(data: bytes) -> collections.abc.Callable[[bytes | None], typing.Any]:
    number = int.from_bytes(data, "little")
    if len(data) != 4 or number >= len(_waiting):
        raise ValueError("the data of a nested run must come from this SDK")
    return _waiting[number]
