# SPDX-License-Identifier: MIT
"""Messages, value, views of other contracts, deployments, events."""
import unittest

from support import CONTRACT, HEADER, ContractTest, address

from genlayer import Address, calldata
from genlayer.keccak import keccak256

OTHER = address(0xD0)

COUNTER = """
class Counter(gl.Contract):
    n: u32
    log: DynArray[str]

    def __init__(self, n: int = 0):
        self.n = n

    @gl.public.view
    def get(self) -> int:
        return self.n

    @gl.public.view
    def context(self):
        m = gl.message
        return [m.contract_address, m.sender_address, m.origin_address, m.value, gl.message_raw["stack"]]

    @gl.public.view
    def refuse(self, why: str):
        raise gl.vm.UserError(why)

    @gl.public.view
    def break_down(self):
        1 // 0

    @gl.public.write
    def add(self, by: int):
        self.n += by
        self.log.append(gl.message.sender_address.as_hex)

    @gl.public.write.payable
    def pay(self, note: str, *, kind: str):
        self.log.append(f"{note} {kind} {gl.message.value}")

    @gl.public.write.payable
    def __receive__(self):
        self.log.append(f"received {gl.message.value}")

    @gl.public.view
    def get_log(self):
        return self.log
"""


class InteractTest(ContractTest):
    def setUp(self):
        super().setUp()
        self.deployed(COUNTER, 5, to=OTHER)

    def go(self, body, fields="", value=0, balance=0, **options):
        """Runs statements in a payable method, with ``other`` at hand."""
        body = f"other = gl.get_contract_at(Address('{OTHER.as_hex}'))\n" + body
        indented = "".join(f"        {line}\n" for line in body.splitlines())
        self.deployed(
            f"class C(gl.Contract):\n    {fields or 'pass'}\n    def __init__(self): pass\n"
            f"    @gl.public.write.payable\n    def go(self):\n{indented}"
        )
        self.chain.account(CONTRACT).balance = balance
        return self.chain.write(CONTRACT, "go", value=value, **options)

    def log(self):
        return self.chain.view(OTHER, "get_log").value


class views(InteractTest):
    def test_values_and_errors(self):
        self.assertEqual(5, self.assert_ok(self.go("return other.view().get()")).value)
        self.assert_user_error(self.go("other.view().refuse('no')"), "no")
        self.assertEqual(
            "no",
            self.go("try:\n    other.view().refuse('no')\nexcept gl.vm.UserError as e:\n    return e.message").value,
        )

    def test_a_broken_callee_breaks_the_caller(self):
        outcome = self.go("try:\n    other.view().break_down()\nexcept BaseException:\n    print('caught')")
        self.assert_failed(outcome, "ZeroDivisionError")
        self.assertEqual("", outcome.stdout)

    def test_context(self):
        outcome = self.assert_ok(
            self.go("return other.view().context()", value=3, sender=address(7), origin=address(8))
        )
        self.assertEqual([OTHER, address(7), address(8), 0, [CONTRACT]], outcome.value)

    def test_callees_cannot_write(self):
        self.assert_failed(self.go("other.view().add(1)"), "SystemError: 6: forbidden")

    def test_state(self):
        self.chain.apply(self.chain.run(OTHER, calldata.encode({"method": "add", "args": [1]})), final=False)
        self.assertEqual(
            [6, 5, 5, 6],
            self.assert_ok(
                self.go(
                    "T = gl.StorageType\n"
                    "states = (T.LATEST_NON_FINAL, T.LATEST_FINAL, 'latest_final', 'latest_non_final')\n"
                    "return [other.view(state=s).get() for s in states]"
                )
            ).value,
        )
        self.assert_failed(self.go("other.view(state='x')"), "ValueError")

    def test_without_effect_of_what_the_caller_wrote(self):
        self.deployed(
            """
class C(gl.Contract):
    n: u8
    def __init__(self): pass
    @gl.public.view
    def get(self): return self.n
    @gl.public.write
    def go(self):
        self.n = 9
        return [self.n, gl.get_contract_at(self.address).view().get()]
"""
        )
        self.assertEqual([9, 0], self.chain.write(CONTRACT, "go").value)

    def test_depth_is_bounded(self):
        self.deployed(
            """
class C(gl.Contract):
    def __init__(self): pass
    @gl.public.view
    def deeper(self, n: int) -> int:
        if len(gl.message_raw["stack"]) == n:
            return n
        return gl.get_contract_at(self.address).view().deeper(n)
"""
        )
        self.assertEqual(20, self.assert_ok(self.chain.view(CONTRACT, "deeper", 20)).value)
        self.assertEqual("exit_code 1", self.chain.view(CONTRACT, "deeper", 65).value)

    def test_lazy(self):
        self.assertEqual(
            [5, 5], self.assert_ok(self.go("a = other.view().get.lazy()\nreturn [a.get(), a.get()]")).value
        )
        self.assertEqual(
            "late",
            self.assert_ok(
                self.go(
                    "a = other.view().refuse.lazy('late')\ntry:\n    a.get()\nexcept gl.vm.UserError as e:\n    return e.message"
                )
            ).value,
        )

    def test_interface(self):
        outcome = self.go(
            f"@gl.contract_interface\nclass Counter:\n    '''Counts.'''\n    class View:\n        def get(self) -> int: ...\n"
            f"    class Write:\n        def add(self, by: int) -> None: ...\ncounter = Counter(Address('{OTHER.as_hex}'))\n"
            "counter.emit().add(2)\nreturn [counter.view().get(), Counter.__doc__, counter.address, counter.balance]"
        )
        self.assertEqual([5, "Counts.", OTHER, 0], self.assert_ok(outcome).value)
        self.chain.deliver(outcome)
        self.assertEqual(7, self.chain.view(OTHER, "get").value)

    def test_what_a_proxy_is_not(self):
        self.assert_failed(self.go("gl.get_contract_at('0x1234')"), "TypeError: a contract is given by its Address")
        self.assert_failed(self.go("other.get()"), "AttributeError")
        self.assert_failed(self.go("other.view().__private__"), "AttributeError")


