# SPDX-License-Identifier: MIT
"""The class that every contract derives from."""
import typing

from .._engine import current, host
from ..address import Address
from ..sized import u256
from ..storage.record import RecordKind
from ..storage.resolve import field_kinds
from ..storage.root import Root
from . import schema
from .public import public


class Contract:
    """A contract: exactly one class of a program derives from it.

    Annotations of the class are its persistent fields. ``__init__`` runs once, when the contract is deployed. Methods marked
    with ``@gl.public`` can be called from outside::

        class Counter(gl.Contract):
            count: u256

            def __init__(self, start: int):
                self.count = u256(start)

            @gl.public.write
            def add(self, by: int) -> None:
                self.count = u256(self.count + by)
    """

    def __init_subclass__(cls, **kwargs: typing.Any):
        super().__init_subclass__(**kwargs)
        global _the_contract
        if _the_contract is not None:
            raise TypeError(f"only one class can be the contract, and that is {_the_contract.__qualname__} already")
        _the_contract = cls

    @property
    def balance(self) -> u256:
        """What the contract has, in wei, less what this run has sent away."""
        return u256(host.get_self_balance())

    @property
    def address(self) -> Address:
        return current.message().contract_address

    def __receive__(self) -> None:
        """Answers a message without a method, which is how value is sent, if it is overridden and public and payable."""
        raise NotImplementedError("the contract takes no plain transfers")

    def __handle_undefined_method__(self, method: str, args: list, kwargs: dict[str, typing.Any]) -> typing.Any:
        """Answers a message to a method that does not exist, if it is overridden and public."""
        raise NotImplementedError(f"there is no method {method}")

    @public.write.payable
    def __on_errored_message__(self) -> None:
        """Answers a message of this contract that came back with its value, for the receiver failed."""

    @classmethod
    def __get_schema__(cls) -> str:
        """The contract's interface, as JSON text."""
        return schema.of_contract(cls)

    @classmethod
    def __constructor__(cls) -> typing.Callable[..., None]:
        constructor = cls.__init__
        if constructor is object.__init__:
            raise TypeError(f"{cls.__qualname__} has no __init__")
        schema.require_private_constructor(constructor)
        return typing.cast(typing.Callable[..., None], constructor)

    @classmethod
    def __instance__(cls) -> typing.Self:
        """The contract as it is stored. Nothing is read yet: its fields are read when they are asked for."""
        return cls.__dict__["_gl_kind"].get(Root.get().contract_instance.slot, 0)


_the_contract: type[Contract] | None = None


def the_contract() -> type[Contract]:
    """The program's contract, with its fields in place."""
    if _the_contract is None:
        raise TypeError("there is no contract: no class derives from gl.Contract")
    if "_gl_kind" not in _the_contract.__dict__:
        # Not when the class was made: its annotations may name what is defined below it.
        RecordKind(_the_contract.__qualname__, _the_contract, field_kinds(_the_contract))
    return _the_contract


def forget_the_contract() -> None:
    """Makes room for another contract class, in a process that has not run one yet."""
    global _the_contract
    _the_contract = None
