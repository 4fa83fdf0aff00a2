# SPDX-License-Identifier: MIT
"""Types of numpy in storage, and vectors; skipped where numpy is not installed (it is optional). The engine has Debian's."""
import os
import typing
import unittest

from support import CONTRACT, RUNNER, Chain, ContractTest

try:
    import numpy as np
except ImportError:
    np = None

IN_ENGINE = not Chain.is_double and os.path.isdir("/usr/lib/python3/dist-packages/numpy")

HEADER = f"""# v0.2.16
# {{
#   "Seq": [
#     {{ "Depends": "py-lib-genlayer-embeddings:0bmbm3cy" }},
#     {{ "Depends": "{RUNNER}" }}
#   ]
# }}
import typing
import numpy as np
from genlayer import *
import genlayer_embeddings as gle
"""

INDEX = """
from dataclasses import dataclass

@allow_storage
@dataclass
class Note:
    number: u256
    text: str

class Index(gl.Contract):
    notes: gle.VecDB[np.float32, typing.Literal[384], Note]
    seen: u8

    def __init__(self):
        pass

    def _embed(self, text: str) -> np.ndarray[tuple[typing.Literal[384]], np.dtypes.Float32DType]:
        return gle.SentenceTransformer("all-MiniLM-L6-v2")(text)

    @gl.public.write
    def add(self, number: int, text: str) -> int:
        return self.notes.insert(self._embed(text), Note(u256(number), text))

    @gl.public.view
    def nearest(self, text: str, k: int) -> list[typing.Any]:
        return [[e.value.text, e.value.number, f"{e.distance:.3f}"] for e in self.notes.knn(self._embed(text), k)]

    @gl.public.write
    def remove(self, number: int) -> int:
        for element in self.notes:
            if element.value.number == number:
                element.remove()
        return len(self.notes)
"""


@unittest.skipIf(np is None, "numpy is not installed")
class types_of_numpy(unittest.TestCase):
    def stored(self, hint, value):
        from genlayer.storage.resolve import kind_of
        from genlayer.storage.slot import MemorySlot

        slot = MemorySlot()
        kind_of(hint).set(slot, 0, value)
        return slot.read(0, kind_of(hint).size), kind_of(hint).get(slot, 0)

    def test_scalars(self):
        for hint, value, expected in [
            (np.int16, -2, "feff"),
            (np.float32, 1.5, "0000c03f"),
            (np.uint64, 7, "0700000000000000"),
        ]:
            data, read = self.stored(hint, hint(value))
            self.assertEqual((expected, value), (data.hex(), read))

    def test_arrays(self):
        hint = np.ndarray[tuple[typing.Literal[2], typing.Literal[3]], np.dtype[np.int16]]
        value = np.arange(6, dtype=np.int16).reshape(2, 3)
        data, read = self.stored(hint, value)
        self.assertEqual("000001000200030004000500", data.hex())
        np.testing.assert_array_equal(value, read)
        with self.assertRaises(ValueError):
            read[0, 0] = 5

    def test_what_does_not_fit(self):
        hint = np.ndarray[tuple[typing.Literal[2]], np.dtype[np.float32]]
        self.assertRaises(ValueError, self.stored, hint, np.zeros(3))
        self.assertRaises(TypeError, self.stored, hint, np.zeros(2, complex))
        self.assertRaises(TypeError, self.stored, np.ndarray[tuple[int], np.dtype[np.float32]], np.zeros(2))
        self.assertRaises(TypeError, self.stored, np.object_, None)


@unittest.skipUnless(IN_ENGINE or (np and Chain.is_double), "numpy is not installed")
class vectors_in_storage(ContractTest):
    def test_an_index(self):
        self.assert_ok(self.chain.deploy(CONTRACT, (HEADER + INDEX).encode()))
        for number, text in enumerate(["I like apples", "the weather is fine", "apple trees grow"]):
            self.assertEqual(number, self.assert_ok(self.chain.write(CONTRACT, "add", number, text)).value)
        near = self.assert_ok(self.chain.view(CONTRACT, "nearest", "I like apples", 2)).value
        self.assertEqual(["I like apples", 0, "0.000"], near[0])
        self.assertEqual("apple trees grow", near[1][0])
        self.assertEqual(2, self.chain.write(CONTRACT, "remove", 0).value)
        self.assertEqual(["apple trees grow"], [n[0] for n in self.chain.view(CONTRACT, "nearest", "apples", 1).value])
        self.assertEqual(0, self.chain.write(CONTRACT, "add", 9, "new").value)

    def test_its_layout(self):
        """Keys, values, free list: 4 + 4 + 12 bytes before the next field."""
        self.assert_ok(
            self.chain.deploy(
                CONTRACT, (HEADER + INDEX.replace("        pass\n", "        self.seen = u8(7)\n")).encode()
            )
        )
        slots = self.chain.account(CONTRACT).accepted.slots
        self.assertEqual(
            bytes(20) + b"\x07",
            slots[bytes.fromhex("372d46c3ada9f897c74d349bbfe0e450c798167c9f580f8daf85def57e96c3ea")][:21],
        )

    def test_a_schema(self):
        self.chain.place(CONTRACT, (HEADER + INDEX).encode())
        self.assertIn('"nearest"', self.assert_ok(self.chain.view(CONTRACT, "#get-schema")).value)


@unittest.skipUnless(IN_ENGINE, "needs QUORATE_ENGINE and Debian's numpy")
class libraries_of_debian(ContractTest):
    def value_of(self, expression, imports):
        return super().value_of(expression, before=imports)

    def test_numpy_counts(self):
        self.assertEqual("6", self.value_of("int(np.arange(4).sum())", "import numpy as np"))

    def test_chance_is_the_same_in_every_run(self):
        drawn = {self.value_of("np.random.default_rng().integers(10**9)", "import numpy as np") for _ in range(3)}
        self.assertEqual(1, len(drawn))
        drawn = {self.value_of("np.random.rand()", "import numpy as np") for _ in range(3)}
        self.assertEqual(1, len(drawn))

    @unittest.skipUnless(os.path.isdir("/usr/lib/python3/dist-packages/PIL"), "Pillow is not installed")
    def test_pillow_draws(self):
        imports = (
            "import io\nimport PIL.Image\ndef draw():\n    out = io.BytesIO()\n    PIL.Image.new('RGB', (2, 3)).save(out, 'PNG')\n"
            "    return PIL.Image.open(out).size"
        )
        self.assertEqual("(2, 3)", self.value_of("draw()", imports))

    def test_what_lies_beside_them_is_not_there(self):
        for name in ("psycopg2", "apt_pkg", "flask"):
            with self.subTest(name):
                self.assert_failed(self.deploy(f"import {name}\nclass C(gl.Contract):\n    pass\n"), "ModuleNotFoundError")


if __name__ == "__main__":
    unittest.main()
