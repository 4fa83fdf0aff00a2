# SPDX-License-Identifier: MIT
"""Other contracts: calling them, sending them messages and value, deploying them."""
import collections.abc
import enum
import functools
import typing

from .._engine import current, host
from ..address import Address
from ..keccak import keccak256
from ..lazy import Call, Lazy
from ..sized import u256
from . import vm

On = typing.Literal["accepted", "finalized"]


class StorageType(str, enum.Enum):
    """Which state of another contract a view reads."""

    LATEST_NON_FINAL = "latest_non_final"
    """After every accepted transaction."""

    LATEST_FINAL = "latest_final"
    """After the finalized ones only."""


def _call_object(
    method: str | None, args: collections.abc.Sequence, kwargs: collections.abc.Mapping[str, typing.Any]
) -> dict:
    out: dict[str, typing.Any] = {}
    if method is not None:
        out["method"] = method
    if args:
        out["args"] = args
    if kwargs:
        out["kwargs"] = kwargs
    return out


def _checked_on(on: On) -> On:
    if on not in ("accepted", "finalized"):
        raise ValueError(f"on is 'accepted' or 'finalized', not {on!r}")
    return on


class _Methods:
    """Something whose every attribute is a method of another contract."""

    def __init__(self, send: typing.Callable[[dict], Lazy[typing.Any]]):
        self._send = send

    def __getattr__(self, name: str) -> Call:
        if name.startswith("__"):
            raise AttributeError(name)
        return Call(functools.partial(self._lazy, name))

    def _lazy(self, name: str, /, *args: typing.Any, **kwargs: typing.Any) -> Lazy[typing.Any]:
        return self._send(_call_object(name, args, kwargs))


class ContractProxy:
    """Another contract of GenLayer."""

    def __init__(self, address: Address):
        if not isinstance(address, Address):
            raise TypeError(f"a contract is given by its Address, not by {address!r}")
        self.address = address

    @property
    def balance(self) -> u256:
        return u256(host.get_balance(self.address.as_bytes))

    def view(self, *, state: StorageType = StorageType.LATEST_NON_FINAL) -> typing.Any:
        """Calls at once: ``proxy.view().method(…)`` gives what the method returns, or raises its ``UserError``.

        The other contract sees the state as it was before this transaction, and cannot change anything.
        """
        wanted = StorageType(state).value

        def send(call: dict) -> Lazy[typing.Any]:
            answer = host.call("CallContract", {"address": self.address, "calldata": call, "state": wanted}) or b""
            return Lazy(lambda: vm.unpack_result(vm.decode_result(answer)))

        return _Methods(send)

    def emit(self, *, value: int = 0, on: On = "finalized") -> typing.Any:
        """Calls later: ``proxy.emit().method(…)`` sends a message once this transaction is accepted, or finalized."""
        return _Methods(functools.partial(self._post, value, _checked_on(on)))

    def emit_transfer(self, *, value: int, on: On = "finalized") -> None:
        """Sends value; the other contract's ``__receive__`` answers."""
        if value <= 0:
            raise ValueError(f"a transfer needs a value above zero, not {value}")
        self._post(value, _checked_on(on), {})

    def _post(self, value: int, on: On, call: dict) -> Lazy[None]:
        host.call("PostMessage", {"address": self.address, "calldata": call, "value": value, "on": on})
        return Lazy(lambda: None)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address!r})"


def get_contract_at(address: Address) -> ContractProxy:
    """The contract at an address: ``.view().method(…)``, ``.emit(…).method(…)``, ``.emit_transfer(…)``, ``.balance``."""
    return ContractProxy(address)


def contract_interface(declaration: type) -> typing.Any:
    """Makes a class with inner ``View`` and ``Write`` classes, whose methods are declared only, a type of contracts::

        @gl.contract_interface
        class Token:
            class View:
                def balance_of(self, owner: Address) -> u256: ...

            class Write:
                def transfer(self, to: Address, amount: u256) -> None: ...

        Token(address).view().balance_of(owner)

    The declarations are for readers and type checkers.
    """
    members = {"__doc__": declaration.__doc__, "__module__": declaration.__module__, "declaration": declaration}
    return type(declaration.__name__, (ContractProxy,), members)


def _created_address(salt_nonce: int) -> Address:
    message = current.message()
    preimage = (
        b"\1"
        + message.contract_address.as_bytes
        + salt_nonce.to_bytes(32, "big")
        + message.chain_id.to_bytes(32, "big")
    )
    return Address(keccak256(preimage)[: Address.SIZE])


def _deploy_contract(
    *,
    code: str | bytes,
    args: collections.abc.Sequence[typing.Any] = (),
    kwargs: collections.abc.Mapping[str, typing.Any] = {},  # noqa: B006  (never changed)
    salt_nonce: int = 0,
    value: int = 0,
    on: On = "finalized",
) -> Lazy[Address | None]:
    """Deploys a contract once this transaction is accepted, or finalized.

    With a ``salt_nonce`` above zero the address is known beforehand, and given; else it is random, and ``None`` is given.
    """
    address = _created_address(salt_nonce) if salt_nonce else None
    host.call(
        "DeployContract",
        {
            "calldata": _call_object(None, args, kwargs),
            "code": code.encode() if isinstance(code, str) else code,
            "salt_nonce": salt_nonce,
            "value": value,
            "on": _checked_on(on),
        },
    )
    return Lazy(lambda: address)


deploy_contract = Call(_deploy_contract)
