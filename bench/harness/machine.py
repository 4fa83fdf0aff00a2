# SPDX-License-Identifier: MIT
"""What /proc knows: processor time and memory of what is measured, and which machine this is."""
import os
import platform
import socket
import subprocess
from dataclasses import dataclass

TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    """A TCP port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def _stat_fields(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
        text = f.read()
    return text[text.rindex(")") + 2 :].split()  # from field 3, state


def children(pid):
    """Direct children, now."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                if int(_stat_fields(entry)[1]) == pid:
                    found.append(int(entry))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def command(pid):
    """The name of its program, of which the kernel keeps 15 characters."""
    with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as f:
        return f.read().strip()


def cpu_seconds(pid, with_children=False):
    """User and system time of a process; with its children, also of those that have ended."""
    fields = _stat_fields(pid)
    ticks = int(fields[11]) + int(fields[12])
    if with_children:
        ticks += int(fields[13]) + int(fields[14])
        for child in children(pid):
            try:
                fields = _stat_fields(child)
                ticks += int(fields[11]) + int(fields[12])
            except (FileNotFoundError, ProcessLookupError):
                continue
    return ticks / TICK


def reaped_cpu_seconds(pid):
    """User and system time of children that have ended and were waited for, and of theirs."""
    fields = _stat_fields(pid)
    return (int(fields[13]) + int(fields[14])) / TICK


def memory_kb(pid, field="VmHWM"):
    """VmHWM (peak) or VmRSS (now) of a process, in KiB."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as f:
        for line in f:
            if line.startswith(field + ":"):
                return int(line.split()[1])
    return 0


def proportional_kb(pid):
    """What it takes of the memory, in KiB: pages that several processes share are divided among them."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as f:
        for line in f:
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def reset_peak(pid):
    """Starts a new VmHWM; needs to be the owner of the process."""
    with open(f"/proc/{pid}/clear_refs", "w", encoding="utf-8") as f:
        f.write("5")


@dataclass
class Cpu:
    """Processor seconds used by a server and by PostgreSQL between two looks."""

    server: float
    postgres: float

    def per_call(self, calls):
        """Microseconds per call, (server, postgres)."""
        return (1e6 * self.server / calls, 1e6 * self.postgres / calls) if calls else (0.0, 0.0)


def steal_ticks():
    """Time the hypervisor gave to others, summed over the processors."""
    with open("/proc/stat", encoding="utf-8") as f:
        return int(f.readline().split()[8])


def load_average():
    """The one-minute load: other work on the machine makes ratios noisy."""
    return os.getloadavg()[0]


def describe():
    """One line for the report."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        for line in f:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo", encoding="utf-8") as f:
        memory = int(f.readline().split()[1]) // (1 << 20)
    return f"{os.cpu_count()} × {model}, {memory} GiB, Linux {platform.release()}"


def version(*command):
    """First line of what a program says about itself."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().split("\n")[0]
