# SPDX-License-Identifier: MIT
"""Deploys and calls that are recorded on a Hardhat node: through Quorate, and by a sender that talks to the node itself."""
import json
import subprocess
import time

from .. import machine, servers
from ..report import number
from ..rounds import Series, Target, median, ratios

DATABASE = "bench_forwarding"  # of its own: what is submitted stays PENDING and would be work for other parts
CLIENTS = 50
DONE = 'quorate_rollup_forwards_total{outcome="done"}'


def _sender(context, *words):
    """One run of the program that signs and sends; its figures."""
    done = subprocess.run([str(context.build / "bench" / "rollup_sender"), *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def _direct(context, node, count, round_number):
    figures = _sender(context, "direct", node.port, count, round_number)
    return {**figures, "per_second": count / figures["seconds"]}


def _blocks(node):
    return int(node.result("eth_blockNumber"), 16)


def _through_quorate(context, node, quorate, count, round_number):
    """From the first client's first call to the record of the last. Each transaction is a block: as long as some are missing the
    node is asked for its height, because each look at Quorate's metrics counts what is pending in its database."""
    before, height = quorate.metrics()[DONE], _blocks(node)
    figures = _sender(context, "clients", quorate.port, count, round_number, CLIENTS)
    figures["submissions_per_second"] = count / figures["seconds"]
    while _blocks(node) - height < count and time.monotonic() - figures["began"] < 300:
        time.sleep(0.03)
    while (done := quorate.metrics()[DONE] - before) < count:
        if time.monotonic() - figures["began"] > 300:
            raise RuntimeError(f"{done:.0f} of {count} recorded within 300 s; {quorate.log}")
        time.sleep(0.01)
    return {**figures, "per_second": count / (time.monotonic() - figures["began"])}


def run(context):
    """The sides take turns at one node, because a chain gets slower as it grows. A node that collects garbage slows whoever is at
    it by a fifth, so there are more rounds than elsewhere."""
    count, rounds = context.options.forwards, 2 * context.options.rounds - 1
    context.prepare(DATABASE)
    direct, through = Series("direct"), Series("quorate")
    with servers.Hardhat("hardhat", context.folder) as node, \
            context.quorate("quorate_forwarding", {"hardhat.url": f"http://127.0.0.1:{node.port}"}, database=DATABASE) as quorate:
        _direct(context, node, count // 4, 1_000)
        _through_quorate(context, node, quorate, count // 4, 1_000)  # both warm
        for round_number in range(1, rounds + 1):
            print(f"  round {round_number}/{rounds}, load average {machine.load_average():.1f}", flush=True)
            sides = [lambda: direct.runs.append(_direct(context, node, count, round_number)),
                     lambda: through.runs.append(_through_quorate(context, node, quorate, count, round_number))]
            for side in sides if round_number % 2 else reversed(sides):
                side()
        sent = rounds * count + count // 4
        on_chain = len(node.result("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest"}))
        figures = quorate.metrics()
    again = sum(value for name, value in figures.items()
                if name.startswith("quorate_rollup_forwards_total") and name != DONE)
    _report(context.report, count, direct, through, abs(on_chain - 2 * sent) + again)


def _report(report, count, direct, through, wrong):
    share = ratios(through, direct)
    report.heading("Recording on a node")
    report.text(f"One Hardhat node; in each of {len(share)} rounds {count} transactions are sent to it by a program that sends one, asks for "
                f"its receipt, and sends the next, over one connection; and {count} deploys and calls of the same size are sent to Quorate by "
                f"{CLIENTS} clients, from the first call to the record of the last. Everything is signed beforehand, but what Quorate signs.")
    report.table(["what", "records/s", "spread"],
                 [[name, number(s.median("per_second")), f"{100 * s.spread():.0f} %"]
                  for name, s in (("a direct sender", direct), ("through Quorate", through))])
    report.text(f"Round by round: {', '.join(f'{v:.2f}' for v in share)}. The clients' replies meanwhile: "
                f"{number(through.median('submissions_per_second'))} per second, p50 {number(through.median('p50_ms'))} ms, p99 "
                f"{number(through.median('p99_ms'))} ms, longest {number(max(through.values('longest_ms')))} ms.")
    report.target(Target("records through Quorate ÷ a direct sender's", median(share), 0.9))
    report.target(Target("transactions lost, doubled, refused or signed twice", wrong, 0, at_least=False))
