# SPDX-License-Identifier: MIT
"""`./dev bench` and `./dev bench soak`."""
import argparse
import shutil
import sys
from pathlib import Path

from . import context as ctx
from . import machine
from . import postgres as pg
from .parts import engine, footprint, forwarding, incident, soak, subscribers, sweep, throughput, wake, writes
from .report import ROOT, Report

PARTS = {"throughput": throughput.run, "writes": writes.run, "incident": incident.run, "wake": wake.run,
         "forwarding": forwarding.run, "engine": engine.run, "footprint": footprint.run, "subscribers": subscribers.run,
         "sweep": sweep.run}


def _arguments(argv):
    # Before the part or behind it, as one likes: SUPPRESS keeps the part's parser from resetting what was said before.
    first, everywhere = (argparse.ArgumentParser(add_help=False) for _ in range(2))
    for options, default in ((first, False), (everywhere, argparse.SUPPRESS)):
        options.add_argument("--quick", action="store_true", default=default, help="short rounds: a look, not a measurement")
        options.add_argument("--record", action="store_true", default=default, help="put the result into docs/bench.md")
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__, parents=[first])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build" / "bench", help="where the preset bench was built")
    commands = parser.add_subparsers(dest="command")
    for name in PARTS:
        commands.add_parser(name, help=f"only the part {name}", parents=[everywhere])
    long_run = commands.add_parser("soak", help="the acceptance run: mixed load, loops, limits, money", parents=[everywhere])
    long_run.add_argument("--minutes", type=float, default=5)
    long_run.add_argument("--clients", type=int, default=50)
    long_run.add_argument("--transfers", type=int, default=50, help="transfers handed to the loops per second")
    long_run.add_argument("--signed", type=int, default=50, help="signed transfers sent over HTTP per second")
    long_run.add_argument("--forwards", type=int, default=10, help="deploys and calls sent per second, which are forwarded to a Hardhat node")
    long_run.add_argument("--subscribers", type=int, default=500, help="WebSockets open meanwhile; 100 of them wait for these transfers")
    long_run.add_argument("--resize", action="store_true", help="change the pool 20/30 -> 5/0 -> 20/30 meanwhile")
    return parser.parse_args(argv)


def _environment(report, postgres):
    settings = postgres.settings()
    report.text(f"Machine: {machine.describe()}; load average at the start {machine.load_average():.2f}. PostgreSQL "
                f"{settings['server_version']}, default settings but max_connections = {settings['max_connections']} (every side keeps "
                f"its connections open), fsync {settings['fsync']}, over a Unix socket. All servers, the database and the load "
                "generator share the processors.")


def main(argv):
    """Exit code 0: every target was met."""
    arguments = _arguments(argv)
    ctx.need("wrk", "runuser")
    build = arguments.build_dir
    if not (build / "bench" / "load").exists():
        raise SystemExit(f"bench: nothing built in {build}; `./dev bench` builds it first")
    options = ctx.QUICK if arguments.quick else ctx.Options()
    is_soak = arguments.command == "soak"
    name = "soak" if is_soak else "bench"
    report = Report(name)
    folder = ctx.work_folder()
    parts = {"soak": lambda c: soak.run(c, arguments)} if is_soak else PARTS
    if arguments.command in PARTS:
        parts = {arguments.command: PARTS[arguments.command]}
    with pg.Postgres() as postgres:
        _environment(report, postgres)
        context = ctx.Context(options, postgres, build, folder, report)
        context.prepare()
        for title, part in parts.items():
            print(f"{title}:", flush=True)
            part(context)
    written = report.write(ROOT / "build" / "bench-report")
    if arguments.record:
        report.record()
    failed = report.failed()
    print(f"\n{len(report.targets) - len(failed)} of {len(report.targets)} targets met; the whole report: {written}")
    for target in failed:
        print("  " + target.line())
    if failed:
        print(f"logs: {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0
