# SPDX-License-Identifier: MIT
"""The same chain of contracts as double/chain.py, but runs go through the real engine: its HTTP API, and a host's socket.

Used instead of the double when QUORATE_ENGINE names the engine's executable."""
import atexit
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time

import chain
import machine
import pages
from chain import Outcome
from machine import Permissions

from genlayer import calldata

CALL = "gl_call "
KINDS = ("Return", "Rollback", "VMError", "InternalError")


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("engine", timeout=60)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Engine:
    """A running quorate-engine."""

    def __init__(self, binary, *options):
        self.folder = tempfile.mkdtemp(prefix="quorate-engine-")
        os.chmod(self.folder, 0o755)
        self.path = f"{self.folder}/engine"
        self.log = open(f"{self.folder}/log", "w+b")
        self.process = subprocess.Popen(
            [binary, "--listen", f"unix:{self.path}", "--die-with-parent", *options], stderr=self.log, cwd=self.folder
        )
        atexit.register(self.stop)
        self._local = threading.local()
        while not self._is_ready():
            if self.process.poll() is not None:
                self.log.seek(0)
                raise RuntimeError(f"the engine ended: {self.log.read().decode()}")
            time.sleep(0.01)

    def _is_ready(self):
        try:
            return self.request("GET", "/status")[1]["ready"]
        except OSError:
            self._local.connection = None
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def request(self, method, target, body=None):
        """(status, JSON)."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = _UnixConnection(self.path)
        connection.request(method, target, body)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def run(self, request, host, stop=None):
        """Runs to the end: what `GET /genvm/{id}` says then. The host answers on a socket of its own. With `stop`, an event,
        the run is deleted once that is set; then there is nothing to tell."""
        path = tempfile.mktemp(prefix="host-", dir=self.folder)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            listener.settimeout(60)
            status, body = self.request("POST", "/genvm/run", calldata.encode(request | {"host": f"unix://{path}"}))
            if status != 200:
                raise ValueError(f"{status}: {body}")
            target = f"/genvm/{body['id']}"
            stream, _ = listener.accept()
            if stop:
                stop.wait(60)
                self.request("DELETE", target)
            with stream:
                host.serve(stream)
        os.unlink(path)
        if stop:
            return None
        while (found := self.request("GET", target)[1]["status"]) is None:
            time.sleep(0.001)
        self.request("DELETE", target)
        return found


class Host:
    """Answers the host's socket from a chain (docs/spec/genvm.md §1.4)."""

    def __init__(self, chain):
        self.chain = chain
        self.disagreement = None
        self.finished = False
        self.reads = 0

    def serve(self, stream):
        reader = stream.makefile("rb")
        try:
            while method := reader.read(1):
                if not self.answer(method[0], reader, stream):
                    return
        except (ValueError, OSError):
            pass  # a contract wrote what it liked: the host hangs up

    def answer(self, method, reader, stream):
        if method == 0:
            mode, account, slot = reader.read(1)[0], reader.read(20), reader.read(32)
            offset, size = (int.from_bytes(reader.read(4), "little") for _ in range(2))
            state = self.chain.state(account, "latest_final" if mode == 1 else "latest_non_final")
            self.reads += 1
            if size > 1 << 24:
                raise ValueError(f"{size} bytes at once")
            stream.sendall(b"\0" + state.read(slot, offset, size))
        elif method == 3:
            stream.sendall(b"\0" + self.chain.balance(reader.read(20)).to_bytes(32, "little"))
        elif method == 5:
            call = int.from_bytes(reader.read(4), "little")
            self.disagreement = call if self.disagreement is None else self.disagreement
        elif method == 7:
            self.finished = True
            stream.sendall(b"\0")
            return False
        else:
            raise ValueError(f"method {method}")
        return True


_engine = None


def engine():
    global _engine
    if _engine is None:
        _engine = Engine(os.environ["QUORATE_ENGINE"])
    return _engine


class EngineChain(chain.Chain):
    """As Chain; there is no world outside, and the outcome does not know each call and where writes ended."""

    is_double = False

    def run(
        self,
        to,
        data,
        *,
        sender=chain.address(0xA1),
        origin=None,
        value=0,
        code=None,
        permissions=None,
        leader_results=None,
        sync=False,
        debug=True,
        **fields,
    ):
        request = self._request(
            to, data, sender=sender, origin=origin, value=value, code=code, permissions=permissions,
            leader_results=leader_results, sync=sync, debug=debug, **fields
        )
        host = Host(self)
        return self._outcome(engine().run(request, host), host, to)

    def _request(
        self, to, data, *, sender=chain.address(0xA1), origin=None, value=0, code=None, permissions=None,
        leader_results=None, sync=False, debug=True, **fields
    ):
        may = permissions or Permissions()
        return {
            "major": 0,
            "message": {
                "contract_address": to,
                "sender_address": sender,
                "origin_address": origin or sender,
                "chain_id": self.chain_id,
                "value": value,
                "is_init": code is not None,
                "datetime": self.datetime,
            },
            "is_sync": sync,
            "permissions": "r" * may.read + "w" * may.write + "s" * may.send + "c" * may.call + "n" * may.nondet,
            "host_data": json.dumps(self.host_data),
            "extra_args": ["--debug-mode"] if debug else [],
            "code": code,
            "calldata": data,
            "leader_nondet_results": leader_results,
        } | fields

    host_data: dict = {}

    def begin(self, to, data, **fields):
        """Starts a run and gives a function that ends it, which the run never would by itself."""
        stop = threading.Event()
        thread = threading.Thread(
            target=engine().run, args=(self._request(to, data, **fields), Host(self), stop), daemon=True
        )
        thread.start()

        def end():
            stop.set()
            thread.join(60)

        return end

    def _outcome(self, status, host, to):
        blob = bytes(status["consumed_result"])
        result = calldata.decode(blob[1:])
        kind = KINDS[blob[0]]
        data = result["data"]
        lines = [line["message"] for line in status["genvm_log"]]
        calls = [bytes.fromhex(line.removeprefix(CALL)) for line in lines if line.startswith(CALL)]
        payload = calldata.encode(data) if kind == "Return" else b"" if kind == "InternalError" else data.encode()
        return Outcome(
            kind,
            data,
            blob[:1] + payload,
            [(bytes(key), bytes(value)) for key, value in result.get("storage_changes", [])],
            {},
            result.get("emissions", []),
            calls,
            [line for line in lines if not line.startswith(CALL)],
            result.get("nondet_results", []),
            host.disagreement,
            status["stdout"],
            status["stderr"],
            to,
        )


assert machine.VM_ERROR == KINDS.index("VMError") and pages.PAGE == 32