class messages(InteractTest):
    def test_are_delivered_later(self):
        outcome = self.assert_ok(self.go("other.emit().add(3)\nreturn other.view().get()"))
        self.assertEqual(5, outcome.value)
        self.chain.deliver(outcome)
        self.assertEqual(8, self.chain.view(OTHER, "get").value)
        self.assertEqual([CONTRACT.as_hex], self.log())

    def test_value(self):
        outcome = self.assert_ok(
            self.go(
                "other.emit(value=u256(2), on='accepted').pay('a', kind='b')\n"
                "other.emit_transfer(value=3)\nreturn [self.balance, other.balance]",
                balance=6,
            )
        )
        self.assertEqual([1, 0], outcome.value)
        self.chain.deliver(outcome)
        self.assertEqual(["a b 2", "received 3"], self.log())
        self.assertEqual((1, 5), (self.chain.account(CONTRACT).balance, self.chain.account(OTHER).balance))
        self.assertEqual(["accepted", "finalized"], [emission["on"] for emission in outcome.emissions])

    def test_more_than_there_is(self):
        self.assert_failed(self.go("other.emit(value=7).pay('a', kind='b')", balance=6), "SystemError: 7: inbalance")
        self.assertEqual(
            0,
            self.assert_ok(
                self.go(
                    "other.emit_transfer(value=4)\ntry:\n    other.emit_transfer(value=4)\n"
                    "except SystemError:\n    other.emit_transfer(value=2)\nreturn self.balance",
                    balance=6,
                )
            ).value,
        )

    def test_bad_values(self):
        for body, text in [
            ("other.emit_transfer(value=0)", "ValueError"),
            ("other.emit(on='later')", "ValueError"),
            ("other.emit(value=-1).add(1)", "SystemError: 1: overflow"),
            ("gl.deploy_contract(code=b'', value=1 << 256)", "SystemError: 1: overflow"),
            ("gl.deploy_contract(code=b'', salt_nonce=1 << 256)", "OverflowError"),
            ("gl.evm.contract_interface(type('E', (), {}))(other.address).emit_transfer(value=0)", "ValueError"),
        ]:
            self.assert_failed(self.go(body), text)

    def test_views_send_nothing(self):
        self.deployed(
            "class C(gl.Contract):\n    def __init__(self): pass\n    @gl.public.view\n    def f(self):\n"
            f"        gl.get_contract_at(Address('{OTHER.as_hex}')).emit().add(1)\n"
        )
        self.assert_failed(self.chain.view(CONTRACT, "f"), "SystemError: 6: forbidden")

    def test_a_failed_run_sends_nothing(self):
        outcome = self.go("other.emit().add(1)\nraise gl.vm.UserError('x')")
        self.assertEqual([], outcome.emissions)
        if self.chain.is_double:
            self.assertEqual(1, len(outcome.calls))


