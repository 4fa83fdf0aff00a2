# SPDX-License-Identifier: MIT
"""Sandboxes, leaders and validators, equivalence principles, prompts and the web."""
import json
import unittest

from support import CONTRACT, ContractTest, World, address, call_data

from genlayer import calldata

PNG = b"\x89PNG\r\n\x1a\n...."


class NondetTest(ContractTest):
    def go(self, body, fields="n: u32", before="", world=None, **options):
        """Runs statements in a method, as leader, or as validator when ``leader_results`` are given."""
        self.source(body, fields, before)
        self.chain.world = world or World()
        return self.chain.run(CONTRACT, call_data("go"), **options)

    def source(self, body, fields="n: u32", before=""):
        indented = "".join(f"        {line}\n" for line in body.splitlines())
        self.deployed(
            f"{before}\nclass C(gl.Contract):\n    {fields}\n    def __init__(self): pass\n"
            f"    @gl.public.write\n    def go(self):\n{indented}"
        )

    def consensus(self, body, leader_world=None, validator_world=None, **options):
        """(the leader's outcome, whether a validator agrees, the validator's outcome)."""
        leader = self.go(body, world=leader_world, **options)
        validator = self.go(
            body, world=validator_world or leader_world, leader_results=leader.nondet_results, **options
        )
        self.assertEqual((leader.kind, leader.value), (validator.kind, validator.value), validator.stderr)
        return leader, validator.disagreement is None, validator


class sandbox(NondetTest):
    def test_results(self):
        for function, expected in [
            ("lambda: [1, 'x']", "Return(calldata=[1, 'x'])"),
            ("lambda: fail('no')", "UserError('no')"),
            ("lambda: 1 // 0", "VMError(message='exit_code 1')"),
            ("lambda: 1.5", "VMError(message='exit_code 1')"),
            ("lambda: exit_with(4)", "VMError(message='exit_code 4')"),
            ("lambda: os.abort()", "VMError(message='exit_code 1')"),
        ]:
            with self.subTest(function):
                outcome = self.go(
                    f"return repr(gl.vm.spawn_sandbox({function}))",
                    before="import os\nfrom sys import exit as exit_with\ndef fail(m): raise gl.vm.UserError(m)",
                )
                self.assertEqual(expected, self.assert_ok(outcome).value)

    def test_memory_is_apart(self):
        self.assertEqual(
            [1], self.assert_ok(self.go("kept = [1]\ngl.vm.spawn_sandbox(lambda: kept.append(2))\nreturn kept")).value
        )

    def test_writes_need_leave(self):
        body = (
            "self.n = 1\ndef f():\n    self.n = 2\nr = gl.vm.spawn_sandbox(f, allow_write_ops={})\n"
            "return [self.n, isinstance(r, gl.vm.Return)]"
        )
        self.assertEqual([1, False], self.go(body.format(False)).value)
        self.assertEqual([2, True], self.go(body.format(True)).value)

    def test_writes_of_a_failed_one_are_lost(self):
        outcome = self.go(
            "def f():\n    self.n = 2\n    raise gl.vm.UserError('x')\n"
            "gl.vm.spawn_sandbox(f, allow_write_ops=True)\nreturn self.n"
        )
        self.assertEqual(0, self.assert_ok(outcome).value)

    def test_messages_come_out(self):
        body = (
            "a = Address(b'\\7' * 20)\n"
            "gl.vm.spawn_sandbox(lambda: gl.get_contract_at(a).emit_transfer(value=2), allow_write_ops={})\n"
            "return self.balance"
        )
        self.chain.account(CONTRACT).balance = 5
        allowed, refused = self.go(body.format(True)), self.go(body.format(False))
        self.assertEqual((3, 1), (allowed.value, len(allowed.emissions)))
        self.assertEqual((5, 0), (refused.value, len(refused.emissions)))

    def test_nested_and_never_more_than_the_caller_may(self):
        outcome = self.go(
            "def inner():\n    self.n = 3\ndef outer():\n"
            "    return isinstance(gl.vm.spawn_sandbox(inner, allow_write_ops=True), gl.vm.Return)\n"
            "boxed = [gl.vm.spawn_sandbox(outer, allow_write_ops=may) for may in (False, True)]\n"
            "return [*map(gl.vm.unpack_result, boxed), self.n]"
        )
        self.assertEqual([False, True, 3], self.assert_ok(outcome).value)

    def test_no_calls_and_no_blocks_inside(self):
        for function in (
            "lambda: gl.get_contract_at(self.address).view().x()",
            "lambda: gl.eq_principle.strict_eq(lambda: 1)",
        ):
            self.assertIn("6: forbidden", self.go(f"gl.vm.spawn_sandbox({function})").stderr)

    def test_output_is_printed_once(self):
        self.assertEqual(
            "ab\nc\n", self.go("print('a', end='')\ngl.vm.spawn_sandbox(lambda: print('b'))\nprint('c')").stdout
        )

    def test_message_tells_where_one_is(self):
        self.assertEqual(
            [0, 1, 0],
            self.assert_ok(
                self.go(
                    "kind = lambda: gl.message_raw['entry_kind']\n"
                    "return [kind(), gl.vm.unpack_result(gl.vm.spawn_sandbox(kind)), kind()]"
                )
            ).value,
        )

    def test_random_numbers(self):
        self.assertEqual(
            [True, True],
            self.assert_ok(
                self.go(
                    "draw = lambda: random.getrandbits(64)\nbox = lambda: gl.vm.unpack_result(gl.vm.spawn_sandbox(draw))\n"
                    "first = box()\nreturn [first == box(), first != draw()]",
                    before="import random",
                )
            ).value,
        )

    def test_unpacking(self):
        self.assert_user_error(
            self.go("gl.vm.unpack_result(gl.vm.spawn_sandbox(lambda: 1 // 0))"), "vm error: exit_code 1"
        )


