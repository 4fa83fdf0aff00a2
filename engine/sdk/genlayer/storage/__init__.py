# SPDX-License-Identifier: MIT
"""Types whose values persist. What they look like in bytes: docs/spec/genvm.md §3."""
from .array import Array
from .indirection import VLA, Indirection
from .memory import copy_to_memory, inmem_allocate
from .record import allow_storage
from .root import Root
from .slot import Slot
from .tree import TreeMap
from .vector import DynArray

__all__ = [
    "Array",
    "DynArray",
    "Indirection",
    "Root",
    "Slot",
    "TreeMap",
    "VLA",
    "allow_storage",
    "copy_to_memory",
    "inmem_allocate",
]
