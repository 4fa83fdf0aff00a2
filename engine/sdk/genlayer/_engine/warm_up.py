# SPDX-License-Identifier: MIT
"""Goes through a run without running anything.

A forked process pays for every page that it is the first to write to, and Python writes to whatever it looks at: reference
counts, specialized code. Most of a small call's time is that. The engine can pay beforehand: once before it forks, which
settles caches and specialization, and once in a child that waits for its message, which makes the pages its own.
"""
import contextlib
import functools

from .. import calldata
from ..address import Address
from ..gl import contract
from . import current, determinism, dispatch, language, program
from .runners import KNOWN

_SOURCE = f"""# v0.2.16
# {{ "Depends": "py-genlayer:{KNOWN["py-genlayer"][0]}" }}
import typing
from dataclasses import dataclass

from genlayer import *


@allow_storage
@dataclass
class Entry:
    number: u256
    text: str


class Warm(gl.Contract):
    text: str
    entries: DynArray[Entry]
    balances: TreeMap[Address, u256]

    def __init__(self):
        pass

    @gl.public.view
    def get(self, name: str, *, loud: bool = False) -> dict[str, typing.Any]:
        memory = gl.storage.inmem_allocate(TreeMap[Address, Entry])
        for byte in range(3):
            memory[Address(bytes([byte]) * 20)] = Entry(u256(byte), name)
        del memory[Address(bytes(20))]
        array = gl.storage.inmem_allocate(DynArray[str], ["a", name])
        array.append(f"{{name}}!")
        return {{"found": {{key.as_hex: entry for key, entry in memory.items()}}, "array": array, "text": self.text}}

    @gl.public.write
    def set(self, text: str) -> None:
        self.text = text
""".encode()

# What a small call does, and no more: pages that a run does not need cost it, too.
_SAMPLE = f"""# v0.2.16
# {{ "Depends": "py-genlayer:{KNOWN["py-genlayer"][0]}" }}
from genlayer import *


class Sample(gl.Contract):
    text: str

    def __init__(self):
        pass

    @gl.public.view
    def get(self, name: str, *, loud: bool = False) -> str:
        return f"{{self.text}}, {{name}}!"
""".encode()

_ADDRESS = Address(bytes(20))


def _message() -> bytes:
    call = calldata.encode({"method": "get", "args": ["warm"], "kwargs": {"loud": False}})
    return calldata.encode(
        {
            "contract_address": _ADDRESS,
            "sender_address": _ADDRESS,
            "origin_address": _ADDRESS,
            "value": 0,
            "chain_id": 1 << 64,
            "stack": [],
            "datetime": "2024-11-26T06:42:42Z",
            "is_init": False,
            "entry_kind": current.Entry.MAIN,
            "entry_data": call,
            "entry_stage_data": None,
        }
    )


@functools.cache
def _compiled() -> tuple[program.Program, bytes]:
    made = program.read(_SOURCE)
    return made, program.compile_all(made)


@functools.cache
def _compiled_sample() -> bytes:
    return program.compile_all(program.read(_SAMPLE))


def sample() -> tuple[bytes, bytes, bytes]:
    """Of a small run: code, message, and code objects."""
    return _SAMPLE, _message(), _compiled_sample()


def warm_up(rounds: int = 1) -> None:
    """Leaves nothing behind: afterwards there is no contract, no message, and no module of it.

    Storage is asked for, and may be refused: there is no run yet.
    """
    for _ in range(rounds):
        _round()
    _compiled_sample()


def _round() -> None:
    raw = calldata.decode(_message())
    current.set_message(raw)
    determinism.prepare(raw, deterministic=True)
    language.extend()
    program.read(_SOURCE)
    files = program.load(*_compiled())
    warm = contract.the_contract()
    with contextlib.suppress(SystemError):
        calldata.encode({"Return": dispatch.dispatch(warm)})
    files.uninstall()
    contract.forget_the_contract()
    current.set_message(None)
