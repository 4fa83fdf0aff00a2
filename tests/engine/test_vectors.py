# SPDX-License-Identifier: MIT
"""Every vector that the SDK decides, byte for byte: storage, requests, results, schemas, encodings."""
import base64
import dataclasses
import unittest

from support import CONTRACT, RUNNER, Chain, address, vectors

from genlayer import Address, calldata
from genlayer._engine.runners import KNOWN
from genlayer.gl.interact import _created_address
from genlayer._engine import current
from genlayer.keccak import keccak256
from pages import CODE, LOCKED, UPGRADERS, slot_at

COMMENT = f'# {{ "Depends": "{RUNNER}" }}\n'

# Contracts with the interface and behaviour of those that the reference was run with.
UPSTREAM = {
    "examples/contracts/storage.py": """
from genlayer import *

class Storage(gl.Contract):
    storage: str

    def __init__(self, initial_storage: str):
        self.storage = initial_storage

    @gl.public.view
    def get_storage(self) -> str:
        return self.storage

    @gl.public.write
    def update_storage(self, new_storage: str) -> None:
        self.storage = new_storage
""",
    "examples/contracts/user_storage.py": """
from genlayer import *

class UserStorage(gl.Contract):
    storage: TreeMap[Address, str]

    def __init__(self):
        pass

    @gl.public.view
    def get_complete_storage(self) -> dict[str, str]:
        return {owner.as_hex: text for owner, text in self.storage.items()}

    @gl.public.view
    def get_account_storage(self, account_address: str) -> str:
        return self.storage[Address(account_address)]

    @gl.public.write
    def update_storage(self, new_storage: str) -> None:
        self.storage[gl.message.sender_address] = new_storage
""",
    "examples/contracts/_hello_world.py": """
from genlayer import *

class Hello(gl.Contract):
    text: str
    number: u256

    def __init__(self, initial_str_storage: str):
        self.text = initial_str_storage

    @gl.public.view
    def get_storage(self) -> str:
        return self.text

    @gl.public.view
    def debug(self, x: int, *, flag: bool = False) -> None:
        print(x, flag)

    @gl.public.write
    def update_storage(self, new_storage: str) -> None:
        self.text = new_storage
""",
    "examples/contracts/tip_jar.py": """
from genlayer import *

class TipJar(gl.Contract):
    owner: Address
    total: u256

    def __init__(self):
        self.owner = gl.message.sender_address
        self.total = u256(0)

    @gl.public.write.payable
    def tip(self) -> None:
        if gl.message.value == 0:
            raise gl.vm.UserError("send some value")
        self.total = u256(self.total + gl.message.value)

    @gl.public.view
    def get_total_tips(self) -> u256:
        return self.total

    @gl.public.view
    def get_owner(self) -> str:
        return self.owner.as_hex
""",
}


