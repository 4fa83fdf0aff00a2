# SPDX-License-Identifier: MIT
"""The acceptance run of the design document: minutes of mixed load with the loops at work, and nothing may go wrong."""
import contextlib
import random
import threading
import time

from .. import servers, tools
from ..context import DATABASE
from ..crowd import LISTENERS, crowd, finalized_at
from ..plot import Chart, Line, svg
from ..postgres import address_of, conservation
from ..report import number
from ..rounds import Target
from ..signed import Signed, deploys_and_calls, paced
from ..soak_watch import Transfers, Watch

PACE_S = 2.0      # a transaction that waits longer for its loop is a missed pace
EVERY_S = {"settler": 5, "claimer": 5, "finalizer": 5, "recoverer": 60}  # how often each loop looks by itself, at least (docs/configure.md)
SETTLE_S = 15     # for the loops to finish what the load left behind
RECORD_S = 30     # for the node to record it
FORWARDS = "quorate_rollup_forwards_total"
LINES = 4000


def mix(path, accounts):
    """Mostly reads, as the original's traffic; one call in two hundred funds an account."""
    pick = random.Random(3)

    def account():
        return address_of(pick.randint(1, accounts))

    def transaction():
        return "0x" + format(pick.randint(1, accounts), "064x")

    kinds = [
        (90, "eth_getBalance", lambda: [account(), "latest"]), (30, "eth_getTransactionByHash", lambda: [transaction()]),
        (25, "eth_getTransactionReceipt", lambda: [transaction()]), (20, "eth_getTransactionCount", lambda: [account(), "latest"]),
        (12, "eth_blockNumber", lambda: []), (10, "gen_getTransactionStatus", lambda: [transaction()]),
        (6, "sim_getTransactionsForAddress", lambda: [account()]), (5, "eth_getBlockByNumber", lambda: ["latest", False]),
        (1, "eth_chainId", lambda: []), (1, "sim_fundAccount", lambda: [account(), pick.randint(1, 10**18)])]
    weights = [weight for weight, _, _ in kinds]
    # Every method is in, in exactly its share; only order and arguments are random.
    chosen = [kind for kind in kinds for _ in range(LINES * kind[0] // sum(weights))]
    pick.shuffle(chosen)
    return tools.write_bodies(path, [(name, tools.body(name, params(), i)) for i, (_, name, params) in enumerate(chosen)])


def _resize(quorate, seconds, seen):
    """20/30 -> 5/0 -> 20/30 in the middle of the run (S14)."""
    time.sleep(seconds / 4)
    for size, overflow, hold in ((5, 0, seconds / 4), (20, 30, 0)):
        quorate.result("dev_setPoolLimits", size, overflow)
        time.sleep(min(2, seconds / 8))
        status = quorate.result("dev_getPoolStatus")["pool"]
        seen.append((size, overflow, status["size"], status["max_allowed"], status["total"]))
        time.sleep(hold)


def run(context, arguments):
    """Runs the load and judges."""
    seconds = 60 * arguments.minutes
    accounts = context.options.accounts
    bodies = mix(context.folder / "mix.tsv", accounts)
    resized = []
    link, look = context.postgres.connect(DATABASE, "soak transfers"), context.postgres.connect(DATABASE, "soak watch")
    signed = Signed(context)
    signed.fund(look)
    to_send = signed.bodies(int(seconds * arguments.signed))
    deploys = deploys_and_calls(context, int(seconds * arguments.forwards))
    with servers.Hardhat("hardhat", context.folder) as node, \
            context.quorate("quorate_soak", {"hardhat.url": f"http://127.0.0.1:{node.port}"}) as quorate, contextlib.ExitStack() as beside:
        limits = quorate.result("dev_getPoolStatus")["pool"]
        heard = beside.enter_context(crowd(context, quorate.port, arguments.subscribers - LISTENERS, [tx_hash for tx_hash, _ in to_send]))
        senders = [beside.enter_context(one) for one in paced(quorate.port, [body for _, body in to_send], arguments.signed)]
        deployers = [beside.enter_context(one) for one in paced(quorate.port, deploys, arguments.forwards, clients=1)]
        with Transfers(link, accounts, arguments.transfers) as transfers, Watch(look, quorate) as watch:
            resizer = threading.Thread(target=_resize, args=(quorate, seconds, resized), daemon=True)
            if arguments.resize:
                resizer.start()
            figures = tools.load(context.load, quorate, [("clients", arguments.clients, bodies)], seconds, timeout=30, series=True)
            transfers.stop()
            for one in senders + deployers:
                one.stop()
            settled_after = _settle(look)
            forwarded = _recorded(quorate, sum(one.sent for one in deployers))
            watch.stop()
            if arguments.resize:
                resizer.join()
        peak = _peak_leased(quorate, watch.samples)
        pace = quorate.metrics()
        on_chain = len(node.result("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest"}))
        beside.close()
        log = quorate.log
        exit_code = quorate.stop()
    left = _value(look, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'quorate' AND datname = current_database()")
    _judge(context.report, arguments, figures["groups"]["clients"], watch.samples, peak, limits, left, exit_code, settled_after)
    _judge_loops(context.report, pace, seconds)
    sent = sum(one.sent for one in senders)
    _judge_signed(context.report, arguments, sent, [e for one in senders for e in one.errors], len(finalized_at(heard)))
    _judge_forwards(context.report, arguments, deployers, forwarded, on_chain)
    _judge_money(context.report, look, transfers.count + sent)
    if arguments.resize:
        _judge_resize(context.report, resized)
    _series(context.report, figures["groups"]["clients"], watch.samples, log)


def _value(link, sql):
    with link.cursor() as c:
        c.execute(sql)
        return c.fetchone()[0]


def _settle(link):
    """Seconds until nothing is pending any more; SETTLE_S when it never was."""
    began = time.monotonic()
    while time.monotonic() - began < SETTLE_S:
        if _value(link, "SELECT count(*) FROM transactions WHERE type = 0 AND status IN ('PENDING', 'ACTIVATED')") == 0:
            return time.monotonic() - began
        time.sleep(0.05)
    return SETTLE_S


def _recorded(quorate, count):
    """Outcome of forwarding -> how many of them, as soon as `count` are done, or RECORD_S later."""
    began = time.monotonic()
    while True:
        figures = {name: value for name, value in quorate.metrics().items() if name.startswith(FORWARDS)}
        if figures.get(f'{FORWARDS}{{outcome="done"}}', 0) >= count or time.monotonic() - began > RECORD_S:
            return figures
        time.sleep(0.1)


def _peak_leased(quorate, samples):
    """The pool's own peak, which misses nothing between two looks."""
    return max([s.leased for s in samples] + [quorate.result("dev_getPoolStatus")["pool"]["peak"]])


def _judge(report, arguments, group, samples, peak, limits, left, exit_code, settled_after):
    report.heading(f"{arguments.minutes:g} minutes, {arguments.clients} clients")
    report.text(f"{group['calls']} calls, {number(group['per_second'])}/s, p50 {number(group['p50_ms'])} ms, p99 "
                f"{number(group['p99_ms'])} ms, longest {number(group['max_ms'])} ms, beside {arguments.transfers} transfers per second "
                f"through the loops. The limits as reported: size {limits['size']}, {limits['max_allowed']} in all.")
    report.table(["method", "calls", "p50 ms", "p99 ms", "longest ms", "errors"],
                 [[name, m["calls"], number(m["p50_ms"]), number(m["p99_ms"]), number(m["max_ms"]), sum(m["errors"].values())]
                  for name, m in group["methods"].items()])
    for sample in group["error_samples"]:
        report.text(f"Error: `{' '.join(sample.split())}`")
    allowed = limits["max_allowed"]
    report.target(Target("errors and time-outs", group["error_count"], 0, at_least=False))
    report.target(Target(f"peak leased, of {allowed}", peak, 0.8 * allowed, at_least=False))
    report.target(Target("seconds in which a connection sat idle in a transaction", sum(s.stuck > 0 for s in samples), 0, at_least=False))
    report.target(Target("connections of Quorate beyond its limits (and its listener)", max(s.open for s in samples), allowed + 1,
                         at_least=False))
    report.target(Target("oldest transaction waiting for its loop", max(s.oldest_s for s in samples), PACE_S, at_least=False, unit=" s"))
    report.target(Target("loops caught up after the load", settled_after, PACE_S, at_least=False, unit=" s"))
    report.target(Target("exit code after SIGTERM", exit_code, 0, at_least=False))
    report.target(Target("connections left in pg_stat_activity after the stop", left, 0, at_least=False))


def _judge_loops(report, metrics, seconds):
    """Each loop had its turns, and none failed."""
    turns = {loop: metrics[f'quorate_loop_turns_total{{loop="{loop}"}}'] for loop in EVERY_S}
    errors = sum(metrics[f'quorate_loop_errors_total{{loop="{loop}"}}'] for loop in EVERY_S)
    late = [loop for loop, every in EVERY_S.items() if turns[loop] < int(0.9 * seconds / every)]
    report.text("Turns of the loops: " + ", ".join(f"{loop} {int(count)}" for loop, count in turns.items()) + ".")
    report.target(Target("loops that missed their pace", len(late), 0, at_least=False, note=", ".join(late)))
    report.target(Target("turns of loops that failed", errors, 0, at_least=False))


def _judge_signed(report, arguments, sent, errors, heard):
    """Every signed transfer was taken, and somebody heard the end of it. (A subscriber that lost its socket ended the run already.)"""
    report.text(f"{sent} signed transfers came over HTTP, {arguments.signed} per second; {arguments.subscribers} WebSockets were open, "
                f"{LISTENERS} of them waiting for these transfers.")
    for error in errors[:3]:
        report.text(f"Error: `{error}`")
    report.target(Target("signed transfers refused", len(errors), 0, at_least=False))
    report.target(Target("signed transfers whose end no subscriber heard", sent - len(errors) - heard, 0, at_least=False))


def _judge_forwards(report, arguments, deployers, forwarded, on_chain):
    """What was deployed and called is on the node, each of them once."""
    sent = sum(one.sent - len(one.errors) for one in deployers)
    errors = [e for one in deployers for e in one.errors]
    for error in errors[:3]:
        report.text(f"Error: `{error}`")
    done = forwarded.get(f'{FORWARDS}{{outcome="done"}}', 0)
    report.text(f"{sent} deploys and calls, {arguments.forwards} per second, were forwarded to a Hardhat node; it recorded {on_chain}.")
    report.target(Target("deploys and calls refused", len(errors), 0, at_least=False))
    report.target(Target("forwards lost, doubled or given up", abs(sent - on_chain) + abs(sum(forwarded.values()) - done) + abs(sent - done), 0,
                         at_least=False))


def _judge_money(report, link, transfers):
    done = _value(link, "SELECT count(*) FROM transactions WHERE from_address IS NOT NULL AND status = 'FINALIZED' AND value_credited")
    exists, made = conservation(link)
    report.text(f"Transfers: {transfers} handed in, {done} finalized. Money: {exists} wei exist, the faucet made {made}.")
    report.target(Target("transfers not finalized exactly once", abs(transfers - done), 0, at_least=False))
    report.target(Target("wei lost or doubled", abs(int(exists - made)), 0, at_least=False))


def _judge_resize(report, resized):
    report.table(["asked", "reported size, all", "connections 2 s later"],
                 [[f"{size}/{overflow}", f"{got}, {allowed}", total] for size, overflow, got, allowed, total in resized])
    wrong = sum(1 for size, overflow, got, allowed, total in resized
                if (got, allowed) != (size, size + overflow) or total > allowed) + (2 - len(resized))
    report.target(Target("live resizes that did not take effect", wrong, 0, at_least=False))


def _series(report, group, samples, log):
    calls = [(i, s["calls"]) for i, s in enumerate(group["series"][:-1])]
    report.picture("bench-soak.svg", svg([
        Chart("Calls per second", "seconds", "calls/s", [Line("calls", calls)]),
        Chart("Connections", "seconds", "connections", [Line("leased", [(s.at, s.leased) for s in samples]),
                                                        Line("in pg_stat_activity", [(s.at, s.open) for s in samples])], bound=40),
        Chart("The loops", "seconds", "transactions", [Line("pending", [(s.at, s.pending) for s in samples])]),
        Chart("Resident memory", "seconds", "MiB", [Line("RSS", [(s.at, s.rss_mib) for s in samples])])]),
        "Calls, connections, pending transactions and memory, second by second")
    warnings = sum(1 for line in log.read_text(encoding="utf-8", errors="replace").split("\n") if "level=error" in line)
    report.text(f"Lines of level error in the server's log: {warnings}.")
