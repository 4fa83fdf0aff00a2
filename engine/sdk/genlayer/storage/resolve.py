# SPDX-License-Identifier: MIT
"""From an annotation to the kind that stores it."""
import collections.abc
import datetime
import sys
import types
import typing

from ..address import Address
from ..sized import SIZED, bigint
from .array import Array, ArrayKind
from .blobs import BigintKind, BytesKind, StrKind
from .indirection import VLA, Indirection, IndirectionKind, VlaKind
from .kind import Kind
from .record import RecordKind
from .scalars import U32, AddressKind, BoolKind, DatetimeKind, FloatKind, IntKind, NoneKind
from .tree import TreeKind, TreeMap
from .vector import DynArray, VectorKind

_kinds: dict[typing.Any, Kind] = {
    bool: BoolKind(),
    str: StrKind(),
    bytes: BytesKind(),
    bigint: BigintKind(),
    float: FloatKind(),
    Address: AddressKind(),
    datetime.datetime: DatetimeKind(),
    types.NoneType: NoneKind(),
    None: NoneKind(),
    **{
        number: IntKind(number.__name__, size, signed)
        for number, (size, signed) in SIZED.items()
        if number.__name__ != "u32"
    },
    **{number: U32 for number in SIZED if number.__name__ == "u32"},
}
_being_resolved: list[typing.Any] = []

_INSTEAD = {
    list: "DynArray",
    collections.abc.Sequence: "DynArray",
    collections.abc.MutableSequence: "DynArray",
    dict: "TreeMap",
    collections.abc.Mapping: "TreeMap",
    collections.abc.MutableMapping: "TreeMap",
}


def name_of(annotation: typing.Any) -> str:
    """As an author would write it."""
    origin = typing.get_origin(annotation)
    if origin is not None:
        return f"{name_of(origin)}[{', '.join(map(name_of, typing.get_args(annotation)))}]"
    return getattr(annotation, "__name__", None) or repr(annotation)


def kind_of(annotation: typing.Any) -> Kind:
    """The kind of a type; the same object for the same type. Raises ``TypeError`` when it cannot be stored."""
    known = _kinds.get(annotation)
    if known is not None:
        return known
    if annotation in _being_resolved:
        raise TypeError(f"{name_of(annotation)} contains itself")
    _being_resolved.append(annotation)
    try:
        made = _resolve(annotation)
    finally:
        _being_resolved.pop()
    _kinds[annotation] = made
    return made


def _resolve(annotation: typing.Any) -> Kind:
    origin, args = typing.get_origin(annotation) or annotation, typing.get_args(annotation)
    if instead := _INSTEAD.get(origin):
        raise AssertionError(f"use {instead} instead of {name_of(origin)} in storage")
    if origin is int:
        raise TypeError("use bigint or a sized integer such as u256 instead of int in storage")
    if origin is typing.Annotated:
        return kind_of(args[0])
    if made := _generic(origin, args, name_of(annotation)):
        return made
    if isinstance(origin, type) and "_gl_storage" in origin.__dict__:
        return _record(origin, args)
    if isinstance(annotation, typing.NewType):
        return kind_of(annotation.__supertype__)
    # Only a contract that has imported numpy can name its types.
    if "numpy" in sys.modules:
        from .numeric import numpy_kind

        if made := numpy_kind(annotation):
            return made
    hint = "; is @allow_storage missing?" if isinstance(origin, type) else ""
    raise TypeError(f"{name_of(annotation)} is not a storage type{hint}")


def _generic(origin: typing.Any, args: tuple, name: str) -> Kind | None:
    """The collections of the SDK. Kinds of items are found when needed, so that records can refer to themselves."""
    if origin not in (DynArray, Array, TreeMap, Indirection, VLA):
        return None
    if len(args) != len(origin.__parameters__):
        raise TypeError(f"{name} needs its item types: {name}[{', '.join(p.__name__ for p in origin.__parameters__)}]")
    if origin is DynArray:
        return VectorKind(name, lambda: kind_of(args[0]))
    if origin is TreeMap:
        return TreeKind(name, lambda: (kind_of(args[0]), kind_of(args[1])))
    if origin is Indirection:
        return IndirectionKind(name, lambda: kind_of(args[0]))
    if origin is VLA:
        return VlaKind(name, lambda: kind_of(args[0]))
    length = typing.get_args(args[1])
    if (
        typing.get_origin(args[1]) is not typing.Literal
        or len(length) != 1
        or not isinstance(length[0], int)
        or length[0] < 0
    ):
        raise TypeError(f"the length of an array is a literal, as in Array[u8, typing.Literal[3]], not {name}")
    return ArrayKind(kind_of(args[0]), length[0])


def _substituted(annotation: typing.Any, values: dict[typing.Any, typing.Any]) -> typing.Any:
    if isinstance(annotation, typing.TypeVar):
        if annotation not in values:
            raise TypeError(f"the type variable {annotation.__name__} has no value")
        return values[annotation]
    parameters = getattr(annotation, "__parameters__", ())
    if parameters and typing.get_origin(annotation) is not None:
        return annotation[tuple(_substituted(p, values) for p in parameters)]
    return annotation


def _variables(cls: type, args: tuple) -> dict[typing.Any, typing.Any]:
    """What each type variable stands for, in the class and in the generic classes below it."""
    out = dict(zip(getattr(cls, "__parameters__", ()), args))
    for base in getattr(cls, "__orig_bases__", ()):
        origin = typing.get_origin(base)
        if isinstance(origin, type) and origin is not typing.Generic:
            out |= _variables(origin, tuple(_substituted(a, out) for a in typing.get_args(base)))
    return out


def field_kinds(cls: type, args: tuple = ()) -> dict[str, Kind]:
    """Kind of each annotation of a class, those of its bases first."""
    values = _variables(cls, args)
    out = {}
    for name, hint in typing.get_type_hints(cls).items():
        if hint is typing.ClassVar or typing.get_origin(hint) is typing.ClassVar:
            continue
        try:
            out[name] = kind_of(_substituted(hint, values))
        except (TypeError, AssertionError) as error:
            error.add_note(f"in the field {name} of {cls.__qualname__}")
            raise
    return out


def _record(cls: type, args: tuple) -> RecordKind:
    parameters = getattr(cls, "__parameters__", ())
    if len(args) != len(parameters):
        raise TypeError(
            f"{cls.__qualname__} needs its item types: {cls.__qualname__}[{', '.join(map(str, parameters))}]"
        )
    name = cls.__qualname__ + (f"[{', '.join(map(name_of, args))}]" if args else "")
    # A generic class has different fields for different arguments, so each set of arguments gets a subclass.
    view = type(name, (cls,), {"__module__": cls.__module__, "_gl_storage": cls}) if args else cls
    return RecordKind(name, view, field_kinds(cls, args))