class genvm(unittest.TestCase):
    """Contracts run step by step against what the reference wrote, sent and returned."""

    def run_steps(self, source, steps):
        chain = Chain()
        extents = {}
        code = (COMMENT + source).encode()
        for number, step in enumerate(steps):
            with self.subTest(step=number, message=step["message"]):
                outcome = self.run_step(chain, code, step)
                for slot, end in outcome.ends.items():
                    extents[slot] = max(extents.get(slot, 0), end)
                self.check_result(step, outcome)
                self.assertEqual([call["hex"] for call in step["gl_calls"]], [call.hex() for call in outcome.calls])
                self.check_storage(chain, step["storage_after"], extents)

    def run_step(self, chain, code, step):
        message = step["message"]
        value = message.get("value", 0)
        if "balance" in message:
            chain.account(CONTRACT).balance = message["balance"] - value
        outcome = chain._transact(
            CONTRACT,
            bytes.fromhex(step["entry_calldata_hex"]),
            value,
            code if message.get("init") else None,
            sender=address(int(message.get("sender", "a1"), 16)),
        )
        self.assertEqual([], step["error_last_line"])
        return outcome

    def check_result(self, step, outcome):
        kind, value = step["result"]
        text = calldata.to_str(outcome.value) if kind == "Return" else outcome.value
        self.assertEqual((kind, value), (outcome.kind, text), outcome.stderr)

    def check_storage(self, chain, expected, extents):
        """To the last byte ever written; then the same, padded, as the host keeps it."""
        slots = {slot: data for slot, data in chain.account(CONTRACT).accepted.slots.items() if slot != CODE}
        if not chain.is_double:
            extents = {bytes.fromhex(slot): len(data) // 2 for slot, data in expected.items()}
            self.assertLessEqual(set(slots), set(extents))
        written = {
            slot.hex(): slots.get(slot, b"").ljust(end, b"\0")[:end].hex()
            for slot, end in extents.items()
            if slot != CODE
        }
        self.assertEqual(expected, written)
        for slot, data in slots.items():
            self.assertEqual(0, len(data) % 32)
            unpadded = bytes.fromhex(expected[slot.hex()])
            # Pages that are zero, and were before, are not sent.
            self.assertEqual(unpadded.rstrip(b"\0"), data.rstrip(b"\0"))

    def test_own_contracts(self):
        for name, contract in vectors("genvm.json")["own"].items():
            with self.subTest(name):
                self.run_steps(contract["source"], contract["steps"])

    def test_upstream_contracts(self):
        for name, steps in vectors("genvm.json")["upstream"].items():
            with self.subTest(name):
                self.run_steps(UPSTREAM[name], steps)

    def test_constants(self):
        constants = vectors("genvm.json")["constants"]
        self.assertEqual(
            {
                "root_slot": bytes(32),
                "contract_instance_slot": slot_at(0),
                "code_slot": CODE,
                "locked_slots_slot": LOCKED,
                "upgraders_slot": UPGRADERS,
            },
            {name: bytes.fromhex(text) for name, text in constants.items() if name != "code_slot_b64"},
        )
        self.assertEqual(constants["code_slot_b64"], base64.b64encode(CODE).decode())

    def test_address_of_a_child(self):
        vector = vectors("genvm.json")["create2"]
        cases = [(vector["contract"], vector["salt_nonce"], vector["chain_id"], vector["address"])]
        cases += [
            (v["parent"], int(v["salt_nonce"]), v["chain_id"], v["address"])
            for v in vectors("addresses.json")["child_contract_addresses"]
        ]
        for parent, salt, chain_id, expected in cases:
            with self.subTest(expected):
                zero = address(0)
                current.set_message(
                    {
                        "contract_address": Address(parent),
                        "sender_address": zero,
                        "origin_address": zero,
                        "value": 0,
                        "chain_id": chain_id,
                    }
                )
                self.assertEqual(expected, _created_address(salt).as_hex)


def untagged(vector):
    """A value from the notation of calldata.json."""
    kind, value = vector["type"], vector.get("value")
    if kind == "int":
        return int(value)
    if kind == "bytes":
        return bytes.fromhex(value)
    if kind == "address":
        return Address(value)
    if kind == "array":
        return [untagged(item) for item in value]
    if kind == "map":
        return {key: untagged(item) for key, item in value}
    return value


class codec(unittest.TestCase):
    def test_values(self):
        for vector in vectors("calldata.json")["valid"]:
            with self.subTest(vector["id"]):
                value = untagged(vector["value"])
                self.assertEqual(vector["hex"], calldata.encode(value).hex())
                self.assertEqual(value, calldata.decode(bytes.fromhex(vector["hex"])))
                self.assertEqual(vector["to_str"], calldata.to_str(value))

    def test_invalid_encodings(self):
        for vector in vectors("calldata.json")["invalid"]:
            with self.subTest(vector["id"]), self.assertRaises(calldata.DecodingError):
                calldata.decode(bytes.fromhex(vector["hex"]))

    def test_floats_have_no_encoding(self):
        for value in (1.5, float("nan"), {"a": 0.1}, object(), {1: 2}, {1, 2}, lambda: 1):
            with self.assertRaises(TypeError):
                calldata.encode(value)

    def test_nesting(self):
        for wrap in (lambda inner: [inner], lambda inner: {"k": inner}):
            value = 5
            for _ in range(calldata.DEPTH_LIMIT):
                value = wrap(value)
            data = calldata.encode(value)
            self.assertEqual(data, calldata.encode(calldata.decode(data)))
            self.assertRaises(ValueError, calldata.encode, wrap(value))
        for opening in (b"\x0d", b"\x0e\x01k"):
            self.assertRaises(calldata.DecodingError, calldata.decode, opening * (calldata.DEPTH_LIMIT + 1) + b"\0")
            self.assertRaises(calldata.DecodingError, calldata.decode, opening * 10**5)

    def test_huge_numbers(self):
        for bits in (447, 448, 449, 450, 1000, 10**6):
            for number in (2**bits, 2**bits - 1, -(2**bits), -(2**bits) - 1, 3**200 << bits):
                self.assertEqual(number, calldata.decode(calldata.encode(number)))

    def test_dataclasses_and_views_of_them(self):
        @dataclasses.dataclass
        class Point:
            y: int
            x: list

        self.assertEqual({"x": [1], "y": 2}, calldata.decode(calldata.encode(Point(2, (1,)))))
        self.assertEqual('{"x":[1],"y":2}', calldata.to_str(Point(2, (1,))))

    def test_keccak(self):
        file = vectors("keccak.json")
        for vector in file["vectors"]:
            with self.subTest(vector["id"]):
                self.assertEqual(vector["keccak256"], "0x" + keccak256(bytes.fromhex(vector["input_hex"])).hex())
        for vector in file["packed"]:
            with self.subTest(vector["id"]):
                self.assertEqual(vector["hash"], "0x" + keccak256(bytes.fromhex(vector["packed_hex"][2:])).hex())

    def test_addresses(self):
        for vector in vectors("addresses.json")["addresses"]:
            with self.subTest(vector["id"]):
                expected = vector["genvm_address_constructor"]
                if expected is None:
                    self.assertRaises(ValueError, Address, vector["input"])
                else:
                    self.assertEqual(expected, Address(vector["input"]).as_hex)


RESULTS = """
class C(gl.Contract):
    def __init__(self): pass

    @gl.public.view
    def get(self, what: str) -> typing.Any:
        if what == "return-map":
            return {"a": None, "b": [1, True]}
        if what == "vm-error-exit-code":
            raise KeyError("unexpected")
        if what.startswith("user-error"):
            texts = {"user-error": "not enough balance", "user-error-unicode": "não 世", "user-error-empty": ""}
            raise gl.vm.UserError(texts[what])
        return {"return-none": None, "return-int": 42, "return-str": "ok", "return-bytes": b"\\x00\\x01\\xab",
                "return-address": Address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), "return-bigint": 2**256 - 1}[what]
"""


class gen_call(unittest.TestCase):
    """What a run hands back, as gen_call shows it."""

    # A timeout and a lack of memory are the engine's to tell; the rest no run can end with.
    NOT_OF_THE_SDK = {
        "return-empty-payload",
        "vm-error-timeout",
        "vm-error-oom",
        "code-3",
        "code-4",
        "code-5",
        "code-9",
    }

    def setUp(self):
        self.chain = Chain()
        code = COMMENT + "import typing\nfrom genlayer import *\n" + RESULTS
        self.assertTrue(self.chain.deploy(CONTRACT, code.encode()).ok)

    def test_results(self):
        for vector in vectors("gen_call.json")["results"]:
            name = vector["id"]
            if name in self.NOT_OF_THE_SDK:
                continue
            with self.subTest(name):
                if name == "vm-error-invalid-contract":
                    outcome = self.chain.deploy(address(0xC1), b"from genlayer import *\n")
                else:
                    outcome = self.chain.view(CONTRACT, "get", name)
                self.assertEqual(vector["result_hex"], outcome.result.hex(), outcome.stderr)

    def test_calls(self):
        """The bytes that calls are decoded to name the method and arguments that clients meant."""
        for vector in vectors("gen_call.json")["decoding"]:
            if vector["expected_calldata"] is not None:
                with self.subTest(vector["id"]):
                    data = bytes.fromhex(vector["expected_calldata"][2:])
                    self.assertEqual(data, calldata.encode(calldata.decode(data)))


class runners(unittest.TestCase):
    def test_the_one_of_the_examples_is_known(self):
        name, _, digest = RUNNER.partition(":")
        self.assertIn(digest, KNOWN[name])


if __name__ == "__main__":
    unittest.main()