class blocks(NondetTest):
    def test_leader_and_validators(self):
        body = "return gl.vm.run_nondet_unsafe(lambda: 5, lambda leaders: leaders == gl.vm.Return(5))"
        leader, agrees, validator = self.consensus(body)
        self.assertEqual((5, [b"\0" + calldata.encode(5)]), (leader.value, leader.nondet_results))
        self.assertTrue(agrees)

    def test_what_a_validator_says(self):
        for function, expected in [
            ("lambda r: True", True),
            ("lambda r: False", False),
            ("lambda r: 1", False),
            ("lambda r: None", False),
            ("lambda r: 1 // 0", False),
            ("lambda r: gl.advanced.user_error_immediate('x')", False),
        ]:
            with self.subTest(function):
                self.assertEqual(expected, self.consensus(f"return gl.vm.run_nondet_unsafe(lambda: 5, {function})")[1])

    def test_errors_of_the_leader(self):
        self.assert_user_error(
            self.go("gl.vm.run_nondet_unsafe(lambda: gl.advanced.user_error_immediate('no'), lambda r: True)"), "no"
        )
        self.assert_user_error(
            self.go("gl.vm.run_nondet_unsafe(lambda: 1 // 0, lambda r: True)"), "vm error: exit_code 1"
        )
        outcome = self.go(
            "try:\n    gl.vm.run_nondet_unsafe(lambda: 1 // 0, lambda r: True)\n"
            "except gl.vm.UserError as e:\n    return e.message"
        )
        self.assertEqual("vm error: exit_code 1", self.assert_ok(outcome).value)
        self.assertIn("ZeroDivisionError", outcome.stderr)

    def test_storage_and_contracts_are_out_of_reach(self):
        for use in (
            "self.n",
            "setattr(self, 'n', 1)",
            "self.balance",
            "gl.get_contract_at(gl.message.sender_address).view().x()",
            "gl.get_contract_at(gl.message.sender_address).emit().x()",
            "gl.deploy_contract(code=b'')",
            "gl.vm.run_nondet_unsafe(lambda: 1, lambda r: True)",
            "gl.advanced.emit_raw_event([], {})",
        ):
            with self.subTest(use):
                outcome = self.go(f"gl.vm.run_nondet_unsafe(lambda: {use}, lambda r: True)")
                self.assertIn("SystemError: 6: forbidden", outcome.stderr)

    def test_copies_are_within_reach(self):
        outcome = self.go(
            "self.d.append(4)\nc = gl.storage.copy_to_memory(self.d)\nreturn gl.eq_principle.strict_eq(lambda: [x for x in c])",
            fields="d: DynArray[u8]",
        )
        self.assertEqual([4], self.assert_ok(outcome).value)

    def test_the_world_is_out_of_reach_outside(self):
        for use in (
            "gl.nondet.exec_prompt('x')",
            "gl.nondet.web.get('https://a.com')",
            "gl.nondet.web.render('https://a.com')",
        ):
            self.assert_failed(self.go(use), "SystemError: 6: forbidden")

    def test_several_are_numbered_in_order_of_their_start(self):
        body = (
            "a = gl.vm.run_nondet_unsafe.lazy(lambda: 1, lambda r: r.calldata == 1)\n"
            "b = gl.vm.run_nondet_unsafe.lazy(lambda: 2, lambda r: False)\n"
            "return [b.get(), a.get()]"
        )
        leader, agrees, validator = self.consensus(body)
        self.assertEqual(
            ([2, 1], [b"\0" + calldata.encode(n) for n in (1, 2)], 1),
            (leader.value, leader.nondet_results, validator.disagreement),
        )

    def test_a_leader_that_left_a_result_out(self):
        outcome = self.go("return gl.eq_principle.strict_eq(lambda: 1)", leader_results=[])
        self.assertEqual(("VMError", "absent_leader_nondet_output"), (outcome.kind, outcome.value))

    def test_calls_without_transaction(self):
        body = "return gl.eq_principle.strict_eq(lambda: 1)"
        self.assert_failed(self.go(body, sync=True), "SystemError: 6: forbidden")
        self.assertEqual(7, self.go(body, sync=True, leader_results=[b"\0" + calldata.encode(7)]).value)

    def test_data_that_is_not_a_token(self):
        outcome = self.go(
            "gl.wasi.gl_call(gl.calldata.encode({'Sandbox': {'data': b'\\x80\\x04pickle', 'allow_write_ops': False}}))"
        )
        self.assertIn("must come from this SDK", outcome.stderr)


