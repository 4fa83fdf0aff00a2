# SPDX-License-Identifier: MIT
"""The ABI, against selectors of the vectors and encodings of the ABI's own specification."""
import typing
import unittest

from support import vectors

from genlayer import Address, Array, i8, i256, u8, u32, u256
from genlayer.gl import evm

WORD = 32


def word(value):
    return value.to_bytes(WORD, "big", signed=value < 0)


class selectors(unittest.TestCase):
    TYPES = {
        "address": Address,
        "bytes32": evm.bytes32,
        "bytes": bytes,
        "uint256": u256,
        "uint8": u8,
        "bool": bool,
        "string": str,
        "bytes4": evm.bytes4,
        "address[]": list[Address],
        "bytes[]": list[bytes],
        "uint256[]": list[u256],
        "bytes32[]": list[evm.bytes32],
    }

    def test_of_the_vectors(self):
        checked = 0
        for vector in vectors("abi.json")["functions"]:
            name, _, parameters = vector["signature"].rstrip(")").partition("(")
            parts = parameters.split(",") if parameters else []
            if all(part in self.TYPES for part in parts):
                hints = [self.TYPES[part] for part in parts]
                self.assertEqual(vector["signature"], evm.signature_of(name, hints))
                self.assertEqual(vector["selector"], "0x" + evm.selector_of(name, hints).hex())
                checked += 1
        self.assertGreater(checked, 20)


class encodings(unittest.TestCase):
    def test_examples_of_the_specification(self):
        baz = evm.MethodEncoder("baz", [u32, bool])
        self.assertEqual(bytes.fromhex("cdcd77c0") + word(69) + word(1), baz.encode_call([69, True]))
        bar = evm.MethodEncoder("bar", [Array[evm.bytes3, typing.Literal[2]]])
        self.assertEqual(
            bytes.fromhex("fce353f6") + b"abc".ljust(WORD, b"\0") + b"def".ljust(WORD, b"\0"),
            bar.encode_call([[b"abc", b"def"]]),
        )
        sam = evm.MethodEncoder("sam", [bytes, bool, list[u256]])
        self.assertEqual(
            bytes.fromhex("a5643bf2")
            + word(0x60)
            + word(1)
            + word(0xA0)
            + word(4)
            + b"dave".ljust(WORD, b"\0")
            + word(3)
            + word(1)
            + word(2)
            + word(3),
            sam.encode_call([b"dave", True, [1, 2, 3]]),
        )

    def test_round_trips(self):
        who = Address(b"\x12" * 20)
        for hint, value in [
            (u256, 2**256 - 1),
            (u8, 0),
            (i256, -1),
            (i8, -128),
            (bool, True),
            (Address, who),
            (bytes, b""),
            (bytes, b"x" * 33),
            (str, "naïve"),
            (evm.bytes32, b"y" * 32),
            (evm.bytes1, b"z"),
            (list[u8], []),
            (list[str], ["a", "", "b" * 40]),
            (list[list[u8]], [[1], [], [2, 3]]),
            (tuple[u8, str], (1, "a")),
            (tuple[u8, Address], (1, who)),
            (tuple[str, tuple[u8, bytes], list[bool]], ("s", (5, b"b"), [True])),
            (Array[str, typing.Literal[2]], ["p", "q"]),
            (Array[u8, typing.Literal[3]], [1, 2, 3]),
            (tuple[evm.InplaceTuple, u8, str], (7, "in place")),
            (list[tuple[u8, str]], [(1, "x"), (2, "y")]),
        ]:
            with self.subTest(hint=hint):
                self.assertEqual(value, evm.decode(hint, evm.encode(hint, value)))

    def test_a_tuple_in_place_has_no_head(self):
        self.assertEqual(
            word(32) + evm.encode(tuple[evm.InplaceTuple, u8, str], (7, "x")), evm.encode(tuple[u8, str], (7, "x"))
        )
        self.assertEqual(evm.encode(tuple[evm.InplaceTuple, u8, u8], (7, 8)), evm.encode(tuple[u8, u8], (7, 8)))

    def test_what_does_not_fit(self):
        for hint, value, error in [
            (u8, 256, OverflowError),
            (u256, -1, OverflowError),
            (i8, 128, OverflowError),
            (evm.bytes4, b"abc", ValueError),
            (tuple[u8, u8], (1,), ValueError),
            (Array[u8, typing.Literal[2]], [1], ValueError),
        ]:
            with self.subTest(hint=hint), self.assertRaises(error):
                evm.encode(hint, value)

    def test_bad_data(self):
        for hint, data in [
            (u256, b""),
            (u256, bytes(31)),
            (u8, word(256)),
            (i8, word(128)),
            (bool, word(2)),
            (Address, word(1 << 160)),
            (bytes, word(32)),
            (bytes, word(32) + word(5)),
            (bytes, word(2**255)),
            (str, word(32) + word(1) + b"\xff".ljust(WORD, b"\0")),
            (list[u8], word(32) + word(2**200)),
            (list[u8], word(32) + word(1)),
            (evm.bytes4, word(1)),
            (list[tuple[u8, str]], word(32) + word(1) + word(2**64)),
        ]:
            with self.subTest(hint=hint), self.assertRaises(evm.DecodingError):
                evm.decode(hint, data)

    def test_types_that_the_abi_has_not(self):
        for hint in (int, float, dict[str, u8], None, typing.Any, list, object):
            with self.subTest(hint=hint), self.assertRaises(TypeError):
                evm.encode(hint, None)

    def test_results(self):
        self.assertEqual(5, evm.MethodEncoder("f", [], u256).decode_result(word(5)))
        self.assertIsNone(evm.MethodEncoder("f", []).decode_result(b""))


if __name__ == "__main__":
    unittest.main()
