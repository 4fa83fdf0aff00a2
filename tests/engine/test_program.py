# SPDX-License-Identifier: MIT
"""Headers, archives, and the files a program sees."""
import io
import json
import sys
import unittest
import zipfile

from support import CONTRACT, RUNNER, Chain

from genlayer import gl
from genlayer._engine import header, program, run
from genlayer.gl import contract

EMPTY = "from genlayer import *\nclass C(gl.Contract):\n    def __init__(self): pass\n"
MULTI = "py-genlayer-multi:06zyvrlivjga0d5jlpdbprksc0pa6jmllxvp8s20hq1l512vh5yk"


def archive(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for name, content in files.items():
            made.writestr(name.replace("__dot__", ".").replace("__in__", "/"), content)
    return data.getvalue()


class headers(unittest.TestCase):
    def parse(self, source, **options):
        return header.parse(source, **options)

    def refused(self, source, code, **options):
        with self.assertRaises(header.InvalidContract) as caught:
            self.parse(source, **options)
        self.assertEqual(code, str(caught.exception), source)

    def test_versions(self):
        depends = json.dumps({"Depends": RUNNER})
        for source, version in [
            (f"# v0.2.16\n# {depends}\n", (0, 2, 16)),
            (f"# {depends}\n", (0, 1, 0)),
            (f"#v0.1.3\n#{depends}", (0, 1, 3)),
            (f"// v0.2.0-rc1\n// {depends}\n", (0, 2, 0)),
            (f"-- {depends}\n-- v0.2.1\nimport x", (0, 2, 1)),
        ]:
            self.assertEqual(version, self.parse(source).version)
        for text in ("v0.3.0", "v1.0.0", "v0.10.0"):
            self.refused(f"# {text}\n# {depends}\n", "version_too_big")
        for text in ("v", "v0.2", "version", "v0.2.x"):
            self.refused(f"# {text}\n# {depends}\n", "invalid_contract malformed_runner")

    def test_json_over_several_lines(self):
        plan = self.parse(
            f'# v0.2.16\n# {{\n#   "Seq": [\n#     {{ "Depends": "{RUNNER}" }}\n#   ]\n# }}\n\n# and a comment\n'
        ).plan
        self.assertEqual(["py-genlayer"], plan.runners)

    def test_actions(self):
        action = {
            "Seq": [
                {"SetEnv": {"name": "A", "value": "1"}},
                {"AddEnv": {"name": "A", "val": "2"}},
                {"MapFile": {"file": "x", "to": "/y"}},
                {"When": {"cond": "det", "action": {"Depends": RUNNER}}},
                {"With": {"runner": RUNNER, "action": {"Seq": []}}},
                {"SetArgs": ["a"]},
            ]
        }
        plan = self.parse(f"# {json.dumps(action)}\n").plan
        self.assertEqual(
            (["py-genlayer"] * 2, {"A": "12"}, [("x", "/y")]), (plan.runners, plan.environment, plan.files)
        )

    def test_known_runners(self):
        for known in (
            RUNNER,
            MULTI,
            "py-genlayer:132536jbnxkd1axfxg5rpfr5b60cr11adm2y4r90hgn0l59qsp9w",
            "py-lib-genlayer-embeddings:0bmbm3cyzzz",
        ):
            self.parse(f'# {{"Depends": "{known}"}}')
        for unknown in (
            "py-genlayer:1",
            "py-genlayer:",
            "other:1",
            RUNNER + "x",
            "py-genlayer:latest",
            "py-genlayer:test",
        ):
            self.refused(f'# {{"Depends": "{unknown}"}}', "invalid_contract")
        for name in ("latest", "test"):
            self.parse(f'# {{"Depends": "py-genlayer:{name}"}}', debug=True)

    def test_no_header(self):
        for source in ("", "\n", "from genlayer import *\n", "# v0.2.16\nimport x\n", "\n# {}\n", "#\n"):
            self.refused(source, "invalid_contract absent_runner_comment")

    def test_malformed(self):
        for text in (
            "{",
            "{}",
            "[]",
            "null",
            '{"Depends": 1}',
            '{"Depends": "py-genlayer"}',
            '{"Seq": {}}',
            '{"Other": 1}',
            "SPDX",
            '{"SetEnv": {"name": "A"}}',
            '{"MapFile": []}',
            '{"Depends": "a:b", "Seq": []}',
            "[" * 5000,
            '{"Seq": [' * 40 + "]}" * 40,
        ):
            self.refused(f"# {text}", "invalid_contract malformed_runner")
        self.refused('# {"StartWasm": "x"}', "invalid_contract")


class programs(unittest.TestCase):
    def deploy(self, code, *args, **options):
        self.chain = Chain()
        return self.chain.deploy(CONTRACT, code, *args, **options)

    def test_what_cannot_be_run(self):
        for code, expected in [
            (b"", "invalid_contract absent_runner_comment"),
            (b"# \xff\n", "invalid_contract not_utf8_text"),
            (b"# v9.0.0\n# {}\n", "version_too_big"),
            (b"PK\x03\x04rubbish", "invalid_contract"),
            (archive(contract__in____init____dot__py="x"), "invalid_contract malformed_runner"),
            (archive(runner__dot__json=b"\xff"), "invalid_contract not_utf8_text"),
        ]:
            outcome = self.deploy(code)
            self.assertEqual(("VMError", expected), (outcome.kind, outcome.value))

    def test_the_debug_runners_need_debug_mode(self):
        code = ('# {"Depends": "py-genlayer:test"}\n' + EMPTY).encode()
        self.assertTrue(self.deploy(code, debug=True).ok)
        self.assertEqual("invalid_contract", self.deploy(code, debug=False).value)

    def test_a_package(self):
        code = archive(
            runner__dot__json=json.dumps({"Depends": MULTI}),
            version="v0.2.1",
            contract__in__other__dot__py="NAME = 'other'\n",
            contract__in__data__dot__txt="text",
            contract__in____init____dot__py="""
from genlayer import *
import io
import pathlib
import pkgutil
from . import other
import contract.other

class C(gl.Contract):
    def __init__(self):
        assert contract.other is other and __name__ == "contract" and __file__ == "/contract/__init__.py"
        assert open("/contract/other.py").read() == "NAME = 'other'\\n"
        assert open("contract/data.txt", "rb").read() == b"text"
        assert pathlib.Path("/contract/data.txt").read_text() == "text"
        assert pkgutil.get_data("contract", "data.txt") == b"text"
        for name, mode, error in (("/contract/data.txt", "w", PermissionError), ("/contract/none", "r", FileNotFoundError)):
            try:
                open(name, mode)
            except error:
                pass
            else:
                raise AssertionError(name)
        gl.deploy_contract(code=open("/contract/other.py", "rb").read())
        raise gl.vm.UserError(other.NAME)
""",
        )
        outcome = self.deploy(code)
        self.assertEqual(("Rollback", "other"), (outcome.kind, outcome.value), outcome.stderr)

    def test_an_archive_with_one_file_and_mapped_files(self):
        actions = {
            "Seq": [
                {"MapFile": {"file": "data/", "to": "/d"}},
                {"SetEnv": {"name": "GREETING", "value": "hi"}},
                {"Depends": RUNNER},
            ]
        }
        code = archive(
            runner__dot__json=json.dumps(actions),
            data__in__x__dot__txt="x",
            contract__dot__py=EMPTY
            + "    import os\n    assert open('/d/x.txt').read() == 'x' and os.environ['GREETING'] == 'hi'\n",
        )
        outcome = self.deploy(code)
        self.assertTrue(outcome.ok, outcome.stderr)

    def test_an_archive_that_unpacks_to_too_much(self):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("runner.json", bytes(70 << 20))
        self.assertEqual("invalid_contract", self.deploy(data.getvalue()).value)

    def test_tracebacks_show_the_line(self):
        code = f'# {{"Depends": "{RUNNER}"}}\n{EMPTY}        broken = 1 // 0\n'.replace("pass", "\n")
        outcome = self.deploy(code.encode())
        self.assertIn('  File "/contract.py", line 6, in __init__\n    broken = 1 // 0', outcome.stderr)

    @unittest.skipUnless(Chain.is_double, "the engine keeps its code objects to itself")
    def test_compiled_code_stands_in_for_the_source(self):
        def code(number):
            return (
                f'# {{"Depends": "{RUNNER}"}}\n{EMPTY}    @gl.public.view\n    def f(self): return {number}\n'.encode()
            )

        self.assertTrue(self.deploy(code(1)).ok)
        compiled = run.compile_contract(code(2))
        original = program.load
        try:
            program.load = lambda made, _compiled: original(made, compiled)
            self.assertEqual(2, self.chain.view(CONTRACT, "f").value)
        finally:
            program.load = original
        self.assertRaises(SyntaxError, run.compile_contract, f'# {{"Depends": "{RUNNER}"}}\na b'.encode())
        self.assertRaises(header.InvalidContract, run.compile_contract, b"a b")

    def test_warming_up_leaves_nothing_and_changes_nothing(self):
        code = f'# {{"Depends": "{RUNNER}"}}\n{EMPTY}    @gl.public.view\n    def f(self): return [1, {{"a": b"b"}}]\n'.encode()
        self.assertTrue(self.deploy(code).ok)
        before = self.chain.view(CONTRACT, "f")
        paths, opened = list(sys.meta_path), open
        run.warm_up(2)
        self.assertEqual((paths, opened, None), (sys.meta_path, open, contract._the_contract))
        self.assertNotIn("contract", sys.modules)
        self.assertRaises(RuntimeError, lambda: gl.message_raw)
        self.assertEqual(before, self.chain.view(CONTRACT, "f"))

    def test_nothing_of_a_run_stays(self):
        """Runs are forks: this process still has no contract, no message, and its own open()."""
        self.deploy(f'# {{"Depends": "{RUNNER}"}}\n{EMPTY}'.encode())
        self.assertIsNone(contract._the_contract)
        self.assertNotIn("contract", sys.modules)
        self.assertRaises(RuntimeError, lambda: gl.message)
        self.assertIsInstance(open, type(len))


if __name__ == "__main__":
    unittest.main()
