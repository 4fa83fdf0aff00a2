# SPDX-License-Identifier: MIT
"""(a) the ceiling, (b) Quorate, (c) the original's shape: one look at each in every round, compared round by round."""
import contextlib

from .. import machine, servers, tools
from ..context import DATABASE
from ..postgres import address_of
from ..report import number
from ..rounds import Series, Target, median, ratios

POOL = 20  # connections of the ceiling: Quorate's own pool size


def _row(series, what):
    return [what, number(series.median("per_second")), f"{100 * series.spread():.0f} %", number(series.median("p50_ms")),
            number(series.median("p99_ms")), number(series.median("server_us")), number(series.median("postgres_us"))]


def run(context):
    """Measures and judges."""
    o = context.options
    balance = context.balance_bodies()
    chain_id = tools.write_bodies(context.folder / "chain_id.tsv", [("eth_chainId", tools.body("eth_chainId", []))])
    names = ("coalesced", "plain", "chain_id", "bare", "flask_5_10", "flask_20_30")
    seen = {name: Series(name) for name in names}
    ceilings = {c: Series(f"pgbench {c}") for c in (1, 4, POOL, 50)}
    with contextlib.ExitStack() as stack:
        start = stack.enter_context
        coalesced = start(context.quorate("quorate"))
        plain = start(context.quorate("quorate_plain", {"reads.coalesce": "false"}))
        bare = start(servers.BareBeast(context.folder, context.build / "bench" / "bare_beast"))
        flasks = {"flask_5_10": start(context.original("flask_5_10", 5, 10)),
                  "flask_20_30": start(context.original("flask_20_30", 20, 30))}
        _same_answer(coalesced, plain, *flasks.values())
        for round_number in range(1, o.rounds + 1):
            print(f"  round {round_number}/{o.rounds}, load average {machine.load_average():.1f}", flush=True)
            for clients, series in ceilings.items():
                series.runs.append(tools.pgbench(context.postgres, DATABASE, clients, o.seconds, o.accounts))
            for name, server, bodies in (("coalesced", coalesced, balance), ("plain", plain, balance),
                                         ("chain_id", coalesced, chain_id), ("bare", bare, chain_id),
                                         *((name, flask, balance) for name, flask in flasks.items())):
                seen[name].runs.append(tools.wrk(server, context.postgres, bodies, o.seconds))
        _same_answer(coalesced, plain, *flasks.values())
    _report(context.report, seen, ceilings)


def _same_answer(*all_servers):
    """Every side gives the same reply to the same question, or the comparison is void."""
    address = address_of(4711)
    answers = {server.name: server.result("eth_getBalance", address, "latest") for server in all_servers}
    if len(set(answers.values())) != 1:
        raise RuntimeError(f"the servers disagree: {answers}")


def _report(report, seen, ceilings):
    report.heading("Reads: the ceiling, Quorate, the original's shape")
    report.text(f"Median of {len(seen['coalesced'].runs)} rounds; 50 keep-alive clients (`wrk -t1 -c50`), 10 000 accounts. Spread is "
                "(largest − smallest) / median over the rounds; CPU is microseconds per call of the server and of all PostgreSQL "
                "processes.")
    head = ["what", "calls/s", "spread", "p50 ms", "p99 ms", "CPU µs, server", "CPU µs, PostgreSQL"]
    rows = [_row(seen["coalesced"], "Quorate `eth_getBalance`"), _row(seen["plain"], "the same, `reads.coalesce = false`"),
            _row(seen["chain_id"], "Quorate `eth_chainId`"), _row(seen["bare"], "bare Beast, a constant"),
            _row(seen["flask_5_10"], "Flask-SQLAlchemy, pool 5 + 10"), _row(seen["flask_20_30"], "Flask-SQLAlchemy, pool 20 + 30")]
    report.table(head, rows)
    report.table(["`pgbench -M prepared`, connections", "selects/s", "spread"],
                 [[c, number(s.median("per_second")), f"{100 * s.spread():.0f} %"] for c, s in ceilings.items()])
    share = ratios(seen["coalesced"], ceilings[POOL])
    plain_share = ratios(seen["plain"], ceilings[POOL])
    report.text(f"Against pgbench with {POOL} connections, round by round: coalesced {_list(share)}; one lease per call "
                f"{_list(plain_share)}. Against 50 connections: coalesced {_list(ratios(seen['coalesced'], ceilings[50]))}.")
    failures = sum(sum(s.values("errors")) for s in seen.values())
    report.target(Target(f"(b) eth_getBalance ÷ pgbench with {POOL} connections", median(share), 0.7, note="aim 0.9"))
    report.target(Target("(b) eth_chainId ÷ bare Beast", median(ratios(seen["chain_id"], seen["bare"])), 0.65))
    for name, text in (("flask_5_10", "5 + 10"), ("flask_20_30", "20 + 30")):
        report.target(Target(f"(c) throughput ÷ Flask-SQLAlchemy {text}", median(ratios(seen["coalesced"], seen[name])), 50, unit="×"))
        report.target(Target(f"(c) p99 ÷ Flask-SQLAlchemy {text}", median(ratios(seen["coalesced"], seen[name], "p99_ms")), 1 / 20,
                             at_least=False))
    report.target(Target("(a)–(c) failed calls", failures, 0, at_least=False))


def _list(values):
    return ", ".join(f"{v:.2f}" for v in values)
