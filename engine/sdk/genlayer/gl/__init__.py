# SPDX-License-Identifier: MIT
"""Everything a contract does with the chain and the world: ``from genlayer import *`` and then ``gl.…``."""
import typing

import _genlayer_wasi as wasi

from .. import calldata, storage
from .._engine import current as _current
from ..lazy import Lazy
from . import advanced, eq_principle, evm, nondet, vm
from .contract import Contract
from .event import Event
from .interact import ContractProxy, StorageType, contract_interface, deploy_contract, get_contract_at
from .public import private, public
from .trace import trace, trace_time_micro

__all__ = [
    "Contract",
    "ContractProxy",
    "Event",
    "Lazy",
    "StorageType",
    "advanced",
    "calldata",
    "contract_interface",
    "deploy_contract",
    "eq_principle",
    "evm",
    "get_contract_at",
    "message",
    "message_raw",
    "nondet",
    "private",
    "public",
    "storage",
    "trace",
    "trace_time_micro",
    "vm",
    "wasi",
]

if typing.TYPE_CHECKING:
    message: _current.Message
    """Who called, and with how much."""

    message_raw: dict[str, typing.Any]
    """The same and more: ``stack``, ``datetime``, ``is_init``, ``entry_kind``, ``entry_data``, ``entry_stage_data``."""


def __getattr__(name: str) -> typing.Any:
    # There is a message only while a contract runs, and another one in a nested run.
    if name == "message":
        return _current.message()
    if name == "message_raw":
        return _current.message_raw()
    raise AttributeError(f"gl has no {name}")
