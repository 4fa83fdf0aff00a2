# SPDX-License-Identifier: MIT
"""Contracts: how messages find their methods, what ends a run, what the program sees."""
import unittest

from support import CONTRACT, HEADER, ContractTest, address, call_data

from genlayer import calldata
from machine import Permissions

METHODS = """
class C(gl.Contract):
    n: u32

    def __init__(self, n: int = 0, *, twice: bool = False):
        self.n = 2 * n if twice else n

    @gl.public.view
    def get(self) -> int:
        return self.n

    @gl.public.write
    def set(self, n: int) -> int:
        self.n = n
        return n

    @gl.public.write.payable
    def pay(self):
        return gl.message.value

    @gl.private
    def hidden(self):
        return "hidden"

    def unmarked(self):
        return "unmarked"
"""


class dispatch(ContractTest):
    def test_constructor_arguments(self):
        self.deployed(METHODS, 5)
        self.assertEqual(5, self.chain.view(CONTRACT, "get").value)
        self.deployed(METHODS, 5, kwargs={"twice": True}, to=address(1))
        self.assertEqual(10, self.chain.view(address(1), "get").value)
        self.assert_failed(self.deploy(METHODS, 1, 2, to=address(2)), "TypeError")

    def test_methods(self):
        self.deployed(METHODS)
        self.assertEqual(7, self.assert_ok(self.chain.write(CONTRACT, "set", 7)).value)
        self.assertEqual(8, self.assert_ok(self.chain.write(CONTRACT, "set", kwargs={"n": 8})).value)
        self.assertEqual(8, self.chain.write(CONTRACT, "get").value)
        self.assert_failed(self.chain.write(CONTRACT, "set"), "missing 1 required positional argument: 'n'")

    def test_the_name_may_stand_under_an_empty_key(self):
        self.deployed(METHODS, 4)
        self.assertEqual(4, self.chain.run(CONTRACT, calldata.encode({"": "get"})).value)

    def test_who_can_be_called(self):
        self.deployed(METHODS)
        for name, text in [
            ("hidden", "ValueError: the method hidden is not public"),
            ("unmarked", "ValueError: the method unmarked"),
            ("n", "ValueError: the method n is not public"),
            ("balance", "ValueError: the method balance is not public"),
            ("absent", "ValueError: there is no method absent"),
            ("__init__", "ValueError: the method __init__ cannot"),
            ("__get_schema__", "ValueError"),
            ("#other", "ValueError: the method #other cannot be called"),
        ]:
            with self.subTest(name):
                self.assert_failed(self.chain.write(CONTRACT, name), text)

    def test_value_needs_payable(self):
        self.deployed(METHODS)
        self.assertEqual(5, self.chain.write(CONTRACT, "pay", value=5).value)
        self.assert_failed(self.chain.write(CONTRACT, "set", 1, value=5), "ValueError: the method set is not payable")
        self.assert_failed(self.chain.write(CONTRACT, None, value=5), "ValueError: there is no method (none)")
        self.assertEqual(5, self.chain.account(CONTRACT).balance)

    def test_views_cannot_write(self):
        self.deployed(METHODS)
        self.assert_failed(self.chain.view(CONTRACT, "set", 1), "SystemError: 6: forbidden")

    def test_not_a_call(self):
        self.deployed(METHODS)
        for value in (
            None,
            5,
            [],
            "get",
            {"method": 5},
            {"method": "get", "args": {}},
            {"method": "get", "kwargs": []},
        ):
            with self.subTest(value):
                self.assert_failed(self.chain.run(CONTRACT, calldata.encode(value)), "ValueError")
        self.assert_failed(self.chain.run(CONTRACT, b"\xd6\x94garbage"), "DecodingError")

    def test_special_methods(self):
        self.deployed(
            """
class C(gl.Contract):
    got: DynArray[str]
    def __init__(self): pass
    @gl.public.write.payable
    def __receive__(self):
        self.got.append(f"received {gl.message.value}")
    @gl.public.write
    def __handle_undefined_method__(self, method, args, kwargs):
        return [method, args, kwargs]
    @gl.public.write.payable
    def __on_errored_message__(self):
        self.got.append(f"came back {gl.message.value}")
    @gl.public.view
    def get(self):
        return self.got
"""
        )
        self.assert_ok(self.chain.write(CONTRACT, None, value=3))
        self.assert_ok(self.chain.write(CONTRACT, "", value=4))
        self.assert_ok(self.chain.write(CONTRACT, "#error", value=5))
        self.assertEqual(["received 3", "received 4", "came back 5"], self.chain.view(CONTRACT, "get").value)
        self.assertEqual(["any", [1], {"a": 2}], self.chain.write(CONTRACT, "any", 1, kwargs={"a": 2}).value)
        self.assert_failed(self.chain.write(CONTRACT, "any", value=1), "ValueError: the method any is not payable")

    def test_without_receive_plain_messages_are_undefined_methods(self):
        self.deployed(
            """
class C(gl.Contract):
    def __init__(self): pass
    @gl.public.write.payable
    def __handle_undefined_method__(self, method, args, kwargs):
        return [method, args, kwargs]
"""
        )
        self.assertEqual(["", [], {}], self.chain.write(CONTRACT, None, value=3).value)

    def test_messages_that_came_back_are_accepted(self):
        self.deployed(METHODS)
        self.assert_ok(self.chain.write(CONTRACT, "#error", value=5))


