# SPDX-License-Identifier: MIT
"""What runs beside the load of the soak: transfers for the loops, a look at the database and the pool every second."""
import secrets
import random
import threading
import time
from dataclasses import dataclass

from . import machine
from .postgres import address_of

CHANNEL = "quorate_transactions"  # db/notifications.hpp


class Background:
    """A thread that calls `turn` every `every` seconds and keeps the first exception for the end."""

    every = 1.0

    def __init__(self):
        self.error = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def turn(self):
        """One step; of the subclass."""
        raise NotImplementedError

    def _run(self):
        try:
            due = time.monotonic()
            while not self._stop.is_set():
                self.turn()
                due += self.every
                self._stop.wait(max(0.0, due - time.monotonic()))
        except Exception as error:  # reported by stop()
            self.error = error

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Ends the thread; raises what it could not do."""
        self._stop.set()
        self._thread.join()
        if self.error:
            error, self.error = self.error, None
            raise error


def insert_transfers(link, pick, accounts, count, nonce):
    """Inserts `count` PENDING transfers between random accounts in one transaction and notifies, as the server's own insert does.
    Their hashes."""
    hashes = []
    with link.cursor() as c:
        c.execute("BEGIN")
        for i in range(count):
            sender, recipient = (address_of(n) for n in pick.sample(range(1, accounts + 1), 2))
            hashes.append("0x" + secrets.token_hex(32))
            c.execute("INSERT INTO transactions (hash, status, from_address, to_address, value, nonce, type, data, origin_address, "
                      "leader_only, appealed, appeal_undetermined, appeal_leader_timeout, appeal_validators_timeout, appeal_failed, "
                      "consensus_history, consensus_data, input_data) VALUES (%s, 'PENDING', %s, %s, %s, %s, 0, '{}', %s, "
                      "false, false, false, false, false, 0, '{}', 'null', 'null')",
                      (hashes[-1], sender, recipient, pick.randint(1, 10**9), nonce + i, sender))
            c.execute(f"NOTIFY {CHANNEL}, '{hashes[-1]}'")
        c.execute("COMMIT")
    return hashes


class Transfers(Background):
    """Hands transfers to the loops: one transaction of some each turn."""

    every = 0.1

    def __init__(self, link, accounts, per_second):
        super().__init__()
        self.link = link
        self.accounts = accounts
        self.per_turn = max(1, round(per_second * self.every))
        self.count = 0
        self._random = random.Random(11)

    def turn(self):
        self.count += len(insert_transfers(self.link, self._random, self.accounts, self.per_turn, self.count))


@dataclass
class Sample:
    """One second."""

    at: float
    leased: int
    overflow: int
    open: int          # connections of Quorate in pg_stat_activity
    stuck: int         # of these, longer than a second idle in a transaction
    pending: int       # transfers the loops have not finished
    oldest_s: float    # age of the oldest of them
    rss_mib: float


class Watch(Background):
    """Looks at pg_stat_activity, the oldest pending transaction and dev_getPoolStatus."""

    def __init__(self, link, quorate):
        super().__init__()
        self.link = link
        self.quorate = quorate
        self.began = time.monotonic()
        self.samples = []

    def turn(self):
        with self.link.cursor() as c:
            c.execute("SELECT count(*), count(*) FILTER (WHERE state LIKE 'idle in transaction%' AND now() - state_change > '1 s') "
                      "FROM pg_stat_activity WHERE application_name = 'quorate' AND datname = current_database()")
            opened, stuck = c.fetchone()
            c.execute("SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0) FROM transactions "
                      "WHERE type = 0 AND status IN ('PENDING', 'ACTIVATED')")
            pending, oldest = c.fetchone()
        pool = self.quorate.result("dev_getPoolStatus")["pool"]
        self.samples.append(Sample(time.monotonic() - self.began, pool["checked_out"], pool["overflow"], opened, stuck, pending,
                                   float(oldest), machine.memory_kb(self.quorate.process.pid, "VmRSS") / 1024))
