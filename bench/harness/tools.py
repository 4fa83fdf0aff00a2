# SPDX-License-Identifier: MIT
"""The load tools, each run once per call and answering with a dict of figures."""
import json
import os
import random
import re
import subprocess
from pathlib import Path

from .postgres import address_of

BENCH = Path(__file__).resolve().parents[1]


def body(method, params, number=1):
    """One JSON-RPC request."""
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}, separators=(",", ":"))


def write_bodies(path, bodies):
    """The request file that wrk's script and the load generator read: a label, a tab, the body."""
    with open(path, "w", encoding="utf-8") as f:
        for label, text in bodies:
            f.write(f"{label}\t{text}\n")
    return path


def balance_bodies(path, accounts, count=2000, method="eth_getBalance", seed=7):
    """Reads of random accounts."""
    pick = random.Random(seed)
    return write_bodies(path, [(method, body(method, [address_of(pick.randint(1, accounts)), "latest"], i))
                               for i in range(1, count + 1)])


def _measured(server, postgres, run):
    """Runs `run` and adds what it cost in processor time."""
    before = server.cpu(postgres)
    figures = run()
    after = server.cpu(postgres)
    calls = figures["calls"]
    figures["server_us"] = 1e6 * (after.server - before.server) / calls if calls else 0.0
    figures["postgres_us"] = 1e6 * (after.postgres - before.postgres) / calls if calls else 0.0
    return figures


def wrk(server, postgres, bodies, seconds, clients=50):
    """wrk with one thread; keep-alive clients, random ready-made requests."""

    def run():
        done = subprocess.run(
            ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "60s", "-s", str(BENCH / "wrk" / "calls.lua"),
             f"http://127.0.0.1:{server.port}/api"],
            capture_output=True, text=True, check=True, env={**os.environ, "QUORATE_BENCH_BODIES": str(bodies)})
        figures = json.loads(re.search(r"^QUORATE_BENCH (.*)$", done.stdout, re.M).group(1))
        figures["per_second"] = figures["calls"] / figures["seconds"]
        return figures

    return _measured(server, postgres, run)


def load(binary, server, groups, seconds, warm_up=0.0, timeout=60, series=False, once=False):
    """Our load generator. `groups` is [(name, clients, file)]; `once`: each request one time. Answers its whole report."""
    command = [str(binary), "--port", str(server.port), "--seconds", str(seconds), "--warm-up", str(warm_up), "--timeout",
               str(timeout)]
    for name, clients, path in groups:
        command += ["--group", f"{name}:{clients}:{path}"]
    if series:
        command.append("--series")
    if once:
        command.append("--once")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"load failed: {done.stderr}")
    return json.loads(done.stdout)


def _pgbench(postgres, database, *words):
    done = subprocess.run([str(postgres.bin / "pgbench"), "-h", str(postgres.home), "-p", str(postgres.port), "-U", "bench", *words,
                           database], capture_output=True, text=True, check=True)
    return done.stdout


def _pgbench_figures(text):
    return {"per_second": float(re.search(r"tps = ([0-9.]+) \(without", text).group(1)),
            "mean_ms": float(re.search(r"latency average = ([0-9.]+)", text).group(1)),
            "calls": int(re.search(r"actually processed: (\d+)", text).group(1))}


def pgbench(postgres, database, clients, seconds, accounts):
    """The ceiling of reads: the same SELECT, prepared, straight at PostgreSQL."""
    return _pgbench_figures(_pgbench(postgres, database, "-n", "-M", "prepared", "-f", str(BENCH / "sql" / "balance.pgbench"), "-D",
                                     f"accounts={accounts}", "-c", str(clients), "-j", "1", "-T", str(seconds)))


def pgbench_prepare(postgres, database, scale):
    """pgbench's own tables."""
    postgres.create(database)
    _pgbench(postgres, database, "-i", "-q", "-s", str(scale))


def pgbench_update(postgres, database, clients, seconds):
    """The ceiling of writes: pgbench's simple update, prepared."""
    return _pgbench_figures(_pgbench(postgres, database, "-n", "-N", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(seconds)))