class classes(ContractTest):
    def test_exactly_one(self):
        self.assert_failed(
            self.deploy("class A(gl.Contract):\n    pass\nclass B(gl.Contract):\n    pass\n"),
            "TypeError: only one class can be the contract, and that is A already",
        )
        self.assert_failed(self.deploy("x = 1\n"), "TypeError: there is no contract")

    def test_constructor_is_required_and_private(self):
        self.assert_failed(self.deploy("class A(gl.Contract):\n    pass\n"), "TypeError: A has no __init__")
        self.assert_failed(
            self.deploy("class A(gl.Contract):\n    @gl.public.write\n    def __init__(self): pass\n"),
            "__init__ is called when the contract is deployed",
        )

    def test_fields_from_bases_come_first_and_class_variables_are_none(self):
        self.deployed(
            """
import typing
class Owned:
    owner: Address
    def _own(self):
        self.owner = gl.message.sender_address
class C(Owned, gl.Contract):
    limit: typing.ClassVar[int] = 5
    n: u8
    def __init__(self):
        self._own()
        self.n = self.limit
"""
        )
        slot = self.chain.account(CONTRACT).accepted.slots[
            bytes.fromhex("372d46c3ada9f897c74d349bbfe0e450c798167c9f580f8daf85def57e96c3ea")
        ]
        self.assertEqual(address(0xA1).as_bytes + b"\5", slot[:21])

    def test_annotations_may_name_what_comes_later(self):
        self.deployed(
            """
class C(gl.Contract):
    items: "DynArray[Item]"
    def __init__(self):
        self.items.append_new_get().n = 3
        self.items.append(Item(n=4))
from dataclasses import dataclass
@allow_storage
@dataclass
class Item:
    n: u8
"""
        )

    def test_what_cannot_be_stored_is_told_with_its_field(self):
        outcome = self.construct("pass", fields="good: u8\nbad: dict[str, int]")
        self.assert_failed(outcome, "AssertionError: use TreeMap instead of dict in storage")
        self.assertIn("in the field bad of C", outcome.stderr)

    def test_own_balance_and_address(self):
        self.chain.account(CONTRACT).balance = 7
        self.assertEqual(
            "(7, '0x00000000000000000000000000000000000000C0')", self.value_of("(self.balance, self.address.as_hex)")
        )


