# SPDX-License-Identifier: MIT
"""(e) signed transfers over HTTP against pgbench's simple update: accepted, and carried through to FINALIZED."""
import time

from .. import machine, tools
from ..context import DATABASE
from ..report import number
from ..rounds import Series, Target, median, ratios
from ..signed import SENDERS, Signed

CLIENTS = 50
PER_SECOND = 20_000  # more than can be accepted: nobody runs out
SCALE = 10           # of pgbench: a million rows, so that 50 clients hardly ever meet
SETTLE_S = 60


def run(context):
    """Rounds of pgbench, then transfers; a ratio inside each round."""
    o = context.options
    signed = Signed(context)
    link = context.postgres.connect(DATABASE, "writes")
    signed.fund(link)
    tools.pgbench_prepare(context.postgres, "pgbench", SCALE)
    ceilings = {c: Series(f"pgbench -N {c}") for c in (20, CLIENTS)}
    accepted, through = Series("accepted"), Series("through")
    with context.quorate("quorate_writes") as quorate:
        for round_number in range(1, o.rounds + 1):
            print(f"  round {round_number}/{o.rounds}, load average {machine.load_average():.1f}", flush=True)
            for clients, series in ceilings.items():
                series.runs.append(tools.pgbench_update(context.postgres, "pgbench", clients, o.seconds))
            _transfers(context, quorate, link, signed, accepted, through)
        groups = quorate.metrics()
    _report(context.report, ceilings, accepted, through, groups, link)


def _transfers(context, quorate, link, signed, accepted, through):
    seconds = context.options.seconds
    path = signed.file(PER_SECOND * seconds)
    before = _finalized(link)
    cpu = quorate.cpu(context.postgres)
    began = time.monotonic()
    figures = tools.load(context.load, quorate, [("clients", CLIENTS, path)], seconds, once=True)["groups"]["clients"]
    while _pending(link) > 0 and time.monotonic() - began < seconds + SETTLE_S:
        time.sleep(0.02)
    took = time.monotonic() - began
    after = quorate.cpu(context.postgres)
    done = _finalized(link) - before
    path.unlink()
    accepted.runs.append({"per_second": figures["per_second"], "p50_ms": figures["p50_ms"], "p99_ms": figures["p99_ms"],
                          "errors": figures["error_count"], "calls": figures["calls"]})
    through.runs.append({"per_second": done / took, "took": took, "left": _pending(link),
                         "server_us": 1e6 * (after.server - cpu.server) / done, "postgres_us": 1e6 * (after.postgres - cpu.postgres) / done})


def _pending(link):
    return _value(link, "SELECT count(*) FROM transactions WHERE status IN ('PENDING', 'ACTIVATED')")


def _finalized(link):
    return _value(link, "SELECT count(*) FROM transactions WHERE status = 'FINALIZED'")


def _value(link, sql):
    with link.cursor() as c:
        c.execute(sql)
        return c.fetchone()[0]


def _report(report, ceilings, accepted, through, metrics, link):
    report.heading("Signed transfers")
    report.text(f"`eth_sendRawTransaction`, {CLIENTS} keep-alive clients, {SENDERS} senders, every transfer signed beforehand and sent "
                "once; the loops settle them meanwhile. “Through” counts from the first call until the last transfer is FINALIZED. "
                "Medians; CPU is microseconds per transfer, acceptance and settlement together.")
    best = max(ceilings.values(), key=lambda s: s.median("per_second"))
    report.table(["what", "per second", "spread", "p50 ms", "p99 ms", "CPU µs, server", "CPU µs, PostgreSQL"], [
        ["accepted", number(accepted.median("per_second")), f"{100 * accepted.spread():.0f} %", number(accepted.median("p50_ms")),
         number(accepted.median("p99_ms")), "", ""],
        ["through to FINALIZED", number(through.median("per_second")), f"{100 * through.spread():.0f} %", "", "",
         number(through.median("server_us")), number(through.median("postgres_us"))],
        *([f"`pgbench -N -M prepared -c {c}`", number(s.median("per_second")), f"{100 * s.spread():.0f} %", "", "", "", ""]
          for c, s in ceilings.items())])
    stored, groups = metrics["quorate_submissions_stored_total"], metrics["quorate_submission_groups_total"]
    report.text(f"{stored / groups:.0f} transfers to a database transaction on average; {_value(link, 'SELECT count(*) FROM transactions')} "
                f"rows in the table at the end. The targets are held against {best.name}, the faster one.")
    report.target(Target(f"(e) signed transfers accepted ÷ {best.name}", median(ratios(accepted, best)), 0.7))
    report.target(Target(f"(e) through to FINALIZED ÷ {best.name}", median(ratios(through, best)), 0.4))
    report.target(Target("(e) calls that failed", sum(accepted.values("errors")), 0, at_least=False))
    report.target(Target("(e) transfers left behind", sum(through.values("left")), 0, at_least=False))
