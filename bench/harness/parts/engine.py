# SPDX-License-Identifier: MIT
"""(h) contracts: what a run costs against a fresh start of Python, and that nobody waits for runs that take their time."""
import contextlib
import http.client
import os
import time

from .. import contracts, machine, tools
from ..context import DATABASE
from ..report import number
from ..rounds import Series, Target, median, ratios
from ..silent_model import SilentModel

PYTHON = "/usr/bin/python3"
PARALLEL = 16
DEPLOYS_PER_SECOND = 400  # more than can be done: nobody runs out
READERS = 50  # of balances, beside the runs that wait for a model
PAUSE = 0.02  # seconds, of who calls now and then
LIMITS = {"engine.slots": "64", "engine.calls_per_contract": "1000000000"}
RUNNING = "quorate_contract_runs_running"
SMALL = "0x" + "5" * 40  # digits alone have no letter case to get wrong


def _fresh_start():
    """From before the fork until the end was heard of: what a run in a Python of its own would cost at the least."""
    child = os.posix_spawn(PYTHON, [PYTHON, "-I", "-S", "-c", "pass"], os.environ)
    os.waitpid(child, 0)


def _figures(times):
    times = sorted(times)
    return {"p50_ms": median(times), "p99_ms": times[int(0.99 * (len(times) - 1))], "per_second": 1000 / median(times), "error_count": 0}


def _timed(act):
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


def _now_and_then(quorate, text, count):
    """A fresh Python and a read in turns, with a pause before each."""
    client = http.client.HTTPConnection("127.0.0.1", quorate.port, timeout=60)

    def read():
        client.request("POST", "/api", text, {"Content-Type": "application/json"})
        if b'"result"' not in (answer := client.getresponse().read()):
            raise RuntimeError(f"a read failed: {answer[:200]!r}")

    times = {_fresh_start: [], read: []}
    for _ in range(count):
        for act, taken in times.items():
            time.sleep(PAUSE)
            taken.append(_timed(act))
    client.close()
    return [_figures(taken) for taken in times.values()]


def _calls(context, quorate, name, bodies, clients, seconds, once=False):
    path = tools.write_bodies(context.folder / f"{name}.tsv", [(name, text) for text in bodies])
    cpu = quorate.cpu(context.postgres)
    engine = _engine_cpu(quorate)
    figures = tools.load(context.load, quorate, [(name, clients, path)], seconds, once=once)["groups"][name]
    after = quorate.cpu(context.postgres)
    calls = figures["calls"]
    if calls == 0:
        raise RuntimeError(f"{name}: no call succeeded; {figures['error_samples'][:1]}")
    figures["server_us"] = 1e6 * (after.server - cpu.server) / calls
    figures["postgres_us"] = 1e6 * (after.postgres - cpu.postgres) / calls
    figures["engine_us"] = 1e6 * (_engine_cpu(quorate) - engine) / calls
    return figures


def _engine_processes(quorate):
    """The engine's own, without those of runs: what runs contracts, and the process that they are forked from."""
    managers = [pid for pid in machine.children(quorate.process.pid) if machine.command(pid) == "quorate-engine"]
    return managers + [zygote for manager in managers for zygote in machine.children(manager)]


def _engine_cpu(quorate):
    """Seconds of the engine and of all runs that ended."""
    return sum(machine.cpu_seconds(pid) + machine.reaped_cpu_seconds(pid) for pid in _engine_processes(quorate))


def _engine_memory(quorate):
    """MiB of each of the engine's processes, and of them together; what they share is divided among them."""
    each = [machine.proportional_kb(pid) / 1024 for pid in _engine_processes(quorate)]
    return {"each": each, "sum": sum(each)}


def _wait_for_runs(quorate, model, count):
    """Until so many run, and each waits for the model."""
    began = time.monotonic()
    while (now := (quorate.metrics()[RUNNING], model.waiting)) != (count, count):
        if time.monotonic() - began > 60:
            raise RuntimeError(f"{now[0]:.0f} contract runs and {now[1]} prompts after 60 s, not {count}; {quorate.log}")
        time.sleep(0.02)