class endings(ContractTest):
    def test_uncaught_exceptions(self):
        for body, name in [
            ("1 + ''", "TypeError"),
            ("[][1]", "IndexError"),
            ("{}['x']", "KeyError"),
            ("1 // 0", "ZeroDivisionError"),
            ("int('x')", "ValueError"),
            ("raise MemoryError()", "MemoryError"),
            ("exec('a b')", "SyntaxError"),
            ("f = lambda: f()\nf()", "RecursionError"),
            ("self.absent", "AttributeError"),
            ("self.tm = 5", "AssertionError"),
            ("raise BaseException('x')", "BaseException"),
            ("gl.nothing", "AttributeError"),
            ("raise KeyboardInterrupt", "KeyboardInterrupt"),
            ("raise GeneratorExit", "GeneratorExit"),
        ]:
            with self.subTest(body):
                outcome = self.assert_failed(self.construct(body, fields="tm: TreeMap[str, u8]"), name)
                self.assertIn('File "/contract.py", line ', outcome.stderr)
                self.assertIn(body.splitlines()[-1], outcome.stderr)
                self.assertNotIn("_engine", outcome.stderr)
                self.assertEqual([], outcome.changes)

    def test_exits(self):
        for body, expected in [
            ("raise SystemExit", ("Return", None)),
            ("exit_with(0)", ("Return", None)),
            ("exit_with(None)", ("Return", None)),
            ("exit_with(3)", ("VMError", "exit_code 3")),
            ("exit_with('why')", ("VMError", "exit_code 1")),
            ("exit_with(256)", ("VMError", "exit_code 1")),
            ("os._exit(7)", ("VMError", "exit_code 7")),
        ]:
            with self.subTest(body):
                outcome = self.construct(body, before="import os\nfrom sys import exit as exit_with")
                self.assertEqual(expected, (outcome.kind, outcome.value))

    def test_user_errors(self):
        self.assert_user_error(self.construct("raise gl.vm.UserError('no')"), "no")
        self.assert_user_error(self.construct("raise gl.vm.UserError()"), "")
        self.assert_user_error(self.construct("class Mine(gl.vm.UserError): pass\nraise Mine('mine')"), "mine")
        self.assert_ok(
            self.construct(
                "try:\n    raise gl.vm.UserError('no')\nexcept gl.vm.UserError as e:\n    assert e.message == 'no'"
            )
        )

    def test_immediate_user_errors_cannot_be_caught(self):
        outcome = self.construct(
            "try:\n    gl.advanced.user_error_immediate('now')\nexcept BaseException:\n    pass\nfinally:\n    print('finally')"
        )
        self.assert_user_error(outcome, "now")
        self.assertEqual("", outcome.stdout)

    def test_results_must_be_calldata(self):
        for expression in ("1.5", "object()", "{1: 2}", "{1, 2}", "self"):
            outcome = self.deploy(
                f"class C(gl.Contract):\n    def __init__(self): pass\n    @gl.public.view\n"
                f"    def f(self): return {expression}\n"
            )
            self.assert_ok(outcome)
            self.assert_failed(self.chain.view(CONTRACT, "f"), "TypeError")

    def test_output_is_kept_in_every_case(self):
        for body in (
            "",
            "raise gl.vm.UserError('x')",
            "1 // 0",
            "raise SystemExit(2)",
            "gl.advanced.user_error_immediate('x')",
        ):
            outcome = self.construct(f"print('sæid', end='')\nimport sys\nprint('cried', file=sys.stderr)\n{body}")
            self.assertEqual("sæid", outcome.stdout, body)
            self.assertIn("cried\n", outcome.stderr, body)

    def test_text_that_cannot_be_printed(self):
        self.assertEqual("\\udc80\n", self.construct("print('\\udc80')").stdout)
        outcome = self.construct("class Rude(Exception):\n    def __str__(self): raise self\nraise Rude()")
        self.assert_failed(outcome, "Rude")

    def test_a_contract_that_breaks_its_streams(self):
        outcome = self.construct("import sys\nprint('a')\nsys.stdout = sys.stderr = None\n1 // 0")
        self.assert_failed(outcome, "ZeroDivisionError")
        self.assertEqual("a\n", outcome.stdout)
        self.assert_ok(self.construct("import sys\nsys.stdout.close()"))


