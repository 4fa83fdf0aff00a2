# SPDX-License-Identifier: MIT
"""Signed transfers for the parts that send them."""
import http.client
import json
import subprocess

from .postgres import FUNDS
from .soak_watch import Background

SENDERS = 1000
CHAIN_ID = 61127


class Signed:
    """Files of signed transfers that were never sent before."""

    def __init__(self, context):
        self.context = context
        self.program = context.build / "bench" / "sign_transfers"
        self.first = 0

    def senders(self):
        """Their addresses."""
        return self._run("senders", SENDERS).split()

    def fund(self, link):
        """Every sender gets money, and the faucet row that paid for it, so that the conservation rule holds."""
        addresses = self.senders()
        with link.cursor() as c:
            c.execute("INSERT INTO current_state (id, data, balance) SELECT a, '{}', %s FROM unnest(%s) a", (FUNDS, addresses))
            c.execute(
                "INSERT INTO transactions (hash, status, to_address, type, value, value_credited, nonce, data, leader_only, appealed, "
                "appeal_undetermined, appeal_leader_timeout, appeal_validators_timeout, timestamp_awaiting_finalization) "
                "SELECT '0xbe' || lpad(to_hex(n), 62, '0'), 'FINALIZED', a, 0, %s, true, 0, 'null', false, false, false, false, false, "
                "extract(epoch from now())::bigint FROM unnest(%s) WITH ORDINALITY AS u (a, n)", (FUNDS, addresses))
            c.execute("ANALYZE current_state, transactions")

    def file(self, count):
        """The next `count` of them, for the load generator."""
        path = self.context.folder / f"transfers_{self.first}.tsv"
        path.write_text(self._transfers("transfers", count), encoding="utf-8")
        self.first += count
        return path

    def bodies(self, count):
        """The next `count` of them as (hash, request body)."""
        hashes = self._transfers("hashes", count).split()
        bodies = [line.split("\t", 1)[1] for line in self._transfers("transfers", count).splitlines()]
        self.first += count
        return list(zip(hashes, bodies))

    def _transfers(self, what, count):
        return self._run(what, SENDERS, count, self.first, self.context.options.accounts, CHAIN_ID)

    def _run(self, *words):
        return subprocess.run([str(self.program), *map(str, words)], capture_output=True, text=True, check=True).stdout


class Paced(Background):
    """One keep-alive client that sends one body every `every` seconds, whatever the answers take."""

    def __init__(self, port, bodies, every):
        super().__init__()
        self.every = every
        self.sent = 0
        self.errors = []
        self._bodies = iter(bodies)
        self._link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def turn(self):
        body = next(self._bodies, None)
        if body is None:
            return
        self._link.request("POST", "/api", body, {"Content-Type": "application/json"})
        reply = json.loads(self._link.getresponse().read())
        self.sent += 1
        if "result" not in reply:
            self.errors.append(reply)


def deploys_and_calls(context, count):
    """Request bodies of one client, to be sent in this order."""
    return subprocess.run([str(context.build / "bench" / "rollup_sender"), "bodies", str(count), "1"], capture_output=True, text=True,
                          check=True).stdout.splitlines()


def paced(port, bodies, per_second, clients=4):
    """`per_second` in all, dealt to some clients."""
    return [Paced(port, bodies[i::clients], clients / per_second) for i in range(clients)]