@contextlib.contextmanager
def _prompting(quorate, model, count):
    """So many calls whose contracts wait for the model; hanging up ends them."""
    text = tools.body("sim_call", [contracts.deploy(contracts.prompter())])
    clients = [http.client.HTTPConnection("127.0.0.1", quorate.port, timeout=60) for _ in range(count)]
    try:
        for client in clients:
            client.request("POST", "/api", text, {"Content-Type": "application/json"})
        _wait_for_runs(quorate, model, count)
        yield
        _wait_for_runs(quorate, model, count)
    finally:
        for client in clients:
            client.close()
    _wait_for_runs(quorate, model, 0)


class _Measured:
    """What the rounds collect."""

    def __init__(self):
        self.python = Series("fresh Python")
        self.lone_python, self.lone = Series("fresh Python, now and then"), Series("read, now and then")
        self.one, self.many = Series("read, 1"), Series(f"read, {PARALLEL}")
        self.large, self.deploy = Series("large read, 1"), Series("deploy, 1")
        self.first = []        # ms of the first call of a large contract
        self.alone, self.beside = Series("balances"), Series("balances beside prompts")
        self.checked_out = []  # connections, while runs waited and nobody else asked


def _round(context, quorate, link, round_number, seen):
    o = context.options
    large = "0x" + f"{round_number:x}".rjust(40, "1")
    contracts.place(quorate, link, large, contracts.large(round_number), "Hello")
    read = tools.body("gen_call", [contracts.read(SMALL, "greet", "reader")])
    read_large = tools.body("gen_call", [contracts.read(large, "view_7", "reader")])
    deploys = [tools.body("sim_call", [contracts.deploy(contracts.small(f"{round_number} {n}"), "Hello")])
               for n in range(DEPLOYS_PER_SECOND * o.seconds)]
    seen.python.runs.append(_figures([_timed(_fresh_start) for _ in range(o.fresh_starts)]))
    for series, figures in zip((seen.lone_python, seen.lone), _now_and_then(quorate, read, o.fresh_starts)):
        series.runs.append(figures)
    seen.one.runs.append(_calls(context, quorate, "read", [read], 1, o.seconds))
    seen.many.runs.append(_calls(context, quorate, "reads", [read], PARALLEL, o.seconds))
    began = time.perf_counter()
    quorate.result("gen_call", contracts.read(large, "view_7", "reader"))
    seen.first.append(1000 * (time.perf_counter() - began))
    seen.large.runs.append(_calls(context, quorate, "large", [read_large], 1, o.seconds))
    seen.deploy.runs.append(_calls(context, quorate, "deploy", deploys, 1, o.seconds, once=True))


def _beside_prompts(context, quorate, model, seen):
    bodies = context.balance_bodies()

    def readers():
        return tools.load(context.load, quorate, [("readers", READERS, bodies)], context.options.seconds)["groups"]["readers"]

    before = readers()
    with _prompting(quorate, model, PARALLEL):
        for _ in range(20):
            seen.checked_out.append(quorate.result("dev_getPoolStatus")["pool"]["checked_out"])
            time.sleep(0.02)
        seen.beside.runs.append(readers())
    after = readers()
    seen.alone.runs.append({"error_count": before["error_count"] + after["error_count"],
                            **{key: (before[key] + after[key]) / 2 for key in ("per_second", "p50_ms", "p99_ms")}})


def run(context):
    """Rounds; in each, everything once."""
    o = context.options
    seen = _Measured()
    link = context.postgres.connect(DATABASE, "contracts")
    with SilentModel() as model, context.quorate("quorate_engine", LIMITS) as quorate:
        contracts.add_validator(link, model.url)
        fresh = _engine_memory(quorate)
        contracts.place(quorate, link, SMALL, contracts.small(), "Hello")
        for round_number in range(1, o.rounds + 1):
            print(f"  round {round_number}/{o.rounds}, load average {machine.load_average():.1f}", flush=True)
            _round(context, quorate, link, round_number, seen)
            _beside_prompts(context, quorate, model, seen)
        idle = _engine_memory(quorate)
    link.close()
    _report(context.report, seen, fresh, idle)


