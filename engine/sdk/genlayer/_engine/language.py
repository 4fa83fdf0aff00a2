# SPDX-License-Identifier: MIT
"""Contracts are written for CPython 3.13; this is 3.11. What can be made good cheaply is made good here."""
import collections.abc
import itertools
import sys
import types
import typing
import warnings

_NOTE = (
    f"This engine runs Python {sys.version_info.major}.{sys.version_info.minor}: class A[T], def f[T], type X = … and "
    "quotes of the same kind inside of f-strings came later. Use typing.TypeVar, typing.TypeAlias and other quotes."
)


def compile_source(source: bytes, path: str) -> types.CodeType:
    """Compiles a file of a program, whose text a traceback will show under this path."""
    try:
        return compile(source, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        error.add_note(_NOTE)
        raise


def _override(method):
    """typing.override of Python 3.12."""
    try:
        method.__override__ = True
    except (AttributeError, TypeError):
        pass
    return method


def _batched(iterable: collections.abc.Iterable, n: int) -> collections.abc.Iterator[tuple]:
    """itertools.batched of Python 3.12."""
    if n < 1:
        raise ValueError("n must be at least one")
    iterator = iter(iterable)
    while batch := tuple(itertools.islice(iterator, n)):
        yield batch


def _deprecated(_message: str, /, **_options: typing.Any):
    """warnings.deprecated of Python 3.13, which here warns nobody."""
    return lambda decorated: decorated


def extend() -> None:
    """Adds to the standard library what later versions have and contracts use."""
    for module, name, value in (
        (typing, "override", _override),
        (itertools, "batched", _batched),
        (warnings, "deprecated", _deprecated),
    ):
        if not hasattr(module, name):
            setattr(module, name, value)
