# SPDX-License-Identifier: MIT
"""``TreeMap[K, V]``: a mapping, ordered by key."""
import collections.abc
import functools
import typing

from .kind import Kind, require_same
from .scalars import U32
from .slot import Slot
from .tree_nodes import LEFT, RIGHT, Balancer, Node, NodeKind, Path
from .vector import DynArray, VectorKind

K = typing.TypeVar("K")
V = typing.TypeVar("V")

_NODES_AT = 4
_FREE_AT = 8
_FREE_KIND = VectorKind("DynArray[u32]", lambda: U32)
_MISSING = object()


class TreeMap(collections.abc.MutableMapping[K, V], typing.Generic[K, V]):
    """A dict in storage, an AVL tree. Keys need only ``<``; iteration is in their order. A look-up costs about log2(n) key reads.

    Inline stand the reference of the root, then two arrays: the nodes, and the indices of nodes that are free again.
    """

    _kind: "TreeKind"
    _slot: Slot
    _offset: int

    def __init__(self, *_args: typing.Any, **_kwargs: typing.Any):
        raise TypeError(
            "TreeMap cannot be constructed; declare a field, or use gl.storage.inmem_allocate(TreeMap[…], …)"
        )

    @property
    def _nodes(self) -> DynArray:
        return self._kind.nodes.get(self._slot, self._offset + _NODES_AT)

    @property
    def _free(self) -> DynArray:
        return _FREE_KIND.get(self._slot, self._offset + _FREE_AT)

    def _balancer(self) -> Balancer:
        nodes = self._slot.indirect(self._offset + _NODES_AT)
        return Balancer(nodes, self._kind.node, self._slot.read_u32(self._offset))

    def _store_root(self, before: int, tree: Balancer) -> None:
        if tree.root != before:
            self._slot.write_u32(self._offset, tree.root)

    @staticmethod
    def _find(tree: Balancer, key: K) -> tuple[int, Path]:
        """The reference of the key's node, or 0; and the way to it, or to where it would hang."""
        path: Path = []
        reference = tree.root
        while reference:
            node = tree.node(reference)
            there = node.key
            if key < there:
                side = LEFT
            elif there < key:
                side = RIGHT
            else:
                break
            path.append((reference, side))
            reference = node.child(side)
        return reference, path

    def _node(self, key: K) -> Node | None:
        tree = self._balancer()
        reference, _ = self._find(tree, key)
        return tree.node(reference) if reference else None

    def _insert(self, tree: Balancer, path: Path, key: K, value: V | object) -> Node:
        before = tree.root
        reference = self._allocate()
        tree.attach(path, reference)
        node = tree.node(reference)
        node.key = key
        if value is not _MISSING:
            node.value = value
        node.set_child(LEFT, 0)
        node.set_child(RIGHT, 0)
        node.balance = 0
        tree.grown(path)
        self._store_root(before, tree)
        return node

    def _allocate(self) -> int:
        free = self._free
        if length := len(free):
            index = free[length - 1]
            free.pop()
            return index + 1
        nodes = self._nodes
        nodes.append_new_get()
        return len(nodes)

    def _release(self, reference: int) -> None:
        nodes = self._nodes
        if reference == len(nodes):
            nodes.pop()
        else:
            self._free.append(reference - 1)

    def __getitem__(self, key: K) -> V:
        node = self._node(key)
        if node is None:
            raise KeyError()
        return node.value

    def get(self, key: K, default=None):
        node = self._node(key)
        return default if node is None else node.value

    def __contains__(self, key: object) -> bool:
        return self._node(typing.cast(K, key)) is not None

    def __setitem__(self, key: K, value: V) -> None:
        tree = self._balancer()
        reference, path = self._find(tree, key)
        if reference:
            tree.node(reference).value = value
        else:
            self._insert(tree, path, key, value)

    def compute_if_absent(self, key: K, supplier: typing.Callable[[], V]) -> V:
        """The value of the key; what the supplier gives is put there first if there is none."""
        tree = self._balancer()
        reference, path = self._find(tree, key)
        if reference:
            return tree.node(reference).value
        value = supplier()
        # Whatever the supplier did to this map, the way to the place is looked up again.
        tree = self._balancer()
        reference, path = self._find(tree, key)
        if reference:
            tree.node(reference).value = value
            return tree.node(reference).value
        return self._insert(tree, path, key, value).value

    def get_or_insert_default(self, key: K) -> V:
        """The value of the key; if there is none, one is made without writing it: zeros, or what a deleted node left behind."""
        tree = self._balancer()
        reference, path = self._find(tree, key)
        return (tree.node(reference) if reference else self._insert(tree, path, key, _MISSING)).value

    def setdefault(self, key: K, default=None):
        return self.compute_if_absent(key, lambda: default)

    def __delitem__(self, key: K) -> None:
        tree = self._balancer()
        reference, path = self._find(tree, key)
        if not reference:
            raise KeyError("key not found")
        before = tree.root
        self._release(reference)
        node = tree.node(reference)
        left, right = node.child(LEFT), node.child(RIGHT)
        if left and right:
            self._put_successor(tree, path, node)
        else:
            if left or right:
                tree.node(left or right).balance = 0
            tree.attach(path, left or right)
        tree.shrunk(path)
        self._store_root(before, tree)

    @staticmethod
    def _put_successor(tree: Balancer, path: Path, node: Node) -> None:
        """Hangs the next greater node in the place of this one; the path then ends where that one was taken away."""
        place = len(path)
        left, successor = node.child(LEFT), node.child(RIGHT)
        below: Path = []
        while lower := tree.node(successor).child(LEFT):
            below.append((successor, LEFT))
            successor = lower
        taken = tree.node(successor)
        if below:
            tree.attach(below, taken.child(RIGHT))
            taken.set_child(RIGHT, node.child(RIGHT))
        taken.set_child(LEFT, left)
        taken.balance = node.balance
        tree.attach(path[:place], successor)
        path.append((successor, RIGHT))
        path.extend(below)

    def pop(self, key: K, default=_MISSING):
        node = self._node(key)
        if node is None:
            if default is _MISSING:
                raise KeyError()
            return default
        value = self._kind.node.value.detached(node.value)
        del self[key]
        return value

    def popitem(self) -> tuple[K, V]:
        """Takes out the item with the smallest key."""
        for key in self:
            return key, self.pop(key)
        raise KeyError()

    def clear(self) -> None:
        self._slot.write_u32(self._offset, 0)
        self._nodes.clear()
        self._free.clear()

    def __len__(self) -> int:
        return len(self._nodes) - len(self._free)

    def _in_order(self) -> collections.abc.Iterator[Node]:
        tree = self._balancer()
        waiting: list[Node] = []
        reference = tree.root
        while reference or waiting:
            while reference:
                waiting.append(tree.node(reference))
                reference = waiting[-1].child(LEFT)
            node = waiting.pop()
            yield node
            reference = node.child(RIGHT)

    def __iter__(self) -> collections.abc.Iterator[K]:
        return (node.key for node in self._in_order())

    def items(self) -> collections.abc.ItemsView[K, V]:
        return _Items(self)

    def values(self) -> collections.abc.ValuesView[V]:
        return _Values(self)

    def __repr__(self) -> str:
        return f"TreeMap({{{', '.join(f'{k!r}: {v!r}' for k, v in self.items())}}})"


