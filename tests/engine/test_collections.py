# SPDX-License-Identifier: MIT
"""DynArray, Array, VLA and TreeMap against list and dict, with random operations."""
import random
import typing
import unittest

import support  # noqa: F401

from genlayer import Array, DynArray, TreeMap, allow_storage, u8, u16, u32
from genlayer.gl import storage
from genlayer.storage.tree_nodes import LEFT, RIGHT


@allow_storage
class Item:
    name: str
    tags: DynArray[u8]

    def __init__(self, name: str):
        self.name = name


class dyn_array(unittest.TestCase):
    def make(self, *values, hint=DynArray[u32]):
        return storage.inmem_allocate(hint, values)

    def test_like_a_list(self):
        chance = random.Random(1)
        for _ in range(60):
            array, expected = self.make(), []
            for _ in range(40):
                self.step(chance, array, expected)
                self.assertEqual(expected, list(array))
                self.assertEqual(len(expected), len(array))

    def step(self, chance, array, expected):
        at, value = chance.randrange(-12, 12), chance.randrange(100)
        values = [chance.randrange(100) for _ in range(chance.randrange(4))]
        part = slice(
            *(chance.choice([None, chance.randrange(-12, 12)]) for _ in range(2)),
            chance.choice([None, 1, 1, 2, -1, -3]),
        )
        operations = [
            lambda a: a.append(value),
            lambda a: a.insert(at, value),
            lambda a: a.__delitem__(at),
            lambda a: a.__setitem__(at, value),
            lambda a: a.extend(values),
            lambda a: a.__delitem__(part),
            lambda a: a.__setitem__(part, values),
            lambda a: a.reverse(),
            lambda a: a.__setitem__(slice(None), list(a)),
            lambda a: a.extend(a),
            lambda a: a.remove(value),
            lambda a: None if a.pop() else None,
            lambda a: self.assertEqual(expected[part], a[part]),
            lambda a: self.assertEqual(expected[at], a[at]),
            lambda a: a.clear() if value < 5 else None,
        ]
        operation = chance.choice(operations)
        raised = []
        for subject in (expected, array):
            try:
                operation(subject)
                raised.append(None)
            except (IndexError, ValueError) as error:
                raised.append(type(error))
        self.assertEqual(*raised)
        del expected[30:]
        del array[30:]

    def test_pop_gives_nothing_and_takes_no_index(self):
        array = self.make(1, 2)
        self.assertIsNone(array.pop())
        self.assertRaises(TypeError, array.pop, 0)
        array.pop()
        self.assertRaises(IndexError, array.pop)

    def test_records_shift_by_value(self):
        array = self.make(*(Item(name) for name in "abcd"), hint=DynArray[Item])
        array[1].tags.append(7)
        array.insert(0, Item("z"))
        del array[1]
        array.reverse()
        self.assertEqual("dcbz", "".join(item.name for item in array))
        self.assertEqual([7], list(array[2].tags))

    def test_an_item_inserted_from_the_array_itself(self):
        array = self.make(Item("a"), Item("b"), hint=DynArray[Item])
        array.insert(0, array[1])
        self.assertEqual(["b", "a", "b"], [item.name for item in array])

    def test_append_new_get_shows_what_was_there(self):
        array = self.make(5, 6)
        array.pop()
        self.assertEqual(6, array.append_new_get())

    def test_whole_arrays(self):
        nested = storage.inmem_allocate(DynArray[DynArray[u8]], [[1, 2], [3]])
        nested[1] = nested[0]
        nested[0].append(9)
        self.assertEqual([[1, 2, 9], [1, 2]], [list(part) for part in nested])
        with self.assertRaisesRegex(TypeError, "incompatible vector type"):
            nested[0] = storage.inmem_allocate(DynArray[u16], [1])

    def test_bad_indices(self):
        array = self.make(1)
        for index in (1, -2, 10**30):
            self.assertRaises(IndexError, array.__getitem__, index)
        self.assertRaises(TypeError, array.__getitem__, "0")

    def test_shows_its_items(self):
        self.assertEqual("DynArray([1, 2])", repr(self.make(1, 2)))


class fixed_array(unittest.TestCase):
    def test_has_its_items_from_the_start(self):
        array = storage.inmem_allocate(Array[u16, typing.Literal[3]])
        self.assertEqual([0, 0, 0], list(array))
        array[-1] = 5
        array[:2] = [1, 2]
        self.assertEqual([1, 2, 5], list(array))
        self.assertEqual([5, 2, 1], array[::-1])
        self.assertRaises(IndexError, array.__setitem__, 3, 0)
        self.assertRaises(ValueError, array.__setitem__, slice(None), [1])

    def test_takes_as_many_as_it_has(self):
        self.assertRaises(ValueError, storage.inmem_allocate, Array[u8, typing.Literal[3]], [1, 2])


