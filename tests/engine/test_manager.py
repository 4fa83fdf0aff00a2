# SPDX-License-Identifier: MIT
"""The engine as a server (docs/spec/genvm.md §1.2): what it answers to good and bad requests, and how it bears the loss of its
parts. Only for the real engine."""
import contextlib
import os
import signal
import subprocess
import threading
import unittest

from support import CONTRACT, Chain, ContractTest, address, call_data

from genlayer import calldata

READER = "class C(gl.Contract):\n    def __init__(self): pass\n    @gl.public.view\n    def f(self) -> int: return 7\n"
LOOP = "class C(gl.Contract):\n    def __init__(self):\n        while True: pass\n"


@unittest.skipIf(Chain.is_double, "needs QUORATE_ENGINE")
class manager(ContractTest):
    def ask(self, method, target, body=None):
        import engine_client

        return engine_client.engine().request(method, target, body)

    def test_unknown_things_are_404(self):
        for method, target in [("GET", "/"), ("GET", "/genvm/999999"), ("GET", "/genvm/x"), ("DELETE", "/genvm/999999"), ("PUT", "/genvm/run")]:
            status, body = self.ask(method, target)
            self.assertEqual((404, ["error"]), (status, list(body)), target)

    def test_bad_requests_name_their_field(self):
        good = self.chain._request(CONTRACT, call_data("f")) | {"host": "unix:///tmp/none"}
        for changes, named in [
            ({"message": 5}, "message"),
            ({"calldata": "x"}, "calldata"),
            ({"code": "x"}, "code"),
            ({"permissions": "rx"}, "permissions"),
            ({"leader_nondet_results": [5]}, "leader_nondet_results"),
            ({"host_data": "[1]"}, "host_data"),
            ({"host": "tcp://1.2.3.4"}, "host"),
            ({"major": 1}, "major"),
            ({"message": good["message"] | {"datetime": "soon"}}, "message.datetime"),
            ({"message": good["message"] | {"value": -1}}, "message.value"),
            ({"message": good["message"] | {"sender_address": b"x"}}, "message.sender_address"),
            ({"message": good["message"] | {"is_init": True}}, "code"),
        ]:
            status, body = self.ask("POST", "/genvm/run", calldata.encode(good | changes))
            self.assertEqual(400, status, named)
            self.assertTrue(body["error"].startswith(named), body)
        for body in (b"", b"\xff", calldata.encode([])):
            self.assertEqual(400, self.ask("POST", "/genvm/run", body)[0])

    def test_a_host_that_is_not_there_is_the_engines_failure(self):
        request = self.chain._request(CONTRACT, call_data("f")) | {"host": "unix:///tmp/there-is-no-such-host"}
        run = self.ask("POST", "/genvm/run", calldata.encode(request))[1]["id"]
        status = None
        while status is None:
            status = self.ask("GET", f"/genvm/{run}")[1]["status"]
        self.assertEqual(3, status["consumed_result"][0])
        self.assertEqual(200, self.ask("DELETE", f"/genvm/{run}")[0])
        self.assertEqual(404, self.ask("GET", f"/genvm/{run}")[0])

    def test_many_at_once(self):
        self.deployed(READER)
        values = []
        threads = [threading.Thread(target=lambda: values.append(self.chain.view(CONTRACT, "f").value)) for _ in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([7] * 32, values)

    def test_contracts_call_contracts_that_run_beside_them(self):
        """Depth first, and no deeper than 64."""
        source = (
            "class C(gl.Contract):\n    def __init__(self): pass\n    @gl.public.view\n    def f(self, n: int) -> int:\n"
            "        return 0 if n == 0 else 1 + gl.get_contract_at(gl.message.contract_address).view().f(n - 1)\n"
        )
        self.deployed(source)
        self.assertEqual(20, self.chain.view(CONTRACT, "f", 20).value)
        self.assertEqual("VMError", self.chain.view(CONTRACT, "f", 100).kind)


@unittest.skipIf(Chain.is_double, "needs QUORATE_ENGINE")
class losses(ContractTest):
    """On an engine of their own."""

    def setUp(self):
        super().setUp()
        import engine_client

        self.client = engine_client
        self.shared = engine_client._engine
        self.engine = engine_client._engine = engine_client.Engine(os.environ["QUORATE_ENGINE"])

    def tearDown(self):
        self.client._engine = self.shared
        self.engine.stop()

    @staticmethod
    def children(pid):
        found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
        return [int(word) for word in found.stdout.split()]

    def zygote(self):
        return self.children(self.engine.process.pid)[0]

    def test_a_lost_zygote_is_replaced(self):
        self.deployed(READER)
        before = self.zygote()
        outcomes = []
        looping = threading.Thread(target=lambda: outcomes.append(self.deploy(LOOP, to=address(0xB1)).kind))
        looping.start()
        while self.engine.request("GET", "/status")[1]["running"] == 0:
            pass
        os.kill(before, signal.SIGKILL)
        looping.join()
        self.assertEqual(["InternalError"], outcomes)
        while not self.engine.request("GET", "/status")[1]["ready"]:
            pass
        self.assertNotEqual(before, self.zygote())
        self.assertEqual(7, self.chain.view(CONTRACT, "f").value)

    def test_a_lost_spare_is_replaced(self):
        """The zygote has the process of the next run ready; without it, it forks as the run comes."""
        self.deployed(READER)
        for _ in range(3):
            while not (spare := self.children(self.zygote())):
                pass
            for pid in spare:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            # Until then it may still be handed the run, and take it along.
            while any(map(self.is_alive, spare)):
                pass
            self.assertEqual(7, self.chain.view(CONTRACT, "f").value)

    def test_nothing_outlives_the_engine(self):
        threading.Thread(target=lambda: self.assertRaises(OSError, self.deploy, LOOP), daemon=True).start()
        while self.engine.request("GET", "/status")[1]["running"] == 0:
            pass
        zygote = self.zygote()
        self.engine.process.kill()
        self.engine.process.wait()
        while self.is_alive(zygote):
            pass

    @staticmethod
    def is_alive(pid):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as state:
                return state.read().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False


if __name__ == "__main__":
    unittest.main()
