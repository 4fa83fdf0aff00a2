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
from . import gl, sized
from .address import Address
from .keccak import Keccak256
from .sized import *  # noqa: F403
from .storage import Array, DynArray, TreeMap, allow_storage

__all__ = ["Address", "Array", "DynArray", "Keccak256", "TreeMap", "allow_storage", "gl", *sized.__all__]
