# SPDX-License-Identifier: MIT
"""Types of numpy: its numbers, and arrays of a given shape. Loaded only when a contract has imported numpy."""
import typing

import numpy as np

from .kind import Kind
from .slot import Slot


class NumpyKind(Kind):
    """Items one after the other, little-endian. A scalar is an array without dimensions."""

    def __init__(self, dtype: np.dtype, shape: tuple[int, ...] | None):
        self._dtype = dtype.newbyteorder("<")
        self._shape = shape
        self.size = self._dtype.itemsize * int(np.prod(shape or (), dtype=np.int64))

    def get(self, slot: Slot, offset: int) -> typing.Any:
        # Over immutable bytes, so writing into the array raises, rather than being lost.
        items = np.frombuffer(slot.read(offset, self.size), self._dtype)
        return items[0] if self._shape is None else items.reshape(self._shape)

    def set(self, slot: Slot, offset: int, value: typing.Any) -> None:
        items = np.asarray(value)
        if items.shape != (self._shape or ()):
            raise ValueError(f"{self!r} is expected, not an array of shape {items.shape}")
        slot.write(offset, items.astype(self._dtype, casting="same_kind").tobytes())

    def __repr__(self) -> str:
        return f"numpy.{self._dtype.name}" + ("" if self._shape is None else f"{list(self._shape)}")


def _dtype_of(hint: typing.Any) -> np.dtype:
    """From ``np.float32``, ``np.dtype[np.float32]`` or a class of dtypes."""
    if typing.get_origin(hint) is np.dtype:
        hint = typing.get_args(hint)[0]
    made = hint() if isinstance(hint, type) and issubclass(hint, np.dtype) else np.dtype(hint)
    if made.hasobject or made.itemsize == 0:
        raise TypeError(f"{made} has no fixed size")
    return made


def _length(hint: typing.Any) -> int:
    values = typing.get_args(hint)
    if typing.get_origin(hint) is not typing.Literal or len(values) != 1 or not isinstance(values[0], int):
        raise TypeError(f"a dimension is a literal, as in tuple[typing.Literal[3]], not {hint!r}")
    return values[0]


def numpy_kind(annotation: typing.Any) -> Kind | None:
    """The kind of a type of numpy; nothing for other types."""
    if typing.get_origin(annotation) is np.ndarray:
        shape, dtype = typing.get_args(annotation)
        return NumpyKind(_dtype_of(dtype), tuple(map(_length, typing.get_args(shape))))
    if isinstance(annotation, type) and issubclass(annotation, np.generic):
        return NumpyKind(_dtype_of(annotation), None)
    return None
