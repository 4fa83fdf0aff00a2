# SPDX-License-Identifier: MIT
"""(d) the incident: 60 callers whose call reads a row and then works for 3 s, beside 50 readers of balances."""
from .. import tools
from ..report import number
from ..rounds import Series, Target, median

READERS, SLOW = 50, 60


def run(context):
    """Quorate alone and with the slow callers, alternating; then both pools of the original's shape."""
    o = context.options
    reads, slow = context.balance_bodies(), context.balance_bodies("bench_slow")
    alone, beside = Series("alone"), Series("beside")
    slow_seen = Series("slow")
    with context.quorate("quorate_incident", {"engine.manager_url": "none"}, bench_server=True) as quorate:
        for _ in range(o.incident_rounds):
            figures = tools.load(context.load, quorate, [("readers", READERS, reads)], o.incident_seconds, warm_up=1)
            alone.runs.append(figures["groups"]["readers"])
            figures = tools.load(context.load, quorate, [("readers", READERS, reads), ("slow", SLOW, slow)], o.incident_seconds,
                                 warm_up=1)
            beside.runs.append(figures["groups"]["readers"])
            slow_seen.runs.append(figures["groups"]["slow"])
        peak = quorate.result("dev_getPoolStatus")
    rows = [_row("Quorate, readers alone", alone.runs[-1]), _row("Quorate, readers beside the slow calls", beside.runs[-1])]
    originals = {}
    for size, overflow in ((5, 10), (20, 30)):
        with context.original(f"flask_incident_{size}", size, overflow) as flask:
            figures = tools.load(context.load, flask, [("readers", READERS, reads), ("slow", SLOW, slow)], o.incident_seconds, warm_up=1)
        originals[size] = figures["groups"]
        rows.append(_row(f"Flask-SQLAlchemy {size} + {overflow}, readers", figures["groups"]["readers"]))
        rows.append(_row(f"Flask-SQLAlchemy {size} + {overflow}, slow calls", figures["groups"]["slow"]))
    rows.insert(2, _row("Quorate, slow calls", slow_seen.runs[-1]))
    _report(context.report, o, rows, alone, beside, slow_seen, originals, peak)


def _row(name, group):
    return [name, number(group["per_second"]), number(group["p50_ms"]), number(group["p99_ms"]), group["calls"], group["error_count"]]


def _report(report, options, rows, alone, beside, slow_seen, originals, pool_status):
    report.heading("The incident, replayed")
    report.text(f"{SLOW} callers of `bench_slow` (one row, then 3 s of work) beside {READERS} callers of `eth_getBalance`, "
                f"{options.incident_seconds} s. The original keeps its session, and so its connection, through the 3 s; in Quorate the "
                "method is registered through the method table and works outside its lease.")
    report.table(["what", "calls/s", "p50 ms", "p99 ms", "calls", "errors"], rows)
    samples = sorted({sample for groups in originals.values() for g in groups.values() for sample in g["error_samples"]})
    if samples:
        report.text("The original's errors: " + "; ".join(f"`{_one_line(s)}`" for s in samples[:2]))
    report.text(f"Quorate's pool afterwards: `{pool_status}`")
    kept = [b["per_second"] / a["per_second"] for a, b in zip(alone.runs, beside.runs)]
    errors = sum(alone.values("error_count")) + sum(beside.values("error_count")) + sum(slow_seen.values("error_count"))
    report.target(Target("(d) readers keep, beside the slow calls", median(kept), 0.9, unit=" ×"))
    report.target(Target("(d) errors of Quorate", errors, 0, at_least=False))


def _one_line(text):
    return " ".join(text.split())[:240]