class run_nondet(NondetTest):
    """The validator's outcome against the leader's: both sorts must be the same."""

    FUNCTIONS = {
        "returns true": "lambda r: True",
        "returns false": "lambda r: False",
        "user error": "lambda r: fail('m')",
        "other user error": "lambda r: fail('n')",
        "exception": "lambda r: 1 // 0",
    }
    LEADERS = {"value": "lambda: 1", "user error": "lambda: fail('m')", "exception": "lambda: 1 // 0"}

    def agrees(self, leader, validator, extra=""):
        body = (
            f"try:\n    return gl.vm.run_nondet({leader}, {validator}{extra})\n"
            f"except gl.vm.UserError as e:\n    return e.message"
        )
        return self.consensus(body, before="def fail(m): raise gl.vm.UserError(m)")[1]

    def test_all_pairs(self):
        agreeing = {("value", "returns true"), ("user error", "user error"), ("exception", "exception")}
        for leader, leader_fn in self.LEADERS.items():
            for validator, validator_fn in self.FUNCTIONS.items():
                with self.subTest(leader=leader, validator=validator):
                    self.assertEqual((leader, validator) in agreeing, self.agrees(leader_fn, validator_fn))

    def test_comparisons_of_ones_own(self):
        self.assertTrue(
            self.agrees(
                self.LEADERS["user error"],
                self.FUNCTIONS["other user error"],
                ", compare_user_errors=lambda a, b: True",
            )
        )
        self.assertFalse(
            self.agrees(
                self.LEADERS["exception"], self.FUNCTIONS["exception"], ", compare_vm_errors=lambda a, b: False"
            )
        )

    def test_a_validator_returns_bool(self):
        validator = self.consensus("return gl.vm.run_nondet(lambda: 1, lambda r: 1)")[2]
        self.assertIn("TypeError: a validator function returns bool, not int", validator.stderr)
        self.assertEqual(0, validator.disagreement)


