# SPDX-License-Identifier: MIT
"""Memory with 1,000 clients and a full pool, and the time from start to ready."""
import threading
import time

from .. import machine, tools
from ..postgres import address_of
from ..report import number
from ..rounds import Target, median

CLIENTS = 1000


def memory(context):
    """Every client calls a method that takes a lease, so that the pool opens everything it may."""
    bodies = tools.write_bodies(context.folder / "leases.tsv", [
        ("sim_getTransactionsForAddress", tools.body("sim_getTransactionsForAddress", [address_of(n)], n)) for n in range(1, 501)])
    with context.quorate("quorate_memory") as quorate:
        idle = machine.memory_kb(quorate.process.pid, "VmRSS") / 1024
        opened = []
        watching = threading.Event()

        def watch():
            link = context.postgres.connect("bench")
            with link.cursor() as c:
                while not watching.wait(0.2):
                    c.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'quorate' AND datname = 'bench'")
                    opened.append(c.fetchone()[0])
            link.close()

        watcher = threading.Thread(target=watch)
        watcher.start()
        figures = tools.load(context.load, quorate, [("clients", CLIENTS, bodies)], 2 * context.options.seconds)
        watching.set()
        watcher.join()
        limit = quorate.result("dev_getPoolStatus")["pool"]["max_allowed"]
        peak = machine.memory_kb(quorate.process.pid) / 1024
    group = figures["groups"]["clients"]
    report = context.report
    report.heading("Memory and start-up")
    report.text(f"{CLIENTS} keep-alive clients calling a method that takes a lease each: {number(group['per_second'])} calls/s, p99 "
                f"{number(group['p99_ms'])} ms, {group['error_count']} errors; up to {max(opened, default=0)} connections of Quorate in "
                f"`pg_stat_activity` (the pool may open {limit}, one more listens). Resident memory: {idle:.1f} MiB idle, {peak:.1f} MiB "
                "at the peak.")
    report.target(Target(f"peak RSS, {CLIENTS} clients, pool full", peak * 1.048576, 80, at_least=False, unit=" MB"))
    report.target(Target("the pool was full", max(opened, default=0), limit))
    report.target(Target(f"errors with {CLIENTS} clients", group["error_count"], 0, at_least=False))


def start_up(context):
    """From exec to the first 200 of /ready, on a database that exists."""
    times = []
    for attempt in range(5):
        with context.quorate(f"quorate_start_{attempt}") as quorate:
            times.append(quorate.ready_after)
            time.sleep(0.1)
    context.report.text("Start-up of `serve` on an existing database, exec to `/ready` 200: "
                        + ", ".join(f"{1000 * t:.0f} ms" for t in times) + ".")
    context.report.target(Target("start-up to ready", median(times), 0.3, at_least=False, unit=" s"))


def run(context):
    """Both."""
    memory(context)
    start_up(context)
