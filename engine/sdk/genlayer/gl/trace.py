# SPDX-License-Identifier: MIT
"""For finding out what a contract does. What is traced goes to the engine's log, not to standard output."""
import typing

from .. import calldata
from .._engine import host


def trace(*objects: typing.Any) -> None:
    """Writes the texts of the objects to the engine's log, separated by spaces."""
    host.call("Trace", {"Message": " ".join(map(str, objects))})


def trace_time_micro() -> int:
    """Microseconds that the run took so far; 0 unless the engine is in debug mode, for it differs from node to node."""
    answer = host.call("Trace", {"RuntimeMicroSec": None})
    return calldata.decode(answer) if answer else 0
