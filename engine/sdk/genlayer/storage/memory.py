# SPDX-License-Identifier: MIT
"""Storage objects outside of storage."""
import typing

from .kind import Kind
from .resolve import kind_of
from .slot import MemorySlot

T = typing.TypeVar("T")


def inmem_allocate(kind: type[T], *args: typing.Any, **kwargs: typing.Any) -> T:
    """Makes a storage object in memory, with the arguments of its constructor.

    A ``DynArray`` takes items, a ``TreeMap`` what ``dict`` takes. It is the only way to make instances of generic classes:
    ``gl.storage.inmem_allocate(Pair[u8, str], 1, "x")``.
    """
    return kind_of(kind).construct(MemorySlot(), 0, args, kwargs)


def copy_to_memory(value: T) -> T:
    """A copy that is independent of storage. Blocks of non-deterministic code cannot read storage, but can read copies."""
    kind: Kind | None = getattr(type(value), "_gl_kind", None) or getattr(value, "_kind", None)
    return kind.detached(value) if isinstance(kind, Kind) else value
