# SPDX-License-Identifier: MIT
"""How throughput and tail latency go from one client to two thousand."""
from .. import tools
from ..plot import Chart, Line, svg
from ..report import number


def run(context):
    """eth_getBalance with and without coalescing."""
    o = context.options
    bodies = context.balance_bodies()
    seen = {"coalesced": [], "one lease per call": []}
    with context.quorate("quorate_sweep") as coalesced, context.quorate("quorate_sweep_plain", {"reads.coalesce": "false"}) as plain:
        for clients in o.sweep:
            for name, server in zip(seen, (coalesced, plain)):
                figures = tools.load(context.load, server, [("readers", clients, bodies)], o.sweep_seconds, warm_up=0.5)
                seen[name].append((clients, figures["groups"]["readers"]))
    report = context.report
    report.heading("From 1 to 2,000 clients")
    report.text("`eth_getBalance` with our load generator, which looks into every reply (wrk does not, and is a little cheaper).")
    rows = []
    for (clients, a), (_, b) in zip(*seen.values()):
        rows.append([clients, number(a["per_second"]), number(a["p50_ms"]), number(a["p99_ms"]), number(b["per_second"]),
                     number(b["p50_ms"]), number(b["p99_ms"]), a["error_count"] + b["error_count"]])
    report.table(["clients", "calls/s", "p50 ms", "p99 ms", "plain calls/s", "plain p50 ms", "plain p99 ms", "errors"], rows)
    report.picture("bench-sweep.svg", svg([
        Chart("Throughput", "clients", "calls/s", [Line(n, [(c, g["per_second"]) for c, g in r]) for n, r in seen.items()], log_x=True),
        Chart("99th percentile", "clients", "ms", [Line(n, [(c, g["p99_ms"]) for c, g in r]) for n, r in seen.items()], log_x=True,
              log_y=True)]), "Throughput and 99th percentile over the number of clients")
