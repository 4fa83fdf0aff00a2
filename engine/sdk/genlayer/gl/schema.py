# SPDX-License-Identifier: MIT
"""A contract's interface as JSON, for clients: names, parameters and types of its methods."""
import collections.abc
import dataclasses
import inspect
import json
import types
import typing

from ..address import Address
from ..storage import Array, DynArray, TreeMap
from .public import Public, public_of

Schema = typing.Any

_SPECIAL = ("__receive__", "__handle_undefined_method__", "__on_errored_message__")
"""Public methods that are not called by name."""

_NAMES: dict[typing.Any, str] = {
    inspect.Parameter.empty: "any",
    typing.Any: "any",
    None: "null",
    types.NoneType: "null",
    bool: "bool",
    int: "int",
    str: "string",
    bytes: "bytes",
    bytearray: "bytes",
    Address: "address",
}
_SEQUENCES = (list, collections.abc.Sequence, collections.abc.MutableSequence, DynArray, Array)
_MAPPINGS = (dict, collections.abc.Mapping, collections.abc.MutableMapping, TreeMap)


def of_type(hint: typing.Any) -> Schema:
    """The schema of an annotation. Raises ``TypeError`` when calldata has no such type."""
    if isinstance(hint, collections.abc.Hashable) and hint in _NAMES:
        return _NAMES[hint]
    if isinstance(hint, typing.NewType):
        return of_type(hint.__supertype__)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return of_type(args[0])
    if origin is typing.Literal:
        return "any"
    if origin in (typing.Union, types.UnionType):
        return {"$or": [of_type(a) for a in args]}
    if hint in _SEQUENCES or origin in _SEQUENCES:
        return [{"$rep": of_type(args[0])}] if args else "array"
    if hint in _MAPPINGS or origin in _MAPPINGS:
        return _of_mapping(args)
    if hint is tuple or origin is tuple:
        return _of_tuple(hint, args)
    if dataclasses.is_dataclass(origin or hint):
        hints = typing.get_type_hints(origin or hint)
        return {_escaped(field.name): of_type(hints[field.name]) for field in dataclasses.fields(origin or hint)}
    raise TypeError(f"{hint!r} has no place in a schema")


def _of_mapping(args: tuple) -> Schema:
    if not args:
        return "dict"
    if args[0] is not str:
        raise TypeError(f"keys of a mapping in calldata are str, not {args[0]!r}")
    return {"$dict": of_type(args[1])}


def _of_tuple(hint: typing.Any, args: tuple) -> Schema:
    if hint is tuple:
        return "array"
    if len(args) == 2 and args[1] is Ellipsis:
        return [{"$rep": of_type(args[0])}]
    return [of_type(a) for a in args]


def _escaped(name: str) -> str:
    """Names that start with $ have a meaning of their own."""
    return "$" + name if name.startswith("$") else name


def _of_hint(hint: typing.Any, what: str, function: typing.Callable) -> Schema:
    try:
        return of_type(hint)
    except TypeError as error:
        error.add_note(f"in {what} of {function.__qualname__}")
        raise


def _of_parameters(function: typing.Callable, hints: dict[str, typing.Any]) -> dict[str, Schema]:
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or parameters[0].name != "self":
        raise TypeError(f"the first parameter of {function.__qualname__} must be self")
    params, kwparams = [], {}
    for parameter in parameters[1:]:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(f"{function.__qualname__} is public and cannot take {parameter}")
        schema = _of_hint(hints.get(parameter.name, parameter.empty), f"the parameter {parameter.name}", function)
        if parameter.kind is parameter.KEYWORD_ONLY:
            kwparams[_escaped(parameter.name)] = schema
        else:
            params.append([parameter.name, schema])
    return {"params": params, "kwparams": kwparams}


def _of_method(function: typing.Callable, public: Public) -> Schema:
    hints = typing.get_type_hints(function)
    out = _of_parameters(function, hints)
    out |= {
        "readonly": public.readonly,
        "ret": _of_hint(hints.get("return", inspect.Parameter.empty), "the result", function),
    }
    if not public.readonly:
        out["payable"] = public.payable
    if public.min_gas_leader is not None:
        out["min_gas_leader"] = public.min_gas_leader
    if public.min_gas_validator is not None:
        out["min_gas_validator"] = public.min_gas_validator
    return out


def require_private_constructor(constructor: typing.Callable) -> None:
    if public_of(constructor) is not None:
        raise TypeError("__init__ is called when the contract is deployed, and by nobody else: it cannot be public")


def of_contract(cls: typing.Any) -> str:
    """The schema of a contract, as compact JSON with sorted methods."""
    constructor = cls.__constructor__()
    methods = {}
    for name, function in sorted(inspect.getmembers_static(cls, inspect.isfunction)):
        public = public_of(function)
        if public is None or name in _SPECIAL:
            continue
        if name.startswith("__"):
            raise TypeError(f"{name} cannot be public: names that start with __ cannot be called")
        methods[name] = _of_method(function, public)
    ctor = _of_parameters(constructor, typing.get_type_hints(constructor))
    return json.dumps({"ctor": ctor, "methods": methods}, separators=(",", ":"))
