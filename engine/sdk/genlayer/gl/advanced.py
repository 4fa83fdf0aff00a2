# SPDX-License-Identifier: MIT
"""What most contracts do without."""
import collections.abc
import typing

from .._engine import host


def emit_raw_event(topics: collections.abc.Sequence[bytes], blob: typing.Any) -> None:
    """Emits an event of up to four topics of 32 bytes each; ``blob`` is a mapping of calldata values."""
    host.call("EmitEvent", {"topics": topics, "blob": blob})


def user_error_immediate(message: str) -> typing.NoReturn:
    """Ends the run with a user error that nothing can catch: no ``except``, no ``finally``."""
    host.finish("Rollback", message)
