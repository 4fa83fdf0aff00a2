# SPDX-License-Identifier: MIT
"""The root of a contract: where its fields, its code, and who may change it are found."""
import typing

from ..address import Address
from ..sized import u8, u256
from .indirection import VLA, Indirection
from .record import Field
from .resolve import kind_of
from .slot import ROOT_ID, HostSlot

_FIELDS = {
    "contract_instance": Indirection[None],
    "code": Indirection[VLA[u8]],
    "locked_slots": Indirection[VLA[u256]],
    "upgraders": Indirection[VLA[Address]],
}


class Root:
    """Slot zero of the running contract: ``gl.storage.Root.get()``.

    Whoever is listed in ``upgraders`` when a run starts may write everything; everybody else's run is refused to write the slots
    listed in ``locked_slots``. A contract replaces its code with ``code.get().truncate()`` and ``code.get().extend(new)``.
    """

    contract_instance: Indirection[None]
    code: Indirection[VLA[u8]]
    locked_slots: Indirection[VLA[u256]]
    upgraders: Indirection[VLA[Address]]

    def __init__(self) -> None:
        self._gl_slot = HostSlot(ROOT_ID)
        self._gl_offset = 0

    @staticmethod
    def get() -> "Root":
        return Root()

    def lock_default_slots(self) -> None:
        """Locks the root, the code and both lists. It happens before each constructor."""
        locked = self.locked_slots.get()
        for slot in (self._gl_slot, self.code.slot, self.locked_slots.slot, self.upgraders.slot):
            locked.append(typing.cast(u256, slot.as_int))


for _offset, (_name, _hint) in enumerate(_FIELDS.items()):
    setattr(Root, _name, Field(_name, kind_of(_hint), _offset))
