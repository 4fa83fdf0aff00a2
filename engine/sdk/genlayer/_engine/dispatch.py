# SPDX-License-Identifier: MIT
"""From a message to the method that answers it."""
import inspect
import typing

from .. import calldata
from ..gl.public import Public, public_of
from ..storage import Root
from . import current

SCHEMA = "#get-schema"
ERRORED = "#error"

if typing.TYPE_CHECKING:
    from ..gl.contract import Contract


class _Call(typing.NamedTuple):
    method: str
    args: list
    kwargs: dict[str, typing.Any]


def _read_call(data: bytes) -> _Call:
    call = calldata.decode(data)
    if not isinstance(call, dict):
        raise ValueError(f"a call is a mapping, not {calldata.to_str(call)}")
    # Later versions of the SDK write the name under an empty key.
    method = call.get("method", call.get(""))
    args, kwargs = call.get("args"), call.get("kwargs")
    made = _Call("" if method is None else method, [] if args is None else args, {} if kwargs is None else kwargs)
    if not (isinstance(made.method, str) and isinstance(made.args, list) and isinstance(made.kwargs, dict)):
        raise ValueError(f"not a call: {calldata.to_str(call)}")
    return made


def dispatch(contract: "type[Contract]") -> typing.Any:
    """Answers the message of this run; gives the value to return."""
    raw = current.message_raw()
    call = _read_call(raw["entry_data"])
    if raw["is_init"]:
        return _construct(contract, call)
    if call.method == SCHEMA:
        return contract.__get_schema__()
    instance = contract.__instance__()
    if call.method == ERRORED:
        return _invoke(instance.__on_errored_message__, ERRORED, call)
    if call.method == "":
        if _is_payable(instance.__receive__):
            return instance.__receive__()
        return _handle_undefined(instance, call)
    if call.method.startswith(("__", "#")):
        raise ValueError(f"the method {call.method} cannot be called")
    if inspect.getattr_static(contract, call.method, None) is None:
        return _handle_undefined(instance, call)
    return _invoke(getattr(instance, call.method), call.method, call)


def _construct(contract: "type[Contract]", call: _Call) -> None:
    constructor = contract.__constructor__()
    Root.get().lock_default_slots()
    constructor(contract.__instance__(), *call.args, **call.kwargs)


def _is_payable(method: typing.Any) -> bool:
    public = public_of(method)
    return public is not None and public.payable


def _check(public: Public | None, name: str) -> None:
    if public is None:
        raise ValueError(f"the method {name or '(none)'} is not public")
    if current.message().value > 0 and not public.payable:
        raise ValueError(f"the method {name or '(none)'} is not payable")


def _invoke(method: typing.Any, name: str, call: _Call) -> typing.Any:
    _check(public_of(method), name)
    return method(*call.args, **call.kwargs)


def _handle_undefined(instance: "Contract", call: _Call) -> typing.Any:
    handler = instance.__handle_undefined_method__
    if public_of(handler) is None:
        raise ValueError(f"there is no method {call.method or '(none)'}")
    _check(public_of(handler), call.method)
    return handler(call.method, call.args, call.kwargs)
