# SPDX-License-Identifier: MIT
"""Contracts of the Ethereum chain below."""
import inspect
import typing

from ..._engine import host
from ...address import Address
from ...lazy import Call, Lazy
from ...sized import u256
from .method import MethodEncoder, encoder_of


class _Methods:
    """The declared methods, each sending what it encodes."""

    def __init__(
        self, encoders: dict[str, MethodEncoder], send: typing.Callable[[MethodEncoder, bytes], Lazy[typing.Any]]
    ):
        self._encoders = encoders
        self._send = send

    def __getattr__(self, name: str) -> Call:
        if name.startswith("__") or name not in self._encoders:
            raise AttributeError(f"the interface declares no {name}")
        encoder = self._encoders[name]

        def lazy(*args: typing.Any) -> Lazy[typing.Any]:
            return self._send(encoder, encoder.encode_call(args))

        lazy.__name__ = lazy.__qualname__ = name
        return Call(lazy)


class EvmProxy:
    """A contract, or an account, of the Ethereum chain below."""

    _views: typing.ClassVar[dict[str, MethodEncoder]] = {}
    _writes: typing.ClassVar[dict[str, MethodEncoder]] = {}

    def __init__(self, address: Address):
        if not isinstance(address, Address):
            raise TypeError(f"a contract is given by its Address, not by {address!r}")
        self.address = address

    @property
    def balance(self) -> u256:
        return u256(host.get_balance(self.address.as_bytes))

    def view(self) -> typing.Any:
        """Calls at once. Engines without an Ethereum chain refuse it."""

        def send(encoder: MethodEncoder, data: bytes) -> Lazy[typing.Any]:
            answer = host.call("EthCall", {"address": self.address, "calldata": data}) or b""
            return Lazy(lambda: encoder.decode_result(answer))

        return _Methods(self._views, send)

    def emit(self, *, value: int = 0) -> typing.Any:
        """Calls once this transaction is finalized."""

        def send(_encoder: MethodEncoder, data: bytes) -> Lazy[None]:
            self._send(value, data)
            return Lazy(lambda: None)

        return _Methods(self._writes, send)

    def emit_transfer(self, *, value: int) -> None:
        """Sends value once this transaction is finalized."""
        if value <= 0:
            raise ValueError(f"a transfer needs a value above zero, not {value}")
        self._send(value, b"")

    def _send(self, value: int, data: bytes) -> None:
        host.call("EthSend", {"address": self.address, "calldata": data, "value": value})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address!r})"


def _encoders(declaration: type, part: str) -> dict[str, MethodEncoder]:
    functions = inspect.getmembers_static(getattr(declaration, part, None), inspect.isfunction)
    return {name: encoder_of(function) for name, function in functions if not name.startswith("__")}


def contract_interface(declaration: type) -> typing.Any:
    """Makes a class with inner ``View`` and ``Write`` classes a type of Ethereum contracts::

    @gl.evm.contract_interface
    class Token:
        class View:
            def balanceOf(self, owner: Address, /) -> u256: ...

        class Write:
            def transfer(self, to: Address, amount: u256, /) -> bool: ...

    Token(address).emit().transfer(to, u256(5))
    """
    return type(
        declaration.__name__,
        (EvmProxy,),
        {
            "__doc__": declaration.__doc__,
            "__module__": declaration.__module__,
            "_views": _encoders(declaration, "View"),
            "_writes": _encoders(declaration, "Write"),
        },
    )
