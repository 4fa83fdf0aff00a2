# SPDX-License-Identifier: MIT
"""(f) ten thousand WebSockets: what each takes of the memory, and how soon those that listen hear of a commit."""
import contextlib
import dataclasses
import time

from .. import machine, postgres as pg
from ..context import DATABASE
from ..crowd import LISTENERS, crowd, finalized_at
from ..report import number
from ..rounds import Target
from ..signed import Signed, paced

IDLE = 10_000
IDLE_COMPRESSED = 2_000
PER_SECOND = 200
LIMITS = {"server.connections": "12000", "server.connections_per_address": "12000", "server.socket.connections": "12000"}


def _resident_kib(quorate):
    return machine.memory_kb(quorate.process.pid, "VmRSS")


def _memory(context, name, idle, compression):
    """KiB of each socket."""
    with context.quorate(name, LIMITS) as quorate:
        before = _resident_kib(quorate)
        with crowd(context, quorate.port, idle, compression=compression):
            time.sleep(1)
            return (_resident_kib(quorate) - before) / idle


@dataclasses.dataclass
class Delivery:
    """What became of the transfers."""

    sent: int
    finalized: int
    errors: int
    per_second: float
    slow: int      # sockets closed for it
    waits: list    # milliseconds from the COMMIT that made a transfer FINALIZED until a listener had read so


def _delivery(context, link):
    seconds = 4 * context.options.seconds
    signed = Signed(context)
    signed.fund(link)
    transfers = signed.bodies(PER_SECOND * seconds)
    hashes = [tx_hash for tx_hash, _ in transfers]
    with context.quorate("quorate_delivery", LIMITS) as quorate:
        with crowd(context, quorate.port, IDLE, hashes) as heard:
            clients = paced(quorate.port, [body for _, body in transfers], PER_SECOND)
            began = time.monotonic()
            with contextlib.ExitStack() as running:
                for client in clients:
                    running.enter_context(client)
                while sum(c.sent for c in clients) < len(transfers) and time.monotonic() - began < 3 * seconds:
                    time.sleep(0.1)
            took = time.monotonic() - began
            time.sleep(2)
        slow = quorate.metrics().get('quorate_socket_closed_total{why="slow"}', 0)
    with link.cursor() as c:
        c.execute("SELECT hash, 1e6 * extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM transactions "
                  "WHERE hash = ANY(%s) AND status = 'FINALIZED'", (hashes,))
        commits = {tx_hash: float(at) for tx_hash, at in c.fetchall()}
    waits = sorted((at - commits[tx_hash]) / 1000 for tx_hash, at in finalized_at(heard).items())
    return Delivery(len(transfers), len(commits), sum(len(c.errors) for c in clients), len(transfers) / took, slow, waits)


def run(context):
    """A cluster of its own: it must note when its transactions are committed."""
    with pg.Postgres(settings={"track_commit_timestamp": "on"}) as own:
        here = dataclasses.replace(context, postgres=own)
        here.prepare()
        plain = _memory(here, "quorate_idle", IDLE, False)
        compressed = _memory(here, "quorate_idle_compressed", IDLE_COMPRESSED, True)
        link = own.connect(DATABASE, "delivery")
        done = _delivery(here, link)
        link.close()
    p50, p99 = done.waits[len(done.waits) // 2], done.waits[int(len(done.waits) * 0.99) - 1]
    report = context.report
    report.heading("Subscribers")
    report.text(f"{IDLE} WebSockets subscribed to a topic each on which nothing happens: {plain:.1f} KiB of resident memory a socket; with "
                f"permessage-deflate {compressed:.1f} KiB ({IDLE_COMPRESSED} sockets, nothing compressed yet). Beside all {IDLE}, {LISTENERS} "
                f"more wait for {done.sent} transfers, which come signed over HTTP, {done.per_second:.0f} per second: from the COMMIT that "
                f"makes one FINALIZED (`track_commit_timestamp`) until its listener has read so p50 {number(p50)} ms, p99 {number(p99)} ms, "
                f"longest {number(done.waits[-1])} ms.")
    report.target(Target("(f) transfers that no listener heard of", done.sent - len(done.waits), 0, at_least=False))
    report.target(Target("(f) transfers refused or not finalized", done.errors + done.sent - done.finalized, 0, at_least=False))
    report.target(Target("(f) sockets closed for being slow", done.slow, 0, at_least=False))
    report.target(Target("(f) memory of an idle subscriber", plain, 32, at_least=False, unit=" KiB"))
    report.target(Target("(f) from COMMIT to delivery, p99, 10 000 idle beside", p99, 50, at_least=False, unit=" ms"))
