# SPDX-License-Identifier: MIT
"""The SDK of intelligent contracts. A contract starts with its header and ``from genlayer import *``::

    # v0.2.16
    # { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
    from genlayer import *

    class Hello(gl.Contract):
        name: str

        def __init__(self, name: str):
            self.name = name

        @gl.public.view
        def greet(self) -> str:
            return f"Hello, {self.name}!"
"""
from . import gl
from .address import Address
from .keccak import Keccak256
from .sized import *  # noqa: F403
from .storage import Array, DynArray, TreeMap, allow_storage

# Spelled out, so that type checkers can read it.
# fmt: off
__all__ = [
    "Address", "Array", "DynArray", "Keccak256", "TreeMap", "allow_storage", "gl",
    "bigint", "u8", "u16", "u24", "u32", "u40", "u48", "u56", "u64", "u72", "u80", "u88", "u96", "u104", "u112",
    "u120", "u128", "u136", "u144", "u152", "u160", "u168", "u176", "u184", "u192", "u200", "u208", "u216", "u224",
    "u232", "u240", "u248", "u256", "i8", "i16", "i24", "i32", "i40", "i48", "i56", "i64", "i72", "i80", "i88",
    "i96", "i104", "i112", "i120", "i128", "i136", "i144", "i152", "i160", "i168", "i176", "i184", "i192", "i200",
    "i208", "i216", "i224", "i232", "i240", "i248", "i256",
]