class surroundings(ContractTest):
    def test_message(self):
        outcome = self.deploy(
            """
class C(gl.Contract):
    def __init__(self): pass
    @gl.public.write.payable
    def who(self):
        m = gl.message
        return [m.contract_address, m.sender_address, m.origin_address, m.value, m.chain_id, gl.message_raw["datetime"],
                gl.message_raw["is_init"], gl.message_raw["stack"], gl.message_raw["entry_kind"]]
"""
        )
        self.assert_ok(outcome)
        outcome = self.chain.write(CONTRACT, "who", value=3, sender=address(5), origin=address(6))
        self.assertEqual(
            [CONTRACT, address(5), address(6), 3, 61999, "2024-11-26T06:42:42.424242Z", False, [], 0], outcome.value
        )

    def test_random_numbers_depend_on_the_message_alone(self):
        source = (
            "import random\nclass C(gl.Contract):\n    def __init__(self): pass\n    @gl.public.view\n"
            "    def f(self): return random.getrandbits(64)\n"
        )
        self.deployed(source)
        first, again = self.chain.view(CONTRACT, "f"), self.chain.view(CONTRACT, "f")
        self.assertEqual(first.value, again.value)
        self.assertNotEqual(first.value, self.chain.view(CONTRACT, "f", sender=address(9)).value)

    def test_sets_of_addresses_iterate_alike(self):
        expected = self.value_of("list({Address(bytes([i]) * 20) for i in (3, 250, 77)})")
        self.assertEqual(expected, self.value_of("list({Address(bytes([i]) * 20) for i in (3, 250, 77)})"))

    def test_later_additions_to_the_library(self):
        before = (
            "from typing import override\nfrom itertools import batched\n"
            "from warnings import deprecated\n@deprecated('x')\ndef old(): return 1"
        )
        self.assertEqual("([(1, 2), (3,)], 1)", self.value_of("(list(batched([1, 2, 3], 2)), old())", before=before))

    def test_newer_syntax_is_explained(self):
        outcome = self.assert_failed(self.deploy("class A[T]:\n    pass\n"), "SyntaxError")
        self.assertIn("This engine runs Python 3.", outcome.stderr)

    def test_the_source_can_be_read(self):
        self.assertEqual(repr(HEADER[:9]), self.value_of("open('/contract.py').read(9)"))

    def test_code_slot_and_upgraders(self):
        self.deployed(
            """
class C(gl.Contract):
    def __init__(self):
        gl.storage.Root.get().upgraders.get().append(gl.message.sender_address)
    @gl.public.write
    def upgrade(self, code: bytes):
        content = gl.storage.Root.get().code.get()
        content.truncate()
        content.extend(code)
    @gl.public.view
    def get(self): return 1
"""
        )
        code = (
            HEADER
            + "class C(gl.Contract):\n    def __init__(self): pass\n    @gl.public.view\n    def get(self): return 2\n"
        )
        self.assert_failed(
            self.chain.write(CONTRACT, "upgrade", code.encode(), sender=address(0xB)), "SystemError: 6: forbidden"
        )
        self.assertEqual(1, self.chain.view(CONTRACT, "get").value)
        self.assert_ok(self.chain.write(CONTRACT, "upgrade", code.encode()))
        self.assertEqual(2, self.chain.view(CONTRACT, "get").value)

    def test_permissions_are_the_hosts(self):
        self.deployed(METHODS)
        self.assert_failed(
            self.chain.run(CONTRACT, call_data("get"), permissions=Permissions(read=False)), "SystemError: 6: forbidden"
        )

    def test_traces_go_to_the_log(self):
        outcome = self.assert_ok(self.construct("gl.trace('a', 1, None)\nassert gl.trace_time_micro() == 0"))
        self.assertEqual((["a 1 None"], ""), (outcome.traces, outcome.stdout))


if __name__ == "__main__":
    unittest.main()
