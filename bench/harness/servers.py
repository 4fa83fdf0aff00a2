# SPDX-License-Identifier: MIT
"""The servers under measurement, each a child process that is ended with its `with` block."""
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import machine

BENCH = Path(__file__).resolve().parents[1]


class Server:
    """A process with an HTTP port that answers `probe` with 200 when it is ready."""

    probe = "/ready"
    path = "/api"

    def __init__(self, name, log_dir):
        self.name = name
        self.port = machine.free_port()
        self.log = Path(log_dir) / f"{name.replace(' ', '_')}.log"
        self.process = None
        self.ready_after = 0.0

    def command(self):
        """What to run; of the subclass."""
        raise NotImplementedError

    def environment(self):
        """Additions to the environment."""
        return {}

    def __enter__(self):
        began = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, **self.environment()})
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - began > 30:
                self.__exit__()
                raise RuntimeError(f"{self.name} did not start; its log:\n{self.log_tail()}")
            time.sleep(0.002)
        self.ready_after = time.monotonic() - began
        return self

    def _answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{self.probe}", timeout=5) as reply:
                return reply.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def __exit__(self, *_):
        self.stop()

    def stop(self, timeout=30):
        """SIGTERM, then SIGKILL; returns the exit code (negative: the signal)."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode if self.process else None

    def log_tail(self, size=3000):
        """The last of what it said."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-size:] if self.log.exists() else ""

    def cpu(self, postgres):
        """Processor seconds used so far."""
        return machine.Cpu(machine.cpu_seconds(self.process.pid), machine.cpu_seconds(postgres.pid, with_children=True))

    def call(self, method, *params, timeout=60):
        """One JSON-RPC call; its whole reply."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        ask = urllib.request.Request(f"http://127.0.0.1:{self.port}{self.path}", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(ask, timeout=timeout) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as refused:
            return json.load(refused)

    def result(self, method, *params):
        """The result of a call that must succeed."""
        reply = self.call(method, *params)
        if "result" not in reply:
            raise RuntimeError(f"{self.name}: {method} failed: {str(reply)[:2000]}")
        return reply["result"]

    def metrics(self):
        """name{labels} -> value of every line of /metrics."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as reply:
            lines = reply.read().decode().split("\n")
        pairs = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
        return {name: float(value) for name, value in pairs}


class Quorate(Server):
    """`quorate serve`, or the bench's own server with one slow method more."""

    def __init__(self, name, log_dir, binary, database_url, settings=None):
        super().__init__(name, log_dir)
        self.binary = binary
        self.database_url = database_url
        self.data_dir = Path(log_dir) / f"{name.replace(' ', '_')}.data"
        self.settings = settings or {}

    def command(self):
        words = [str(self.binary), "serve", "--host", "127.0.0.1", "--port", str(self.port), "--database-url", self.database_url,
                 "--data-dir", str(self.data_dir)]
        for key, value in self.settings.items():
            words += ["--set", f"{key}={value}"]
        return words


class Original(Server):
    """The Flask application of bench/original with the given pool."""

    def __init__(self, name, log_dir, database_url, pool_size, max_overflow):
        super().__init__(name, log_dir)
        self.database_url = database_url
        self.pool_size = pool_size
        self.max_overflow = max_overflow

    def command(self):
        return [sys.executable, str(BENCH / "original" / "app.py"), "--port", str(self.port), "--database-url", self.database_url,
                "--pool-size", str(self.pool_size), "--max-overflow", str(self.max_overflow)]


class BareBeast(Server):
    """Beast answering a constant: what the HTTP library can do on this machine."""

    probe = "/ready"

    def __init__(self, log_dir, binary):
        super().__init__("bare_beast", log_dir)
        self.binary = binary

    def command(self):
        return [str(self.binary), str(self.port)]


class Hardhat(Server):
    """The node of hardhat/, with ConsensusMain on its chain."""

    path = "/"
    folder = BENCH.parent / "hardhat"

    def __init__(self, name, log_dir):
        super().__init__(name, log_dir)
        self.deployments = Path(log_dir) / f"{name}.deployments"
        # Before the deadline of the start: the first time, packages are installed.
        subprocess.run([str(self.folder / "prepare")], check=True)

    def command(self):
        return [str(self.folder / "start"), str(self.port)]

    def environment(self):
        return {"HARDHAT_DEPLOYMENTS": str(self.deployments)}

    def _answers(self):
        try:
            return bool(self.result("eth_chainId"))
        except (urllib.error.URLError, OSError):
            return False