def _row(name, series):
    figures = [series.median(key) for key in ("per_second", "p50_ms", "p99_ms")]
    costs = [number(series.median(key)) for key in ("engine_us", "server_us", "postgres_us")] if "engine_us" in series.runs[0] else [""] * 3
    return [name, number(figures[0]), f"{100 * series.spread('p50_ms'):.0f} %", number(figures[1]), number(figures[2]), *costs]


def _listed(values, form="{:.2f}"):
    return ", ".join(form.format(v) for v in values)


def _report(report, seen, fresh, idle):
    report.heading("Contracts")
    report.text(f"`gen_call` and `sim_call` over HTTP, each of which forks a process that runs the contract; {len(seen.one.runs)} rounds, "
                "medians. The small contract is `examples/contracts/greeter.py`, the large one has "
                f"{contracts.LARGE_METHODS} methods more. Every deploy is of code that was never seen before, which is compiled in a process "
                "of its own. CPU is microseconds per call; that of the engine includes all processes of runs.")
    report.table(["what", "per second", "spread of p50", "p50 ms", "p99 ms", "CPU µs, engine", "CPU µs, server", "CPU µs, PostgreSQL"], [
        _row(f"`{PYTHON} -I -S -c pass`, one after the other", seen.python), _row("read, one after the other", seen.one),
        _row("the same Python, now and then", seen.lone_python), _row("read, now and then", seen.lone),
        _row(f"read, {PARALLEL} at a time", seen.many), _row("read of the large contract, one after the other", seen.large),
        _row("deploy, one after the other", seen.deploy)])
    slower, kept = ratios(seen.large, seen.one, "p50_ms"), ratios(seen.beside, seen.alone, "p99_ms")
    against, alone = ratios(seen.one, seen.python, "p50_ms"), ratios(seen.lone, seen.lone_python, "p50_ms")
    report.text(f"A read against a fresh Python, round by round: {_listed(against)} when one follows the other; {_listed(alone)} when there are "
                f"{1000 * PAUSE:.0f} ms before each, in which the process of the next run is made ready. The large contract against the small one: "
                f"{_listed(slower)}; its first call took {_listed(seen.first, '{:.0f}')} ms. Memory of the engine's own processes "
                f"(proportional set size): {fresh['sum']:.1f} MiB after its start, {idle['sum']:.1f} MiB at rest after all this "
                f"({_listed(idle['each'], '{:.1f}')}).")
    report.text(f"`eth_getBalance` by {READERS} clients, before and after: p99 {number(seen.alone.median('p99_ms'))} ms; beside {PARALLEL} runs that wait in a prompt "
                f"{number(seen.beside.median('p99_ms'))} ms; round by round {_listed(kept)}. Throughput "
                f"{number(seen.alone.median('per_second'))} and {number(seen.beside.median('per_second'))} calls/s.")
    errors = sum(sum(s.values("error_count")) for s in (seen.one, seen.many, seen.large, seen.deploy, seen.alone, seen.beside))
    report.target(Target("(h) a read now and then, p50 ÷ a fresh start of Python", median(alone), 0.6, at_least=False))
    report.target(Target("(h) a read after the other, p50 ÷ a fresh start of Python", median(against), 0.6, at_least=False))
    report.target(Target(f"(h) reads per second, {PARALLEL} at a time", seen.many.median("per_second"), 150))
    report.target(Target("(h) a read of the large contract, p50 ÷ of the small one", median(slower), 2, at_least=False))
    report.target(Target(f"(h) connections checked out while {PARALLEL} runs wait in a prompt", max(seen.checked_out), 0, at_least=False))
    report.target(Target(f"(h) eth_getBalance p99 beside {PARALLEL} runs in a prompt ÷ without", median(kept), 1.25, at_least=False))
    report.target(Target("(h) calls that failed", errors, 0, at_least=False))
