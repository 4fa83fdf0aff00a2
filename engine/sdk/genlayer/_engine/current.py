# SPDX-License-Identifier: MIT
"""The message of this process's run. There is one run per process, so it is a plain variable."""
import typing

from ..address import Address
from ..sized import u256


class Message(typing.NamedTuple):
    """Who called what, with how much."""

    contract_address: Address
    """The contract that runs."""
    sender_address: Address
    """Who sent this message: an account, or a contract."""
    origin_address: Address
    """The account that signed the transaction."""
    value: u256
    """What came with the message, in wei."""
    chain_id: u256


class Entry:
    """Values of ``message_raw["entry_kind"]``."""

    MAIN = 0
    SANDBOX = 1
    CONSENSUS_STAGE = 2


_raw: dict[str, typing.Any] | None = None
_message: Message | None = None


def set_message(raw: dict[str, typing.Any] | None) -> None:
    global _raw, _message
    _raw = raw
    _message = None if raw is None else Message(*(raw[name] for name in Message._fields))


def message() -> Message:
    if _message is None:
        raise RuntimeError("there is no message: no contract is running")
    return _message


def message_raw() -> dict[str, typing.Any]:
    if _raw is None:
        raise RuntimeError("there is no message: no contract is running")
    return _raw
