# SPDX-License-Identifier: MIT
"""Every contract of examples/contracts, used as its text says."""
import io
import json
import unittest
import zipfile

from support import CONTRACT, ROOT, ContractTest, World, address

from genlayer import Address, calldata, u256
from genlayer._engine import run
from genlayer.gl import evm

FOLDER = ROOT / "examples/contracts"
ALICE, BOB, CAROL = address(0xA1), address(0xB0), address(0xCA)
PNG = b"\x89PNG\r\n\x1a\n...."


def code_of(name):
    """The bytes to deploy: of a file, or of a folder as an archive."""
    path = FOLDER / name
    if path.suffix == ".py":
        return path.read_bytes()
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for file in sorted(path.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                archive.write(file, file.relative_to(path))
    return data.getvalue()


class ExampleTest(ContractTest):
    contract = ""

    def make(self, *args, to=CONTRACT, **options):
        return self.assert_ok(self.chain.deploy(to, code_of(self.contract), *args, **options))

    def do(self, method, *args, to=CONTRACT, **options):
        return self.assert_ok(self.chain.write(to, method, *args, **options)).value

    def see(self, method, *args, to=CONTRACT, **options):
        return self.assert_ok(self.chain.view(to, method, *args, **options)).value

    def refused(self, message, method, *args, **options):
        self.assert_user_error(self.chain.write(CONTRACT, method, *args, **options), message)

    def agreed(self, method, *args, world, other=None):
        """(the leader's outcome, whether a validator agrees whose world is the other one)."""
        self.chain.world = world
        leader = self.chain.write(CONTRACT, method, *args)
        self.chain.world = other or world
        validator = self.chain.write(CONTRACT, method, *args, leader_results=leader.nondet_results)
        self.assertEqual(leader.result, validator.result, validator.stderr)
        return leader, validator.disagreement is None


class all_examples(ContractTest):
    def test_each_has_a_test(self):
        tested = {case.contract for case in ExampleTest.__subclasses__()}
        there = {path.name for path in FOLDER.iterdir() if path.suffix == ".py" or path.is_dir()}
        self.assertEqual(there, tested)
        self.assertGreaterEqual(len(there), 10)

    def test_each_has_a_schema(self):
        for case in ExampleTest.__subclasses__():
            with self.subTest(case.contract):
                self.chain.place(CONTRACT, code_of(case.contract))
                schema = json.loads(self.assert_ok(self.chain.view(CONTRACT, "#get-schema")).value)
                self.assertTrue(schema["methods"])

    def test_each_compiles_ahead(self):
        for case in ExampleTest.__subclasses__():
            self.assertTrue(run.compile_contract(code_of(case.contract)))


class greeter(ExampleTest):
    contract = "greeter.py"

    def test_greets(self):
        self.make()
        self.assertEqual("Hello, you!", self.see("greet", "you"))
        self.do("set_greeting", "Guten Tag")
        self.assertEqual("GUTEN TAG, SIE!", self.see("greet", "Sie", kwargs={"loud": True}))


class counter(ExampleTest):
    contract = "counter.py"

    def test_counts_until_its_byte_is_full(self):
        self.make()
        self.assertEqual(-5, self.do("add", -5))
        self.assertEqual(10**30 - 5, self.do("add", 10**30))
        self.refused("nothing to add", "add", 0)
        self.assert_failed(self.chain.write(CONTRACT, "add", -(2**31) - 1), "OverflowError")
        self.assertEqual({"count": 2, "total": 10**30 - 5, "low": -5}, self.see("get"))
        for _ in range(253):
            self.do("add", 1)
        self.assert_failed(self.chain.write(CONTRACT, "add", 1), "OverflowError")
        self.assertEqual(255, self.see("get")["count"])


class token(ExampleTest):
    contract = "token.py"

    def test_moves(self):
        self.make("Coin", 100)
        outcome = self.assert_ok(self.chain.write(CONTRACT, "transfer", BOB, 40))
        self.assertEqual({"receiver": BOB, "sender": ALICE, "amount": 40}, outcome.emissions[0]["blob"])
        self.assertEqual({ALICE.as_hex: 60, BOB.as_hex: 40}, self.see("holders"))
        self.refused("insufficient balance", "transfer", BOB, 61)
        self.refused("amount must be positive", "transfer", BOB, -1)
        self.do("transfer", ALICE, 40, sender=BOB)
        self.assertEqual({ALICE.as_hex: 100}, self.see("holders"))

    def test_allowances(self):
        self.make("Coin", 100)
        self.do("approve", BOB, 30)
        self.assertEqual((30, 0), (self.see("allowance", ALICE, BOB), self.see("allowance", BOB, ALICE)))
        self.do("transfer_from", ALICE, CAROL, 20, sender=BOB)
        self.refused("allowance exceeded", "transfer_from", ALICE, CAROL, 11, sender=BOB)
        self.assertEqual(
            [80, 0, 20, 10],
            [*(self.see("balance_of", who) for who in (ALICE, BOB, CAROL)), self.see("allowance", ALICE, BOB)],
        )


class piggy_bank(ExampleTest):
    contract = "piggy_bank.py"

    def test_takes_and_gives_back(self):
        self.make(10)
        self.assertEqual(4, self.do("give", value=4, sender=BOB))
        self.refused("a gift needs value", "give")
        self.assert_ok(self.chain.write(CONTRACT, None, value=3, sender=BOB))
        self.assertEqual(7, self.see("gift_of", BOB))
        self.refused("not yet full", "smash")
        self.refused("only the owner may smash it", "smash", sender=BOB)
        self.do("give", value=3)
        outcome = self.assert_ok(self.chain.write(CONTRACT, "smash"))
        self.assertEqual(
            [("PostMessage", ALICE, 10, "accepted")],
            [(e["type"], e["address"], e["value"], e["on"]) for e in outcome.emissions],
        )
        self.assertEqual(0, self.chain.account(CONTRACT).balance)
        self.assert_ok(self.chain.write(CONTRACT, "#error", value=10))
        self.assertEqual(10, self.chain.account(CONTRACT).balance)


class ballot(ExampleTest):
    contract = "ballot.py"

    def test_votes(self):
        self.make("2024-11-27T00:00:00+00:00")
        self.assertEqual([0, 1, 2], [self.do("propose", title) for title in ("tea", "coffee", "water")])
        self.do("vote", 0)
        self.do("vote", 1, sender=BOB)
        self.do("vote", 1)
        self.refused("no such proposal", "vote", 3)
        self.refused("not yours", "withdraw", 2, sender=BOB)
        self.do("withdraw", 2)
        self.refused("no such proposal", "vote", 2)
        self.assertEqual([("coffee", 2), ("tea", 0)], [(p["title"], p["votes"]) for p in self.see("standings")])
        self.chain.datetime = "2024-11-27T00:00:00+00:00"
        self.refused("the ballot is closed", "vote", 0)


class weather_station(ExampleTest):
    contract = "weather_station.py"

    def test_keeps_readings(self):
        self.make(b"\x01\x02")
        for hour, tenths in ((1, -50), (2, 25), (3, 0), (23, 10)):
            self.do("report", f"2024-01-01T{hour:02}:30:00+02:00", tenths, bytes([hour]))
        made = self.see("summary")
        self.assertEqual([0, -50, 25, 0], made.pop("hours")[:4])
        self.assertEqual(
            {
                "last": "2024-01-01T23:30:00+02:00",
                "mean": "-3.75",
                "low": -50,
                "high": 25,
                "span": 22 * 3600,
                "raw": [b"\x02", b"\x03", b"\x17"],
                "signature": b"\x01\x02",
            },
            made,
        )


class escrow(ExampleTest):
    contract = "escrow.py"

    def test_moves_tokens(self):
        coin = address(0xDD)
        self.assert_ok(self.chain.deploy(coin, code_of("token.py"), "Coin", 100))
        self.make(coin, BOB, 30)
        self.refused("approve the amount first", "fund")
        self.refused("not now: the escrow is new", "fund", sender=BOB)
        self.do("approve", CONTRACT, 30, to=coin)
        outcome = self.assert_ok(self.chain.write(CONTRACT, "fund"))
        self.refused("the amount has not arrived", "release")
        self.assert_ok(*self.chain.deliver(outcome))
        self.assertEqual(30, self.see("token_says"))
        self.assert_ok(*self.chain.deliver(self.assert_ok(self.chain.write(CONTRACT, "release"))))
        self.assertEqual(("released", 30), (self.see("get_state"), self.see("balance_of", BOB, to=coin)))


class factory(ExampleTest):
    contract = "factory.py"

    def test_makes_contracts(self):
        self.make(code_of("greeter.py"))
        made = []
        for greeting in ("Hi", "Ho"):
            outcome = self.assert_ok(self.chain.write(CONTRACT, "make", greeting))
            made.append(outcome.value)
            self.assertEqual([outcome.value], [self.assert_ok(child).to for child in self.chain.deliver(outcome)])
        self.assertEqual(["Hi, you!", "Ho, you!"], self.see("greet_all", "you"))
        (child,) = self.chain.deliver(self.assert_ok(self.chain.write(CONTRACT, "make_anonymously", "Psst")))
        self.assertEqual("Psst, you!", self.see("greet", "you", to=child.to))
        self.assertNotIn(child.to, made)


class price_feed(ExampleTest):
    contract = "price_feed.py"

    def world(self, price, status=200):
        def answer(payload):
            self.assertEqual("https://prices.example.com?pair=BTC", payload["url"])
            return {
                "ok": {"response": {"status": status, "headers": {}, "body": json.dumps({"price": price}).encode()}}
            }

        return World(WebRequest=answer)

    def test_agrees_on_the_same_price_only(self):
        self.make("https://prices.example.com")
        self.assert_user_error(self.chain.view(CONTRACT, "get", "BTC"), "no price of BTC")
        leader, agreed = self.agreed("update", "BTC", world=self.world("97.005"))
        self.assertEqual((9700, True, 9700), (leader.value, agreed, self.see("get", "BTC")))
        self.assertFalse(self.agreed("update", "BTC", world=self.world("97.00"), other=self.world("97.01"))[1])

    def test_agrees_on_errors(self):
        self.make("https://prices.example.com")
        leader, agreed = self.agreed("update", "BTC", world=self.world("", 404))
        self.assertEqual(("the source answers 404", True), (leader.value, agreed))
        self.assertFalse(self.agreed("update", "BTC", world=self.world("", 404), other=self.world("1", 200))[1])


class sentiment(ExampleTest):
    contract = "sentiment.py"

    def world(self, verdict):
        alike = {"happy", "cheerful"}
        return World(
            ExecPrompt=lambda payload: {"ok": f" {verdict}\n"},
            ExecPromptTemplate=lambda payload: {"ok": {payload["leader_answer"], payload["validator_answer"]} <= alike},
        )

    def test_agrees_on_the_meaning(self):
        self.make()
        leader, agreed = self.agreed("judge", "What a day!", world=self.world("happy"), other=self.world("cheerful"))
        self.assertEqual(("happy", True), (leader.value, agreed))
        self.assertEqual({"What a day!": "happy"}, self.see("get_verdicts"))
        self.assertFalse(self.agreed("judge", "x", world=self.world("happy"), other=self.world("sad"))[1])


class digest(ExampleTest):
    contract = "digest.py"

    def world(self, accepts):
        return World(
            WebRender=lambda payload: {"ok": {"text": "A long page."}},
            ExecPromptTemplate=lambda payload: {
                "ok": "Short."
                if payload["template"] == "EqNonComparativeLeader"
                else accepts and payload["output"] == "Short."
            },
        )

    def test_is_judged_by_criteria(self):
        self.make()
        leader, agreed = self.agreed("summarize", "https://a.com", world=self.world(True))
        self.assertEqual(("Short.", True, "Short."), (leader.value, agreed, self.see("get", "https://a.com")))
        self.assertFalse(self.agreed("summarize", "https://a.com", world=self.world(False))[1])


class appraiser(ExampleTest):
    contract = "appraiser.py"

    def world(self, low, high=200):
        return World(ExecPrompt=lambda payload: {"ok": json.dumps({"low": low, "high": high, "reason": "0.5"})})

    def setUp(self):
        super().setUp()
        self.make(["in euros"])

    def test_estimates_may_differ_by_a_tenth(self):
        leader, agreed = self.agreed("appraise", "vase", world=self.world(100), other=self.world(105))
        self.assertEqual((100, True), (leader.value["low"], agreed))
        self.assertEqual({"low": 100, "high": 200, "reason": "0.5"}, self.see("get", "vase"))
        self.assertFalse(self.agreed("appraise", "vase", world=self.world(100), other=self.world(120))[1])

    def test_the_prompt_has_rules_and_picture(self):
        outcome = self.agreed("appraise", "vase", PNG, world=self.world(1))[0]
        (prompt,) = (calldata.decode(call)["ExecPrompt"] for call in outcome.calls if b"ExecPrompt" in call)
        self.assertIn("in euros", prompt["prompt"])
        self.assertEqual(([PNG], "json"), (prompt["images"], prompt["response_format"]))

    def test_models_that_do_not_answer(self):
        leader, agreed = self.agreed("appraise", "vase", world=self.world("many"))
        self.assertEqual(("the model gave no estimate", True), (leader.value, agreed))
        self.assertFalse(self.agreed("appraise", "vase", world=self.world("many"), other=self.world(1))[1])
        self.assertIsNone(self.see("get", "vase"))


class dice(ExampleTest):
    contract = "dice.py"

    def test_throws(self):
        self.make()
        first = self.do("throw")
        self.assertEqual(first, self.do("throw"))
        leader, agreed = self.agreed("throw_by_leader", world=World())
        self.assertTrue(agreed)
        self.assertEqual([first, first, leader.value, leader.value], self.see("get_throws"))
        forged = self.chain.write(CONTRACT, "throw_by_leader", leader_results=[b"\0" + calldata.encode(7)])
        self.assertEqual((7, 0), (forged.value, forged.disagreement))


class guarded(ExampleTest):
    contract = "guarded.py"

    def test_ways_to_fail(self):
        self.make()
        self.refused("the user should know why", "fail", "user error")
        outcome = self.chain.write(CONTRACT, "fail", "immediately")
        self.assertEqual(("no except and no finally sees this", ""), (outcome.value, outcome.stdout))
        for how, text in (
            ("assertion", "AssertionError: the value is too small"),
            ("overflow", "OverflowError"),
            ("result", "TypeError"),
            ("other", "ValueError: there is no such way to fail: other"),
        ):
            self.assert_failed(self.chain.write(CONTRACT, "fail", how), text)
        self.assertEqual([0, 0], self.see("get"))

    def test_sandbox(self):
        self.make()
        self.assertEqual({"ok": 3}, self.do("attempt", 7, 2))
        self.assertEqual({"error": "exit_code 1", "of the vm": True}, self.do("attempt", 9, 0))
        self.assertEqual({"error": "negative", "of the vm": False}, self.do("attempt", 9, -1))
        self.assertEqual([7, 3], self.see("get"))

    def test_undefined_methods(self):
        self.make()
        self.assertEqual("there is no more, and 2 arguments do not change that", self.see("more", 1, kwargs={"a": 2}))


class upgradable(ExampleTest):
    contract = "upgradable.py"

    def test_upgrades(self):
        self.make(BOB)
        newer = code_of(self.contract) + b"\n    @gl.public.view\n    def is_new(self) -> bool:\n        return True\n"
        self.assert_failed(self.chain.write(CONTRACT, "upgrade", newer), "SystemError: 6: forbidden")
        self.do("upgrade", newer, sender=BOB)
        self.assertEqual((2, True), (self.see("get_version"), self.see("is_new")))
        self.do("freeze", sender=BOB)
        self.assert_failed(self.chain.write(CONTRACT, "upgrade", newer, sender=BOB), "SystemError: 6: forbidden")


class bridge(ExampleTest):
    contract = "bridge.py"

    def test_sends(self):
        self.make(CAROL)
        outcome = self.assert_ok(self.chain.write(CONTRACT, "move", value=5))
        self.assertEqual([{"type": "EthSend", "address": CAROL, "calldata": b"", "value": 5}], outcome.emissions)
        outcome = self.assert_ok(self.chain.write(CONTRACT, "deposit", "hi", value=2))
        arguments = outcome.emissions[0]["calldata"][4:]
        self.assertEqual((ALICE, "hi"), evm.decode(tuple[evm.InplaceTuple, Address, str], arguments))
        data = self.see("encode", BOB, [1, 2])
        self.assertEqual((BOB, [1, 2]), evm.decode(tuple[evm.InplaceTuple, Address, list[u256]], data[4:]))


class guestbook(ExampleTest):
    contract = "guestbook"

    def test_signs(self):
        self.make()
        self.do("sign", "What a lovely place")
        self.refused("not in this house", "sign", "Buy SPAM")
        self.assertEqual([{"author": ALICE, "text": "What a lovely place"}], self.see("read"))
        self.assertEqual("spam\nscam\n", self.see("rules"))


if __name__ == "__main__":
    unittest.main()
