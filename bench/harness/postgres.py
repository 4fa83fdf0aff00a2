# SPDX-License-Identifier: MIT
"""A private PostgreSQL cluster for one run, with default settings; every side of a comparison uses this one."""
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg2

from . import machine

FUNDS = 10**21  # wei of every account


def _bin_dir():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[-2]))
    if not found:
        raise SystemExit("bench: PostgreSQL is not installed (Debian: postgresql)")
    return Path(found[-1])


class Postgres:
    """Starts with `with`, ends with it. As root the server runs as the user `postgres`, which it insists on."""

    def __init__(self, max_connections=200, settings=None):
        self.bin = _bin_dir()
        self.port = machine.free_port()
        self.max_connections = max_connections
        self.more_settings = settings or {}
        self.home = Path(tempfile.mkdtemp(prefix="quorate-bench-", dir="/tmp"))
        self.data = self.home / "data"
        self.pid = None

    def _run(self, *command):
        drop = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        done = subprocess.run([*drop, *map(str, command)], cwd=self.home, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed: {done.stderr or done.stdout}")
        return done.stdout

    def __enter__(self):
        if os.geteuid() == 0:
            os.chown(self.home, pwd.getpwnam("postgres").pw_uid, -1)
        self.home.chmod(0o755)
        self._run(self.bin / "initdb", "-D", self.data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.start()
        return self

    def start(self):
        """Starts the server and waits for it."""
        options = (f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.home} "
                   f"-c max_connections={self.max_connections}"
                   + "".join(f" -c {name}={value}" for name, value in self.more_settings.items()))
        self._run(self.bin / "pg_ctl", "-D", self.data, "-w", "-l", self.home / "log", "-o", options, "start")
        self.pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])

    def __exit__(self, *_):
        try:
            self._run(self.bin / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        finally:
            shutil.rmtree(self.home, ignore_errors=True)

    def url(self, database):
        """For Quorate, SQLAlchemy and libpq alike: through the Unix socket, the same for all."""
        return f"postgresql://bench@/{database}?host={self.home}&port={self.port}"

    def connect(self, database, name="bench"):
        """A connection in autocommit mode."""
        link = psycopg2.connect(host=str(self.home), port=self.port, user="bench", dbname=database, application_name=name)
        link.autocommit = True
        return link

    def create(self, database):
        """An empty database."""
        link = self.connect("postgres")
        link.cursor().execute(f'CREATE DATABASE "{database}"')
        link.close()

    def settings(self):
        """What the report says about the server."""
        link = self.connect("postgres")
        with link.cursor() as c:
            c.execute("SELECT name, setting FROM pg_settings WHERE name IN ('server_version', 'fsync', "
                      "'synchronous_commit', 'shared_buffers', 'max_connections', 'jit') ORDER BY name")
            found = dict(c.fetchall())
        link.close()
        return found


def address_of(number):
    """Only decimal digits, so the text is its own EIP-55 form."""
    return "0x" + str(number).zfill(40)


def seed_accounts(link, accounts):
    """Accounts 1 … n, each with the faucet row that paid for it, so that the conservation rule holds from the start."""
    with link.cursor() as c:
        c.execute("INSERT INTO current_state (id, data, balance) SELECT '0x' || lpad(n::text, 40, '0'), '{}', %s "
                  "FROM generate_series(1, %s) n", (FUNDS, accounts))
        c.execute(
            "INSERT INTO transactions (hash, status, to_address, type, value, value_credited, nonce, data, leader_only, appealed, "
            "appeal_undetermined, appeal_leader_timeout, appeal_validators_timeout, timestamp_awaiting_finalization) "
            "SELECT '0x' || lpad(to_hex(n), 64, '0'), 'FINALIZED', '0x' || lpad(n::text, 40, '0'), 0, %s, true, n - 1, 'null', "
            "false, false, false, false, false, extract(epoch from now())::bigint FROM generate_series(1, %s) n",
            (FUNDS, accounts))
        c.execute("ANALYZE")
        c.execute("CHECKPOINT")


def conservation(link):
    """(money that exists, money the faucet made): equal, or money was lost or doubled (docs/spec/database.md §2.2)."""
    with link.cursor() as c:
        c.execute(
            "SELECT (SELECT coalesce(sum(balance), 0) FROM current_state)"
            " + (SELECT coalesce(sum(value), 0) FROM transactions"
            "    WHERE status IN ('PENDING', 'ACTIVATED') AND NOT value_credited AND value > 0),"
            " (SELECT coalesce(sum(value), 0) FROM transactions WHERE from_address IS NULL AND type = 0)")
        return c.fetchone()
