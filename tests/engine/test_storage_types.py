# SPDX-License-Identifier: MIT
"""Storage types, in memory: no contract is needed for them."""
import datetime
import typing
import unittest

from dataclasses import dataclass

import support  # noqa: F401

import genlayer
from genlayer import Address, Array, DynArray, TreeMap, allow_storage, bigint, i8, i16, i256, u8, u16, u32, u64, u256
from genlayer.gl import evm, storage
from genlayer.sized import SIZED
from genlayer.storage.resolve import kind_of
from genlayer.storage.slot import MemorySlot

K = typing.TypeVar("K")
V = typing.TypeVar("V")


@allow_storage
@dataclass
class Point:
    x: i16
    y: i16


@dataclass
@allow_storage
class Named:
    name: str
    where: Point


@allow_storage
class Pair(typing.Generic[K, V]):
    key: K
    value: V

    def __init__(self, key, value):
        self.key = key
        self.value = value

    def text(self):
        return f"{self.key}={self.value}"


@allow_storage
class Texts(Pair[K, str], typing.Generic[K]):
    count: u8


@allow_storage
class Tree:
    label: str
    children: "DynArray[Tree]"
    by_name: "TreeMap[str, Tree]"


@allow_storage
class Endless:
    again: "Endless"


def stored(hint, value):
    """Writes a value, and gives the slot and what is read back."""
    slot = MemorySlot()
    kind = kind_of(hint)
    kind.set(slot, 0, value)
    return slot, kind.get(slot, 0)


class names(unittest.TestCase):
    def test_every_sized_integer_is_exported(self):
        numbers = {kind.__name__ for kind in SIZED}
        self.assertEqual({f"{sign}{bits}" for sign in "ui" for bits in range(8, 257, 8)}, numbers)
        self.assertLessEqual(numbers, set(genlayer.__all__))
        self.assertLessEqual({f"bytes{size}" for size in range(1, 33)}, set(evm.__all__))
        for module in (genlayer, evm):
            for name in module.__all__:
                self.assertTrue(hasattr(module, name), name)


class scalars(unittest.TestCase):
    def test_what_is_written_is_read(self):
        utc = datetime.timezone.utc
        east = datetime.timezone(datetime.timedelta(hours=5, minutes=45, seconds=1, microseconds=7))
        for hint, value in [
            (bool, True),
            (bool, False),
            (u8, 255),
            (i8, -128),
            (u64, 2**64 - 1),
            (u256, 2**256 - 1),
            (i256, -(2**255)),
            (None, None),
            (float, -0.25),
            (str, ""),
            (str, "naïve 世界"),
            (bytes, b""),
            (bytes, bytes(range(256))),
            (bigint, 0),
            (bigint, 1),
            (bigint, -1),
            (bigint, 255),
            (bigint, -256),
            (bigint, 10**200),
            (bigint, -(10**200)),
            (Address, Address(b"\7" * 20)),
            (datetime.datetime, datetime.datetime(1970, 1, 1, tzinfo=utc)),
            (datetime.datetime, datetime.datetime(9999, 12, 31, 23, 59, 59, 999999)),
            (datetime.datetime, datetime.datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=east)),
        ]:
            with self.subTest(hint=hint, value=value):
                read = stored(hint, value)[1]
                self.assertEqual(value, read)
                self.assertIs(type(value), type(read))
                if isinstance(value, datetime.datetime):
                    self.assertEqual(value.utcoffset(), read.utcoffset())

    def test_bytes_of_bigint(self):
        for value, expected in [
            (0, "0000"),
            (1, "010000"),
            (-1, "ffffff"),
            (255, "ff0000"),
            (-300, "d4feffff"),
            (256, "00010000"),
        ]:
            slot, _ = stored(bigint, value)
            self.assertEqual(expected, slot.indirect(0).read(0, slot.read_u32(0)).hex())

    def test_numbers_must_fit(self):
        for hint, value in [(u8, 256), (u8, -1), (i8, 128), (i8, -129), (u256, 2**256)]:
            with self.subTest(hint=hint, value=value), self.assertRaises(OverflowError):
                stored(hint, value)

    def test_before_1970(self):
        with self.assertRaises(OverflowError):
            stored(datetime.datetime, datetime.datetime(1969, 12, 31, 23, 59, 59))

    def test_wrong_types(self):
        for hint, value in [
            (u8, "1"),
            (u8, 1.0),
            (bytes, "x"),
            (Address, b"\0" * 20),
            (bigint, None),
            (float, "x"),
            (datetime.datetime, 5),
            (None, 0),
        ]:
            with self.subTest(hint=hint, value=value), self.assertRaises(TypeError):
                stored(hint, value)

    def test_what_is_no_text(self):
        for value in (1, None, b"x"):
            with self.assertRaises(AttributeError):
                stored(str, value)

    def test_a_shorter_text_leaves_the_tail(self):
        slot, _ = stored(str, "hello")
        kind_of(str).set(slot, 0, "b")
        self.assertEqual(b"bello", slot.indirect(0).read(0, 5))
        self.assertEqual("b", kind_of(str).get(slot, 0))


