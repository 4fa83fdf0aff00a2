# SPDX-License-Identifier: MIT
"""What the tests of the SDK share. Importing it puts the SDK and the test double on the path; with QUORATE_ENGINE in the
environment, contracts run in that engine instead of the double."""
import json
import os
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT / "tests/engine/double", ROOT / "engine/sdk"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from chain import Chain, World, address, call_data  # noqa: E402, F401

if os.environ.get("QUORATE_ENGINE"):
    # The same tests against the real engine.
    from engine_client import EngineChain as Chain  # noqa: E402, F401

    class World(World):
        """Models and the web of a real engine have tests of their own."""

        def __init__(self, **answers):
            if answers:
                raise unittest.SkipTest("the engine asks real providers")
            super().__init__()


RUNNER = "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6"
HEADER = f'# v0.2.16\n# {{ "Depends": "{RUNNER}" }}\nfrom genlayer import *\n'
CONTRACT = address(0xC0)


def vectors(name):
    return json.loads((ROOT / "tests/data/vectors" / name).read_text())


class ContractTest(unittest.TestCase):
    """A test with a chain of its own."""

    def setUp(self):
        self.chain = Chain()

    def assert_ok(self, outcome):
        self.assertEqual("Return", outcome.kind, f"{outcome.value}\n{outcome.stderr}")
        return outcome

    def assert_failed(self, outcome, text):
        """An exception that nobody caught; the text is in the traceback."""
        self.assertEqual(("VMError", "exit_code 1"), (outcome.kind, outcome.value), outcome.stderr)
        self.assertIn(text, outcome.stderr)
        return outcome

    def assert_user_error(self, outcome, message):
        self.assertEqual(("Rollback", message), (outcome.kind, outcome.value), outcome.stderr)
        return outcome

    def deploy(self, source, *args, to=CONTRACT, **options):
        """Deploys a contract, whose source here needs no header."""
        return self.chain.deploy(to, (HEADER + source).encode(), *args, **options)

    def deployed(self, source, *args, **options):
        return self.assert_ok(self.deploy(source, *args, **options))

    def construct(self, body, fields="", before=""):
        """Runs statements in a constructor."""
        indented = "".join(f"        {line}\n" for line in body.splitlines()) or "        pass\n"
        declared = "".join(f"    {line}\n" for line in fields.splitlines())
        return self.deploy(f"{before}\nclass C(gl.Contract):\n{declared}    def __init__(self):\n{indented}")

    def value_of(self, expression, **options):
        """What an expression gives inside of a contract."""
        outcome = self.construct(f"raise gl.vm.UserError(repr({expression}))", **options)
        self.assertEqual("Rollback", outcome.kind, outcome.stderr)
        return outcome.value
