# SPDX-License-Identifier: MIT
"""Events: what a contract tells the world outside."""
import inspect
import typing

from .. import calldata
from ..keccak import keccak256
from . import advanced

MOST_INDEXED = 3


class Event:
    """Base of events. Positional-only parameters are indexed, others and ``**blob`` are not::

        class Transfer(gl.Event):
            def __init__(self, sender: Address, to: Address, /, **blob): ...

        Transfer(sender, to, amount=5).emit()

    The signature names the indexed fields in alphabetical order, **and positional arguments are taken in that order**, so
    declare them alphabetically. Above, the first argument becomes the field ``sender`` because "sender" comes before "to".
    """

    signature: typing.ClassVar[str]
    _indexed: typing.ClassVar[tuple[str, ...]]
    _parameters: typing.ClassVar[inspect.Signature]

    def __init_subclass__(cls, **kwargs: typing.Any):
        super().__init_subclass__(**kwargs)
        if "__init__" not in cls.__dict__:
            raise TypeError(f"the event {cls.__name__} declares its fields as parameters of __init__")
        cls._parameters = inspect.signature(cls.__dict__["__init__"])
        parameters = list(cls._parameters.parameters.values())[1:]
        cls._indexed = tuple(sorted(p.name for p in parameters if p.kind is p.POSITIONAL_ONLY))
        if len(cls._indexed) > MOST_INDEXED:
            raise TypeError(f"the event {cls.__name__} has more than {MOST_INDEXED} indexed fields")
        cls.signature = f"{cls.__name__}({','.join(cls._indexed)})"
        # The author's __init__ is a declaration; this one keeps what it is given.
        setattr(cls, "__init__", _keep)

    def emit(self) -> None:
        """Adds the event to what the transaction tells."""
        topics = [keccak256(self.signature.encode())]
        topics += [_topic(self._fields[name]) for name in self._indexed]
        advanced.emit_raw_event(topics, self._fields)

    _fields: dict[str, typing.Any]


def _keep(self: Event, *args: typing.Any, **blob: typing.Any) -> None:
    self._parameters.bind(self, *args, **blob)
    self._fields = dict(zip(self._indexed, args)) | blob


def _topic(value: typing.Any) -> bytes:
    data = calldata.encode(value)
    return keccak256(data) if len(data) > 32 else data.ljust(32, b"\0")