class principles(NondetTest):
    def test_strict_eq(self):
        one, two = (World(ExecPrompt=lambda p, n=n: {"ok": n}) for n in ("one", "two"))
        body = "return gl.eq_principle.strict_eq(lambda: gl.nondet.exec_prompt('x'))"
        self.assertTrue(self.consensus(body, one, one)[1])
        self.assertFalse(self.consensus(body, one, two)[1])

    def test_strict_eq_of_errors(self):
        body = (
            "try:\n    return gl.eq_principle.strict_eq(lambda: fail(gl.nondet.exec_prompt('x')))\n"
            "except gl.vm.UserError as e:\n    return e.message"
        )
        before = "def fail(m): raise gl.vm.UserError(m)"
        one, two = (World(ExecPrompt=lambda p, n=n: {"ok": n}) for n in ("one", "two"))
        self.assertTrue(self.consensus(body, one, one, before=before)[1])
        self.assertFalse(self.consensus(body, one, two, before=before)[1])

    def test_prompt_comparative(self):
        def judge(payload):
            self.assertEqual(
                {
                    "template": "EqComparative",
                    "principle": "same number",
                    "leader_answer": "one",
                    "validator_answer": "1",
                },
                payload,
            )
            return {"ok": True}

        body = "return gl.eq_principle.prompt_comparative(lambda: gl.nondet.exec_prompt('x'), 'same number')"
        leader, validator = (World(ExecPrompt=lambda p, n=n: {"ok": n}, ExecPromptTemplate=judge) for n in ("one", "1"))
        self.assertTrue(self.consensus(body, leader, validator)[1])
        self.assertFalse(
            self.consensus(
                body, leader, World(ExecPrompt=lambda p: {"ok": "1"}, ExecPromptTemplate=lambda p: {"ok": False})
            )[1]
        )

    def test_prompt_non_comparative(self):
        def model(payload):
            common = {"task": "summarize", "criteria": "short", "input": "[1, 2]"}
            if payload["template"] == "EqNonComparativeLeader":
                self.assertEqual({"template": "EqNonComparativeLeader", **common}, payload)
                return {"ok": "numbers"}
            self.assertEqual({"template": "EqNonComparativeValidator", "output": "numbers", **common}, payload)
            return {"ok": True}

        body = "return gl.eq_principle.prompt_non_comparative(lambda: [1, 2], task='summarize', criteria='short')"
        leader, agrees, _ = self.consensus(body, World(ExecPromptTemplate=model))
        self.assertEqual(("numbers", True), (leader.value, agrees))

    def test_a_failed_leader_is_refused_by_judges(self):
        for call in ("prompt_comparative(f, 'p')", "prompt_non_comparative(f, task='t', criteria='c')"):
            body = (
                "def f():\n    if gl.message_raw['entry_stage_data'] is None:\n        raise gl.vm.UserError('x')\n    return 1\n"
                f"try:\n    return gl.eq_principle.{call}\nexcept gl.vm.UserError as e:\n    return e.message"
            )
            leader, agrees, _ = self.consensus(body)
            self.assertEqual(("x", False), (leader.value, agrees))