class vla(unittest.TestCase):
    def test_bytes(self):
        box = storage.inmem_allocate(storage.Indirection[storage.VLA[u8]])
        content = box.get()
        content.extend(b"hello")
        content.append(33)
        self.assertEqual(b"hello!", bytes(content))
        content.truncate(2)
        self.assertEqual(b"he", bytes(content))
        self.assertRaises(ValueError, content.truncate, 3)
        content.truncate()
        content.extend([1, 2])
        self.assertEqual([1, 2], list(content))
        box.set(b"xyz")
        self.assertEqual(b"xyz", bytes(content))


class tree_map(unittest.TestCase):
    def make(self, hint=TreeMap[u32, u32]):
        return storage.inmem_allocate(hint)

    def check_shape(self, tree):
        """Heights, balances, order, and that every node is either hung or free."""
        balancer = tree._balancer()

        def height(reference):
            if reference == 0:
                return 0
            node = balancer.node(reference)
            left, right = height(node.child(LEFT)), height(node.child(RIGHT))
            self.assertEqual(right - left, node.balance)
            self.assertLessEqual(abs(right - left), 1)
            return 1 + max(left, right)

        height(balancer.root)
        keys = list(tree)
        self.assertEqual(sorted(keys), keys)
        self.assertEqual(len(keys), len(tree))
        self.assertEqual(len(keys) + len(tree._free), len(tree._nodes))

    def test_like_a_dict(self):
        chance = random.Random(2)
        for spread in (8, 40, 200):
            tree, expected = self.make(), {}
            for number in range(600):
                key = chance.randrange(spread)
                if chance.random() < 0.45:
                    self.assertEqual(expected.pop(key, None), tree.pop(key, None))
                else:
                    tree[key] = expected[key] = number
                self.assertEqual(expected.get(key), tree.get(key))
                self.assertEqual(key in expected, key in tree)
                if number % 20 == 0:
                    self.check_shape(tree)
                    self.assertEqual(dict(sorted(expected.items())), dict(tree.items()))
                    self.assertEqual([expected[k] for k in sorted(expected)], list(tree.values()))
            while tree:
                self.assertEqual((key := min(expected), expected.pop(key)), tree.popitem())
                self.check_shape(tree)

    def test_missing_keys(self):
        tree = self.make()
        with self.assertRaises(KeyError) as caught:
            tree[1]
        self.assertEqual((), caught.exception.args)
        with self.assertRaises(KeyError) as caught:
            del tree[1]
        self.assertEqual(("key not found",), caught.exception.args)
        self.assertRaises(KeyError, tree.pop, 1)
        self.assertRaises(KeyError, tree.popitem)
        self.assertEqual(5, tree.get(1, 5))

    def test_values_made_when_asked_for(self):
        tree = self.make(TreeMap[str, DynArray[u8]])
        tree.get_or_insert_default("a").append(1)
        tree.compute_if_absent("b", lambda: [2, 3]).append(4)
        tree.compute_if_absent("b", lambda: self.fail("the key is there")).append(5)
        tree.setdefault("c", []).append(6)
        self.assertEqual({"a": [1], "b": [2, 3, 4, 5], "c": [6]}, {k: list(v) for k, v in tree.items()})

    def test_a_supplier_that_inserts(self):
        tree = self.make()

        def supplier():
            tree[1] = 5
            tree[2] = 6
            return 7

        self.assertEqual(7, tree.compute_if_absent(1, supplier))
        self.assertEqual({1: 7, 2: 6}, dict(tree))

    def test_a_reused_node_shows_the_value_it_had(self):
        tree = self.make()
        tree.update({1: 11, 2: 22})
        del tree[1]
        self.assertEqual(11, tree.get_or_insert_default(3))

    def test_whole_maps(self):
        nested = self.make(TreeMap[str, TreeMap[u8, u8]])
        nested["a"] = storage.inmem_allocate(TreeMap[u8, u8], {1: 2, 3: 4})
        copy = storage.copy_to_memory(nested)
        nested["a"][1] = 9
        self.assertEqual({1: 2, 3: 4}, dict(copy["a"]))
        self.assertEqual(copy["a"], {1: 2, 3: 4})
        for value in (5, {1: 2}, self.make()):
            with self.assertRaisesRegex(AssertionError, "Is right the same storage type"):
                nested["a"] = value

    def test_clear(self):
        tree = self.make()
        tree.update({k: k for k in range(9)})
        del tree[4]
        tree.clear()
        self.assertEqual((0, [], False), (len(tree), list(tree), 3 in tree))
        tree[1] = 1
        self.check_shape(tree)

    def test_popped_records_do_not_change(self):
        tree = self.make(TreeMap[str, Item])
        tree["a"] = Item("first")
        popped = tree.pop("a")
        tree["b"] = Item("second")
        self.assertEqual("first", popped.name)

    def test_keys_of_another_type(self):
        tree = self.make(TreeMap[str, u8])
        tree["a"] = 1
        self.assertRaises(TypeError, lambda: 1 in tree)
        self.assertEqual("TreeMap({'a': 1})", repr(tree))


if __name__ == "__main__":
    unittest.main()
