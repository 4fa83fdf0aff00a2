# SPDX-License-Identifier: MIT
"""Storage as the host keeps it: per slot, bytes in pages of 32."""
import hashlib

PAGE = 32
LIMIT = 1 << 32


def slot_at(offset):
    """Id of the slot for what stands at this offset of the root."""
    return hashlib.sha3_256(bytes(32) + offset.to_bytes(4, "little")).digest()


CODE = slot_at(1)
LOCKED = slot_at(2)
UPGRADERS = slot_at(3)


class State:
    """Slots of one contract."""

    def __init__(self, slots=None):
        self.slots = {} if slots is None else slots

    def read(self, slot, offset, size):
        return bytes(self.slots.get(slot, b"")[offset : offset + size]).ljust(size, b"\0")

    def u32(self, slot, offset=0):
        return int.from_bytes(self.read(slot, offset, 4), "little")

    def items(self, slot, size):
        """Items of a length-prefixed list."""
        return [self.read(slot, 4 + size * i, size) for i in range(self.u32(slot))]

    @property
    def code(self):
        return self.read(CODE, 4, self.u32(CODE))

    def apply(self, changes):
        for key, data in changes:
            slot, start = key[:32], int.from_bytes(key[32:], "big") * PAGE
            content = bytearray(self.slots.get(slot, b""))
            content.extend(bytes(max(0, start + len(data) - len(content))))
            content[start : start + len(data)] = data
            self.slots[slot] = bytes(content)


class Overlay:
    """What a run wrote, over a state that does not change while it runs."""

    def __init__(self, below):
        self.below = below
        self.pages = {}
        self.ends = {}
        """Per slot, where the last byte ever written ends: vectors of unpadded storage tell it."""

    def page(self, slot, number):
        known = self.pages.get((slot, number))
        return self.below.read(slot, number * PAGE, PAGE) if known is None else bytes(known)

    def read(self, slot, offset, size):
        first, last = offset // PAGE, (offset + size + PAGE - 1) // PAGE
        pages = b"".join(self.page(slot, number) for number in range(first, last))
        return pages[offset - first * PAGE :][:size]

    u32 = State.u32
    items = State.items

    def write(self, slot, offset, data):
        if data:
            self.ends[slot] = max(self.ends.get(slot, 0), offset + len(data))
        for at in range(offset, offset + len(data)):
            number = at // PAGE
            if (slot, number) not in self.pages:
                self.pages[slot, number] = bytearray(self.page(slot, number))
            self.pages[slot, number][at % PAGE] = data[at - offset]

    def changes(self):
        """[(slot and page, data)], sorted, only what differs, neighbours joined."""
        out = []
        following = None
        for slot, number in sorted(self.pages):
            data = bytes(self.pages[slot, number])
            if data == self.below.read(slot, number * PAGE, PAGE):
                continue
            if following == (slot, number):
                out[-1] = (out[-1][0], out[-1][1] + data)
            else:
                out.append((slot + number.to_bytes(4, "big"), data))
            following = (slot, number + 1)
        return out

    def absorb(self, other):
        """Takes over what a run on top of this one wrote."""
        self.pages |= other.pages
        self.ends |= other.ends
