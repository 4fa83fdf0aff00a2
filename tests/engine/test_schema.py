# SPDX-License-Identifier: MIT
"""Schemas of every type, and what has none."""
import collections.abc
import dataclasses
import json
import typing
import unittest

from support import CONTRACT, ContractTest

from genlayer import Address, DynArray, TreeMap, bigint, u8, u256
from genlayer.gl.schema import of_type


@dataclasses.dataclass
class Point:
    x: int
    label: "str | None"


class types_of_values(unittest.TestCase):
    def test_types(self):
        for hint, expected in [
            (typing.Any, "any"),
            (None, "null"),
            (type(None), "null"),
            (bool, "bool"),
            (int, "int"),
            (u8, "int"),
            (u256, "int"),
            (bigint, "int"),
            (str, "string"),
            (bytes, "bytes"),
            (Address, "address"),
            (list, "array"),
            (tuple, "array"),
            (collections.abc.Sequence, "array"),
            (list[int], [{"$rep": "int"}]),
            (list[list[str]], [{"$rep": [{"$rep": "string"}]}]),
            (collections.abc.Sequence[u8], [{"$rep": "int"}]),
            (dict, "dict"),
            (collections.abc.Mapping, "dict"),
            (dict[str, int], {"$dict": "int"}),
            (typing.Dict[str, bytes], {"$dict": "bytes"}),
            (typing.List[int], [{"$rep": "int"}]),
            (typing.Optional[str], {"$or": ["string", "null"]}),
            (int | str | None, {"$or": ["int", "string", "null"]}),
            (typing.Union[int, str], {"$or": ["int", "string"]}),
            (tuple[int, str], ["int", "string"]),
            (tuple[int, ...], [{"$rep": "int"}]),
            (typing.Literal["a"], "any"),
            (Point, {"x": "int", "label": {"$or": ["string", "null"]}}),
            (typing.Annotated[int, "x"], "int"),
            (DynArray[str], [{"$rep": "string"}]),
            (TreeMap[str, u8], {"$dict": "int"}),
            (typing.NewType("Name", str), "string"),
        ]:
            with self.subTest(hint=hint):
                self.assertEqual(expected, of_type(hint))

    def test_what_has_none(self):
        for hint in (
            dict[int, str],
            TreeMap[Address, u8],
            set,
            set[int],
            float,
            object,
            unittest.TestCase,
            typing.Callable,
            typing.TypeVar("T"),
            "int",
            [int],
        ):
            with self.subTest(hint=hint), self.assertRaises(TypeError):
                of_type(hint)


class schemas(ContractTest):
    def schema(self, source):
        self.deployed(source)
        outcome = self.assert_ok(self.chain.view(CONTRACT, "#get-schema"))
        self.assertEqual(outcome.value, json.dumps(json.loads(outcome.value), separators=(",", ":")))
        return json.loads(outcome.value)

    def test_methods_are_sorted_and_complete(self):
        made = self.schema(
            """
import typing
class Base:
    @gl.public.view
    def inherited(self) -> None: pass
class C(Base, gl.Contract):
    def __init__(self, a=0, b: int = 1, /, c: str = "", *, d: bytes = b""): pass
    @gl.public.write
    def z(self): pass
    @gl.public.write.payable
    def y(self) -> typing.Any: pass
    @gl.public.write.min_gas(leader=100, validator=50).payable
    def x(self): pass
    @gl.public.write.min_gas(leader=1, validator=2)
    def w(self): pass
    @gl.public.view
    def v(self, größe: str) -> "str": pass
    @gl.private
    def hidden(self, x: float): pass
    def unmarked(self, *args): pass
    @gl.public.write.payable
    def __receive__(self): pass
    @gl.public.write
    def __handle_undefined_method__(self, method, args, kwargs): pass
    @gl.public.write.payable
    def __on_errored_message__(self): pass
"""
        )
        self.assertEqual(
            {"params": [["a", "any"], ["b", "int"], ["c", "string"]], "kwparams": {"d": "bytes"}}, made["ctor"]
        )
        self.assertEqual(["inherited", "v", "w", "x", "y", "z"], list(made["methods"]))
        plain = {"params": [], "kwparams": {}, "readonly": False, "ret": "any", "payable": False}
        self.assertEqual(plain, made["methods"]["z"])
        self.assertEqual(plain | {"payable": True}, made["methods"]["y"])
        self.assertEqual(
            plain | {"payable": True, "min_gas_leader": 100, "min_gas_validator": 50}, made["methods"]["x"]
        )
        self.assertEqual(plain | {"min_gas_leader": 1, "min_gas_validator": 2}, made["methods"]["w"])
        self.assertEqual(
            {"params": [["größe", "string"]], "kwparams": {}, "readonly": True, "ret": "string"}, made["methods"]["v"]
        )

    def test_what_no_schema_has(self):
        for method, text in [
            ("def f(self, *args): pass", "TypeError"),
            ("def f(self, **kwargs): pass", "TypeError"),
            ("def f(x): pass", "must be self"),
            ("def f(): pass", "must be self"),
            ("def f(self, x: float): pass", "in the parameter x of C.f"),
            ("def f(self) -> set: pass", "in the result of C.f"),
            ("def __f__(self): pass", "__f__ cannot be public"),
        ]:
            with self.subTest(method):
                self.deployed(
                    f"class C(gl.Contract):\n    def __init__(self): pass\n    @gl.public.view\n    {method}\n"
                )
                self.assert_failed(self.chain.view(CONTRACT, "#get-schema"), text)

    def test_fields_are_checked_too(self):
        outcome = self.deploy("class C(gl.Contract):\n    n: int\n    def __init__(self): pass\n")
        self.assert_failed(outcome, "TypeError: use bigint or a sized integer")

    def test_a_schema_of_ones_own(self):
        self.deployed(
            "class C(gl.Contract):\n    def __init__(self): pass\n    @classmethod\n"
            "    def __get_schema__(cls):\n        return '{}'\n"
        )
        self.assertEqual("{}", self.chain.view(CONTRACT, "#get-schema").value)

    def test_marks_contradict(self):
        self.assert_failed(
            self.deploy(
                "class C(gl.Contract):\n    def __init__(self): pass\n    @gl.private\n"
                "    @gl.public.view\n    def f(self): pass\n"
            ),
            "both public and private",
        )


if __name__ == "__main__":
    unittest.main()