class deployments(InteractTest):
    def test_a_salt_gives_the_address(self):
        code = HEADER + COUNTER
        outcome = self.assert_ok(self.go(f"return gl.deploy_contract(code={code!r}, args=[4], salt_nonce=1)"))
        preimage = b"\1" + CONTRACT.as_bytes + (1).to_bytes(32, "big") + (61999).to_bytes(32, "big")
        self.assertEqual(Address(keccak256(preimage)[:20]), outcome.value)
        self.assert_ok(*self.chain.deliver(outcome))
        self.assertEqual(4, self.chain.view(outcome.value, "get").value)

    def test_without_a_salt_it_is_not_known(self):
        outcome = self.assert_ok(
            self.go(
                f"return gl.deploy_contract(code={(HEADER + COUNTER).encode()!r}, kwargs={{'n': 6}}, value=2)",
                balance=2,
            )
        )
        self.assertIsNone(outcome.value)
        (made,) = self.chain.deliver(outcome)
        self.assertEqual((6, 2), (self.chain.view(made.to, "get").value, self.chain.account(made.to).balance))

    def test_lazy(self):
        self.assertIsNotNone(
            self.assert_ok(self.go("return gl.deploy_contract.lazy(code=b'', salt_nonce=3).get()")).value
        )


class events(InteractTest):
    def emitted(self, declaration, use):
        outcome = self.assert_ok(self.go(f"class Ev(gl.Event):\n    def __init__(self, {declaration}): ...\n{use}"))
        return [(emission["topics"], emission["blob"]) for emission in outcome.emissions]

    def test_indexed_fields(self):
        ((topics, blob),) = self.emitted("a, b, /, **blob", "Ev(7, 'x' * 40, c=[1]).emit()")
        self.assertEqual({"a": 7, "b": "x" * 40, "c": [1]}, blob)
        self.assertEqual(
            [keccak256(b"Ev(a,b)"), calldata.encode(7).ljust(32, b"\0"), keccak256(calldata.encode("x" * 40))], topics
        )

    def test_a_value_of_exactly_32_bytes_is_not_hashed(self):
        ((topics, _),) = self.emitted("a, /", "Ev('y' * 30).emit()\n")
        self.assertEqual(calldata.encode("y" * 30), topics[1])

    def test_keyword_fields(self):
        self.assertEqual([([keccak256(b"Ev()")], {"note": "n"})], self.emitted("*, note", "Ev(note='n').emit()"))

    def test_wrong_arguments(self):
        for declaration, use, text in [
            ("a, /", "Ev()", "TypeError"),
            ("a, /", "Ev(1, 2)", "TypeError"),
            ("a, /", "Ev(1, b=2)", "TypeError"),
            ("a, b, c, d, /", "", "more than 3 indexed fields"),
        ]:
            self.assert_failed(self.go(f"class Ev(gl.Event):\n    def __init__(self, {declaration}): ...\n{use}"), text)
        self.assert_failed(self.go("class Ev(gl.Event):\n    pass"), "TypeError")
        self.assert_failed(self.go("gl.advanced.emit_raw_event([b'short'], {})"), "SystemError: 2: inval")


class ethereum(InteractTest):
    TOKEN = """
@gl.evm.contract_interface
class Token:
    class View:
        def balanceOf(self, owner: Address, /) -> u256: ...
    class Write:
        def transfer(self, to: Address, amount: u256, /) -> bool: ...
token = Token(Address("0x4444444444444444444444444444444444444444"))
"""

    def test_sends(self):
        outcome = self.assert_ok(
            self.go(
                self.TOKEN
                + "token.emit(value=1).transfer(Address(b'\\1' * 20), u256(5))\ntoken.emit_transfer(value=2)",
                balance=3,
            )
        )
        call = bytes.fromhex("a9059cbb") + (b"\1" * 20).rjust(32, b"\0") + (5).to_bytes(32, "big")
        self.assertEqual(
            [(call, 1), (b"", 2)], [(emission["calldata"], emission["value"]) for emission in outcome.emissions]
        )

    def test_views_are_refused(self):
        self.assert_failed(self.go(self.TOKEN + "token.view().balanceOf(self.address)"), "SystemError: 6: forbidden")

    def test_only_what_is_declared(self):
        self.assert_failed(self.go(self.TOKEN + "token.emit().balanceOf(self.address)"), "AttributeError")
        self.assert_failed(self.go(self.TOKEN + "token.emit().transfer(self.address)"), "ValueError")
        self.assert_failed(
            self.go("@gl.evm.contract_interface\nclass T:\n    class View:\n        def f(self, x): ...\n"),
            "says no type of x",
        )
        self.assert_failed(
            self.go("@gl.evm.contract_interface\nclass T:\n    class View:\n        def f(self, x: int): ...\n"),
            "not a type of the ABI",
        )


if __name__ == "__main__":
    unittest.main()
