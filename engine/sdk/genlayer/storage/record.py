# SPDX-License-Identifier: MIT
"""Classes in storage: their annotations are fields, one after the other, without padding."""
import typing

from .kind import Kind, require_same
from .slot import MemorySlot, Slot

C = typing.TypeVar("C", bound=type)


class Field:
    """One field of a record or contract, as an attribute of the class."""

    __slots__ = ("name", "kind", "offset")

    def __init__(self, name: str, kind: Kind, offset: int):
        self.name = name
        self.kind = kind
        self.offset = offset

    def __get__(self, instance, owner=None):
        if instance is None:
            # Like an annotation without a value, so that @dataclass finds no default here, in whichever order they stand.
            raise AttributeError(f"{self.name} is a storage field, which only instances have")
        return self.kind.get(instance._gl_slot, instance._gl_offset + self.offset)

    def __set__(self, instance, value) -> None:
        self.kind.set(instance._gl_slot, instance._gl_offset + self.offset, value)

    def __delete__(self, instance) -> None:
        raise AttributeError(f"{self.name} is a storage field and cannot be deleted")


class RecordKind(Kind):
    """A class with fields. Its values are instances of the class that know where their fields stand."""

    is_view = True

    def __init__(self, name: str, view: type, kinds: dict[str, Kind]):
        self._name = name
        self._view = view
        self.fields: list[Field] = []
        self.size = 0
        for field_name, kind in kinds.items():
            field = Field(field_name, kind, self.size)
            self.fields.append(field)
            self.size += kind.size
            setattr(view, field_name, field)
        setattr(view, "_gl_kind", self)

    def get(self, slot: Slot, offset: int) -> typing.Any:
        made: typing.Any = object.__new__(self._view)
        made._gl_slot, made._gl_offset = slot, offset
        return made

    def set(self, slot: Slot, offset: int, value: typing.Any) -> None:
        require_same(self, getattr(type(value), "_gl_kind", None), value)
        for field in self.fields:
            field.kind.set(slot, offset + field.offset, field.__get__(value))

    def construct(self, slot: Slot, offset: int, args: tuple, kwargs: dict) -> typing.Any:
        made = self.get(slot, offset)
        made.__init__(*args, **kwargs)
        return made

    def __repr__(self) -> str:
        return self._name


def allow_storage(cls: C) -> C:
    """Lets a class be used in storage: ``@allow_storage``, with or without ``@dataclass``.

    Its annotations become fields. Instances can be made as usual and then live in memory of their own; assigning one to a field
    copies it. Instances of a generic class are made with ``gl.storage.inmem_allocate(Pair[u8, str], …)``.
    """
    from .resolve import kind_of  # resolve needs the records of this module

    if "__slots__" in cls.__dict__:
        raise TypeError(f"{cls.__qualname__} has __slots__, which leaves no room to say where its fields stand")

    def new(made, *_args, **_kwargs):
        if getattr(made, "__parameters__", ()):
            raise TypeError(f"{made.__qualname__} is generic: use gl.storage.inmem_allocate({made.__qualname__}[…], …)")
        if "_gl_kind" not in made.__dict__:
            kind_of(made)
        instance = object.__new__(made)
        instance._gl_slot, instance._gl_offset = MemorySlot(), 0
        return instance

    setattr(cls, "__new__", staticmethod(new))
    setattr(cls, "_gl_storage", cls)
    return cls