class _Items(collections.abc.ItemsView):
    """Items without a look-up for each key."""

    def __iter__(self):
        return ((node.key, node.value) for node in self._mapping._in_order())


class _Values(collections.abc.ValuesView):
    def __iter__(self):
        return (node.value for node in self._mapping._in_order())


class TreeKind(Kind):
    size = 12
    is_view = True

    def __init__(self, name: str, resolve_items: typing.Callable[[], tuple[Kind, Kind]]):
        self._name = name
        self._resolve_items = resolve_items
        self.nodes = VectorKind("the nodes of " + name, lambda: self.node)

    @functools.cached_property
    def node(self) -> NodeKind:
        return NodeKind(*self._resolve_items())

    def get(self, slot: Slot, offset: int) -> TreeMap:
        made = object.__new__(TreeMap)
        made._kind, made._slot, made._offset = self, slot, offset
        return made

    def set(self, slot: Slot, offset: int, value: typing.Any) -> None:
        require_same(self, getattr(value, "_kind", None), value)
        slot.write_u32(offset, value._slot.read_u32(value._offset))
        self.nodes.set(slot, offset + _NODES_AT, value._nodes)
        _FREE_KIND.set(slot, offset + _FREE_AT, value._free)

    def construct(self, slot: Slot, offset: int, args: tuple, kwargs: dict) -> TreeMap:
        made = self.get(slot, offset)
        made.update(*args, **kwargs)
        return made

    def __repr__(self) -> str:
        return self._name
