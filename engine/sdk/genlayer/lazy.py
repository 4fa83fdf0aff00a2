# SPDX-License-Identifier: MIT
"""Results that are looked at later."""
import functools
import typing

T = typing.TypeVar("T")
P = typing.ParamSpec("P")


class Lazy(typing.Generic[T]):
    """A value that is computed when ``get()`` is first called; later calls give the same value, or the same exception."""

    __slots__ = ("_compute", "_value", "_error")

    def __init__(self, compute: typing.Callable[[], T]):
        self._compute: typing.Callable[[], T] | None = compute
        self._value: T
        self._error: BaseException | None = None

    def get(self) -> T:
        if self._compute is not None:
            compute, self._compute = self._compute, None
            try:
                self._value = compute()
            except BaseException as error:
                self._error = error
        if self._error is not None:
            raise self._error
        return self._value


class Call(typing.Generic[P, T]):
    """A function of the SDK that can be called for its value, or as ``f.lazy(…)`` for a ``Lazy`` of it.

    Either way the request goes to the engine at once and in order; ``lazy`` only defers looking at the answer, and so the
    exception that a bad answer raises.
    """

    def __init__(self, lazy: typing.Callable[P, Lazy[T]]):
        functools.update_wrapper(self, lazy)
        self.lazy = lazy

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.lazy(*args, **kwargs).get()
