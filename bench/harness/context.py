# SPDX-License-Identifier: MIT
"""What every part of the benchmark is given."""
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import postgres as pg
from . import servers, tools
from .report import Report

DATABASE = "bench"


@dataclass
class Options:
    """How long and how often."""

    rounds: int = 5
    seconds: int = 5
    incident_seconds: int = 35
    incident_rounds: int = 2
    sweep: tuple = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
    sweep_seconds: int = 4
    accounts: int = 10_000
    forwards: int = 800
    fresh_starts: int = 100


QUICK = Options(rounds=2, seconds=2, incident_seconds=12, incident_rounds=1, sweep=(1, 10, 50, 200, 1000), sweep_seconds=2,
                forwards=200, fresh_starts=30)


@dataclass
class Context:
    """The private PostgreSQL, the binaries, a folder for logs and request files, the report."""

    options: Options
    postgres: pg.Postgres
    build: Path
    folder: Path
    report: Report

    @property
    def load(self):
        """The load generator."""
        return self.build / "bench" / "load"

    @property
    def url(self):
        """The one database of the run."""
        return self.postgres.url(DATABASE)

    def quorate(self, name, settings=None, bench_server=False, database=DATABASE):
        """A Quorate on the database; `bench_server`: the one with the slow method."""
        binary = self.build / "bench" / "quorate_bench_server" if bench_server else self.build / "quorate"
        return servers.Quorate(name, self.folder, binary, self.postgres.url(database), settings)

    def original(self, name, size, overflow):
        """A Flask-SQLAlchemy application on the same database."""
        return servers.Original(name, self.folder, self.url, size, overflow)

    def balance_bodies(self, method="eth_getBalance"):
        """A file of random reads."""
        return tools.balance_bodies(self.folder / f"{method}.tsv", self.options.accounts, method=method)

    def prepare(self, database=DATABASE):
        """A database with Quorate's schema and the accounts."""
        self.postgres.create(database)
        subprocess.run([str(self.build / "quorate"), "migrate", "--database-url", self.postgres.url(database)], check=True,
                       stdout=subprocess.DEVNULL)
        link = self.postgres.connect(database)
        pg.seed_accounts(link, self.options.accounts)
        link.close()


def need(*programs):
    """Stops with the way out when a tool is missing."""
    missing = [p for p in programs if shutil.which(p) is None]
    if missing:
        raise SystemExit(f"bench: missing {', '.join(missing)}; `./dev bench` installs what it needs with apt, as root")


def work_folder():
    """A folder for this run."""
    return Path(tempfile.mkdtemp(prefix="quorate-bench-run-", dir="/tmp"))
