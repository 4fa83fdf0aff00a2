# SPDX-License-Identifier: MIT
"""How soon the loops take up a transfer: from its COMMIT to the COMMIT that makes it FINALIZED, on a server at rest."""
import random
import time

from ..context import DATABASE
from ..report import number
from ..rounds import Target
from ..soak_watch import insert_transfers

TRANSFERS = 200


def run(context):
    """One transfer at a time, so that each finds every loop asleep."""
    inserter, looker = context.postgres.connect(DATABASE, "wake insert"), context.postgres.connect(DATABASE, "wake look")
    pick = random.Random(5)
    waits = []
    with context.quorate("quorate_wake", {"consensus.poll_interval": "60s"}):
        for number_of in range(TRANSFERS):
            time.sleep(pick.uniform(0.01, 0.03))
            [tx_hash] = insert_transfers(inserter, pick, context.options.accounts, 1, number_of)
            committed = time.monotonic()
            while not _finalized(looker, tx_hash):
                if time.monotonic() - committed > 30:
                    raise RuntimeError(f"{tx_hash} was not finalized within 30 s")
            waits.append(1000 * (time.monotonic() - committed))
    waits.sort()
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99) - 1]
    context.report.heading("The loops wake up")
    context.report.text(f"{TRANSFERS} transfers, one at a time, on a server at rest whose loops poll once a minute: from their COMMIT "
                        f"to FINALIZED p50 {number(p50)} ms, p99 {number(p99)} ms, longest {number(waits[-1])} ms. The look for the "
                        "result is a busy loop of its own and costs a core.")
    context.report.target(Target("from COMMIT to FINALIZED, p99", p99, 50, at_least=False, unit=" ms"))


def _finalized(link, tx_hash):
    with link.cursor() as c:
        c.execute("SELECT status = 'FINALIZED' FROM transactions WHERE hash = %s", (tx_hash,))
        return c.fetchone()[0]