class what_can_be_stored(unittest.TestCase):
    def test_hints_for_the_usual_mistakes(self):
        for hint, error, text in [
            (int, TypeError, "use bigint or a sized integer"),
            (list[int], AssertionError, "use DynArray"),
            (dict[str, int], AssertionError, "use TreeMap"),
            (list, AssertionError, "use DynArray"),
            (dict, AssertionError, "use TreeMap"),
            (set, TypeError, "is not a storage type"),
            (str | None, TypeError, "is not a storage type"),
            (DynArray, TypeError, "needs its item types"),
            (TreeMap, TypeError, "needs its item types"),
            (Array[u8, 3], TypeError, "is a literal"),
            (Pair, TypeError, "needs its item types"),
            (unittest.TestCase, TypeError, "is @allow_storage missing?"),
            (Endless, TypeError, "contains itself"),
            (typing.Any, TypeError, "is not a storage type"),
        ]:
            with self.subTest(hint=hint), self.assertRaisesRegex(error, text.replace("?", r"\?")):
                kind_of(hint)

    def test_one_kind_per_type(self):
        self.assertIs(kind_of(DynArray[u32]), kind_of(DynArray[u32]))
        self.assertIs(kind_of(Pair[u8, str]), kind_of(Pair[u8, str]))
        self.assertIsNot(kind_of(Pair[u8, str]), kind_of(Pair[u8, bytes]))

    def test_sizes(self):
        for hint, size in [
            (bool, 1),
            (u8, 1),
            (u256, 32),
            (Address, 20),
            (float, 8),
            (None, 0),
            (str, 4),
            (bytes, 4),
            (bigint, 4),
            (datetime.datetime, 25),
            (DynArray[u8], 4),
            (TreeMap[str, u8], 12),
            (Array[u16, typing.Literal[3]], 6),
            (Point, 4),
            (Named, 8),
            (Pair[u8, Pair[u16, str]], 7),
            (storage.Indirection[str], 1),
        ]:
            with self.subTest(hint=hint):
                self.assertEqual(size, kind_of(hint).size)

    def test_collections_are_not_made_directly(self):
        for make in (DynArray, DynArray[u8], TreeMap, TreeMap[str, u8], lambda: Array[u8, typing.Literal[1]]()):
            with self.assertRaisesRegex(TypeError, "inmem_allocate"):
                make()


class records(unittest.TestCase):
    def test_are_made_as_usual(self):
        made = Named("origin", Point(1, -2))
        self.assertEqual(("origin", 1, -2), (made.name, made.where.x, made.where.y))
        self.assertEqual(Point(1, -2), made.where)
        self.assertIn("origin", repr(made))

    def test_assignment_copies(self):
        point = Point(1, 2)
        made = Named("a", point)
        point.x = 9
        self.assertEqual(1, made.where.x)
        made.where.x = 7
        self.assertEqual(7, made.where.x)

    def test_only_the_same_type_is_assigned(self):
        made = Named("a", Point(0, 0))
        for value in (5, None, Named("b", Point(0, 0)), {"x": 1, "y": 2}):
            with self.assertRaisesRegex(AssertionError, r"Is right the same storage type\?"):
                made.where = value

    def test_numbers_are_checked_when_stored(self):
        with self.assertRaises(OverflowError):
            Point(2**15, 0)

    def test_generic(self):
        with self.assertRaisesRegex(TypeError, "generic"):
            Pair(1, "x")
        made = storage.inmem_allocate(Pair[u8, str], 1, "x")
        self.assertEqual("1=x", made.text())
        self.assertIsInstance(made, Pair)
        with self.assertRaises(OverflowError):
            made.key = 256

    def test_fields_of_generic_bases_come_first(self):
        made = storage.inmem_allocate(Texts[u16], 5, "five")
        made.count = 3
        self.assertEqual((5, "five", 3), (made.key, made.value, made.count))
        self.assertEqual(2 + 4 + 1, kind_of(Texts[u16]).size)

    def test_that_hold_themselves(self):
        tree = Tree()
        tree.label = "root"
        child = tree.children.append_new_get()
        child.label = "child"
        child.children.append_new_get().label = "grandchild"
        tree.by_name.get_or_insert_default("x").label = "named"
        copy = storage.copy_to_memory(tree)
        child.children[0].label = "changed"
        self.assertEqual("grandchild", copy.children[0].children[0].label)
        self.assertEqual("named", copy.by_name["x"].label)

    def test_slots_are_refused(self):
        with self.assertRaisesRegex(TypeError, "__slots__"):

            @allow_storage
            class Bad:
                __slots__ = ("x",)

    def test_copies_of_plain_values_are_the_values(self):
        for value in (1, "x", None, [1], Address(bytes(20))):
            self.assertIs(value, storage.copy_to_memory(value))


if __name__ == "__main__":
    unittest.main()
