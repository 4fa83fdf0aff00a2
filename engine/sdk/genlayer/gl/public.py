# SPDX-License-Identifier: MIT
"""Decorators that say which methods can be called from outside, and how: ``@gl.public.view``, ``@gl.public.write``, …"""
import dataclasses
import typing

F = typing.TypeVar("F", bound=typing.Callable)

_MARK = "_gl_public"


@dataclasses.dataclass(frozen=True)
class Public:
    """What a public method is marked with."""

    readonly: bool
    payable: bool = False
    min_gas_leader: int | None = None
    min_gas_validator: int | None = None

    def __call__(self, method: F) -> F:
        setattr(method, _MARK, self)
        return method


def public_of(method: typing.Any) -> Public | None:
    """The mark of a method, or nothing when it is not public. Only what was decorated is: fields and properties have no mark."""
    mark = getattr(method, _MARK, None) if callable(method) else None
    return mark if isinstance(mark, Public) else None


class _Write:
    """Methods that change state."""

    def __init__(self, mark: Public):
        self._mark = mark

    def __call__(self, method: F) -> F:
        return self._mark(method)

    @property
    def payable(self) -> Public:
        """The method accepts value."""
        return dataclasses.replace(self._mark, payable=True)

    def min_gas(self, *, leader: int, validator: int) -> "_Write":
        """Asks callers for at least so much; it stands in the schema."""
        return _Write(dataclasses.replace(self._mark, min_gas_leader=leader, min_gas_validator=validator))


class public:
    """Marks methods as callable from outside. A method without a mark is private."""

    view = Public(readonly=True)
    """The method only reads; it can be called without a transaction."""

    write = _Write(Public(readonly=False))
    """The method changes state: ``@gl.public.write``, or ``.payable``, or ``.min_gas(leader=…, validator=…)[.payable]``."""


def private(method: F) -> F:
    """Says what is so anyway: the method cannot be called from outside."""
    if public_of(method) is not None:
        raise TypeError(f"{method.__qualname__} is both public and private")
    return method
