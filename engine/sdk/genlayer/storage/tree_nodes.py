# SPDX-License-Identifier: MIT
"""Nodes of a ``TreeMap``, and how an AVL tree of them is kept in balance.

A node is key, value, left, right, balance, in this order and without gaps. Left and right are references: 0 for nothing, else
the node's index in the array of nodes plus one. Balance is the height of the right subtree minus that of the left.

Every node of a network must make the same moves: which node ends where is visible in the stored bytes.
"""
from .kind import Kind
from .scalars import U32, IntKind
from .slot import Slot

LEFT, RIGHT = -1, 1
"""Sides, and what one more level on that side adds to a balance."""

_BALANCE = IntKind("i8", 1, True)

Path = list[tuple[int, int]]
"""From the root down: each node passed, and the side taken there."""


class Node:
    """One node, read and written in place."""

    __slots__ = ("kind", "slot", "offset")

    def __init__(self, kind: "NodeKind", slot: Slot, offset: int):
        self.kind = kind
        self.slot = slot
        self.offset = offset

    @property
    def key(self):
        return self.kind.key.get(self.slot, self.offset)

    @key.setter
    def key(self, key):
        self.kind.key.set(self.slot, self.offset, key)

    @property
    def value(self):
        return self.kind.value.get(self.slot, self.offset + self.kind.key.size)

    @value.setter
    def value(self, value):
        self.kind.value.set(self.slot, self.offset + self.kind.key.size, value)

    def child(self, side: int) -> int:
        return self.slot.read_u32(self._child_offset(side))

    def set_child(self, side: int, reference: int) -> None:
        self.slot.write_u32(self._child_offset(side), reference)

    def _child_offset(self, side: int) -> int:
        return self.offset + self.kind.links_at + (4 if side == RIGHT else 0)

    @property
    def balance(self) -> int:
        return _BALANCE.get(self.slot, self.offset + self.kind.links_at + 8)

    @balance.setter
    def balance(self, balance: int):
        _BALANCE.set(self.slot, self.offset + self.kind.links_at + 8, balance)


class NodeKind(Kind):
    is_view = True

    def __init__(self, key: Kind, value: Kind):
        self.key = key
        self.value = value
        self.links_at = key.size + value.size
        self.size = self.links_at + 2 * U32.size + _BALANCE.size

    def get(self, slot: Slot, offset: int) -> Node:
        return Node(self, slot, offset)

    def set(self, slot: Slot, offset: int, value: Node) -> None:
        made = self.get(slot, offset)
        made.key, made.value, made.balance = value.key, value.value, value.balance
        for side in (LEFT, RIGHT):
            made.set_child(side, value.child(side))

    def __repr__(self) -> str:
        return f"a node of {self.key!r} and {self.value!r}"


class Balancer:
    """The moves, over anything that gives nodes by reference. Each returns the new root."""

    def __init__(self, nodes: Slot, kind: NodeKind, root: int):
        self._nodes = nodes
        self._kind = kind
        self.root = root

    def node(self, reference: int) -> Node:
        return Node(self._kind, self._nodes, (reference - 1) * self._kind.size)

    def attach(self, path: Path, reference: int) -> None:
        """Hangs a node where the path ends."""
        if path:
            parent, side = path[-1]
            self.node(parent).set_child(side, reference)
        else:
            self.root = reference

    def grown(self, path: Path) -> None:
        """Balances after a leaf was hung at the end of the path."""
        while path:
            reference, side = path[-1]
            path = path[:-1]
            node = self.node(reference)
            balance = node.balance + side
            if abs(balance) == 2:
                self.attach(path, self._rotated(reference, side))
                return
            node.balance = balance
            if balance == 0:
                return

    def shrunk(self, path: Path) -> None:
        """Balances after the subtree at the end of the path became one level lower."""
        while path:
            reference, side = path[-1]
            path = path[:-1]
            node = self.node(reference)
            balance = node.balance - side
            if abs(balance) == 2:
                sibling_was_even = self.node(node.child(-side)).balance == 0
                self.attach(path, self._rotated(reference, -side))
                if sibling_was_even:
                    return
            else:
                node.balance = balance
                if balance != 0:
                    return

    def _rotated(self, reference: int, heavy: int) -> int:
        """Lifts the child on the side that is two levels too high; returns what is now on top."""
        child = self.node(reference).child(heavy)
        if self.node(child).balance == -heavy:
            return self._rotated_twice(reference, child, heavy)
        low, high = self.node(reference), self.node(child)
        low.set_child(heavy, high.child(-heavy))
        high.set_child(-heavy, reference)
        # An even child is met only when deleting.
        even = high.balance == 0
        low.balance = heavy if even else 0
        high.balance = -heavy if even else 0
        return child

    def _rotated_twice(self, reference: int, child: int, heavy: int) -> int:
        low, high = self.node(reference), self.node(child)
        grandchild = high.child(-heavy)
        top = self.node(grandchild)
        low.set_child(heavy, top.child(-heavy))
        high.set_child(-heavy, top.child(heavy))
        top.set_child(-heavy, reference)
        top.set_child(heavy, child)
        leaning = top.balance
        low.balance = -heavy if leaning == heavy else 0
        high.balance = heavy if leaning == -heavy else 0
        top.balance = 0
        return grandchild