class modules(NondetTest):
    def ask(self, expression, before="", **answers):
        """(what the expression gives in a block, the requests)."""
        outcome = self.go(
            f"return gl.eq_principle.strict_eq(lambda: {expression})", before=before, world=World(**answers)
        )
        self.assert_ok(outcome)
        requests = [calldata.decode(call) for call in outcome.calls]
        return outcome.value, [request for request in requests if "RunNondet" not in request]

    def test_prompts(self):
        value, requests = self.ask("gl.nondet.exec_prompt('hi')", ExecPrompt=lambda p: {"ok": "hello"})
        self.assertEqual(
            ("hello", [{"ExecPrompt": {"prompt": "hi", "response_format": "text", "images": []}}]), (value, requests)
        )

    def test_json(self):
        for answer in (json.dumps({"score": 0.5}), {"score": 1}):
            value, requests = self.ask(
                "repr(gl.nondet.exec_prompt('hi', response_format='json'))", ExecPrompt=lambda p: {"ok": answer}
            )
            self.assertEqual(repr(json.loads(answer) if isinstance(answer, str) else answer), value)
            self.assertEqual("json", requests[0]["ExecPrompt"]["response_format"])

    def test_images(self):
        value, requests = self.ask(
            f"gl.nondet.exec_prompt('hi', images=[{PNG!r}, gl.nondet.Image({PNG!r})])",
            ExecPrompt=lambda p: {"ok": "seen"},
        )
        self.assertEqual([PNG, PNG], requests[0]["ExecPrompt"]["images"])
        for images in (f"[{PNG!r}] * 3", "[b'GIF89a']"):
            outcome = self.go(f"gl.eq_principle.strict_eq(lambda: gl.nondet.exec_prompt('hi', images={images}))")
            self.assertIn("ValueError", outcome.stderr)

    def test_errors(self):
        error = {"causes": ["NO_PROVIDER_FOR_PROMPT"], "fatal": False, "ctx": {}}
        value, _ = self.ask(
            "f()",
            "def f():\n    try:\n        gl.nondet.exec_prompt('hi')\n"
            "    except gl.nondet.NondetException as e:\n        return e.error",
            ExecPrompt=lambda p: {"error": error},
        )
        self.assertEqual(error, value)

    def test_lazy_answers_fail_when_they_are_looked_at(self):
        value, _ = self.ask(
            "f()",
            "def f():\n    lazy = gl.nondet.web.get.lazy('ftp://a.com')\n    try:\n        lazy.get()\n"
            "    except gl.nondet.NondetException as e:\n        return e.error['causes']",
        )
        self.assertEqual(["NO_ANSWER" if self.chain.is_double else "SCHEMA_FORBIDDEN"], value)

    def test_render(self):
        value, requests = self.ask(
            "gl.nondet.web.render('https://a.com', wait_after_loaded='2s')",
            WebRender=lambda p: {"ok": {"text": "page"}},
        )
        self.assertEqual(
            ("page", [{"WebRender": {"url": "https://a.com", "mode": "text", "wait_after_loaded": "2s"}}]),
            (value, requests),
        )
        value, requests = self.ask(
            "gl.nondet.web.render('https://a.com', mode='screenshot').raw", WebRender=lambda p: {"ok": {"image": PNG}}
        )
        self.assertEqual((PNG, None), (value, requests[0]["WebRender"]["wait_after_loaded"]))
        for arguments in ("mode='pdf'", "wait_after_loaded='soon'", "wait_after_loaded='1 s'"):
            outcome = self.go(f"gl.eq_principle.strict_eq(lambda: gl.nondet.web.render('https://a.com', {arguments}))")
            self.assertIn("ValueError", outcome.stderr)

    def test_requests(self):
        answer = {"ok": {"response": {"status": 404, "headers": {"a": b"b"}, "body": b"gone"}}}
        show = "(lambda r: [r.status, r.headers, r.body])"
        value, requests = self.ask(
            f"{show}(gl.nondet.web.request('https://a.com', method='PUT', body='é', headers={{'h': 'v', 'b': b'w'}}))",
            WebRequest=lambda p: answer,
        )
        self.assertEqual([404, {"a": b"b"}, b"gone"], value)
        self.assertEqual(
            [
                {
                    "WebRequest": {
                        "url": "https://a.com",
                        "method": "PUT",
                        "body": "é".encode(),
                        "headers": {"h": b"v", "b": b"w"},
                    }
                }
            ],
            requests,
        )
        for method in ("get", "post", "delete", "head", "patch"):
            _, requests = self.ask(f"{show}(gl.nondet.web.{method}('https://a.com'))", WebRequest=lambda p: answer)
            self.assertEqual(
                [{"WebRequest": {"url": "https://a.com", "method": method.upper(), "body": None, "headers": {}}}],
                requests,
            )


class validators_of_other_senders(NondetTest):
    def test_message_is_the_same_inside(self):
        outcome = self.go(
            "return gl.eq_principle.strict_eq(lambda: [gl.message.sender_address, gl.message_raw['entry_kind']])",
            sender=address(0xB),
        )
        self.assertEqual([address(0xB), 2], self.assert_ok(outcome).value)


if __name__ == "__main__":
    unittest.main()
