# SPDX-License-Identifier: MIT
"""Contracts: a read and a deploy end to end over HTTP, against the start of a bare Python in the same minutes."""
import base64
import json
import subprocess
import time

from .. import machine, tools
from ..context import DATABASE
from ..report import number
from ..rounds import Target, median

PYTHON = ["/usr/bin/python3", "-I", "-S", "-c", "pass"]
STARTS = 100
CODE_SLOT = "4a4jQSeS32tqmPt8mDlwH7iwK2/H7QIoEPeDRklGhec="
SENDER = "0x52908400098527886E0F7030069857D2E4169EE7"
HEADER = '# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }\nfrom genlayer import *\n\n\n'
SMALL = HEADER + (
    "class Small(gl.Contract):\n    text: str\n\n    def __init__(self):\n        self.text = 'hello'\n\n"
    "    @gl.public.view\n    def get(self) -> str:\n        return self.text\n"
)
# {"method": "get"} and {} as calldata.
GET = "0x0e066d6574686f641c676574"
NOTHING = bytes([6])


def large():
    """200 methods, 600 lines more than the small one."""
    methods = "".join(f"\n    @gl.public.view\n    def method_{n}(self) -> int:\n        return {n}\n" for n in range(200))
    return SMALL.replace("class Small", "class Large") + methods


def rlp_string(data):
    """Of 56 bytes at least, or one below 0x80."""
    if len(data) == 1 and data[0] < 0x80:
        return data
    size = len(data).to_bytes((len(data).bit_length() + 7) // 8, "big")
    return bytes([0x80 + len(data)]) + data if len(data) < 56 else bytes([0xB7 + len(size)]) + size + data


def deploy_data(source):
    """What genlayer-js sends: a list of code and calldata."""
    content = rlp_string(source.encode()) + rlp_string(NOTHING)
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return "0x" + (bytes([0xF7 + len(size)]) + size + content).hex()


def bare_starts():
    """Seconds of each of many starts."""
    out = []
    for _ in range(STARTS):
        began = time.perf_counter()
        subprocess.run(PYTHON, check=True)
        out.append(time.perf_counter() - began)
    return out


def place(context, quorate, address, source):
    """Keeps the state that a rehearsed deploy leaves."""
    receipt = quorate.result("sim_call", {"type": "deploy", "from": SENDER, "data": deploy_data(source)})
    assert base64.b64decode(receipt["contract_state"][CODE_SLOT])[4:].startswith(source.encode()[:20])
    state = {"accepted": receipt["contract_state"], "finalized": receipt["contract_state"]}
    link = context.postgres.connect(DATABASE)
    link.autocommit = True
    with link.cursor() as c:
        c.execute("INSERT INTO current_state (id, data, balance) VALUES (%s, %s, 0) ON CONFLICT (id) DO UPDATE SET data = EXCLUDED.data",
                  (address, json.dumps({"state": state})))
    link.close()


def read_body(address):
    return tools.body("gen_call", [{"type": "read", "to": address, "from": SENDER, "data": GET}])


def engine_memory():
    """Proportional set size of the engine's processes, MiB."""
    children = subprocess.run(["pgrep", "-f", "quorate-engine"], capture_output=True, text=True, check=False).stdout.split()
    total = 0
    for pid in children:
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except OSError:
            pass
    return total / 1024


def run(context):
    """Measures and judges."""
    with context.quorate("quorate_engine", {"engine.calls_per_contract": "1000000000", "engine.slots": "64"}) as quorate:
        # Two validators: a call needs one, and their addresses are nobody else's.
        small, big = (quorate.result("sim_createValidator", 1, "openai", "gpt-4o", {}, "openai-compatible",
                                     {"api_key_env_var": "OPENAIKEY", "api_url": "https://api.openai.com"})["address"] for _ in range(2))
        place(context, quorate, small, SMALL)
        place(context, quorate, big, large())
        memory = engine_memory()
        bodies = {name: tools.write_bodies(context.folder / f"{name}.tsv", [("gen_call", body)]) for name, body in (
            ("small", read_body(small)), ("large", read_body(big)),
            ("deploy", tools.body("sim_call", [{"type": "deploy", "from": SENDER, "data": deploy_data(SMALL)}])))}
        seconds = context.options.seconds
        rounds = []
        for round_number in range(1, context.options.rounds + 1):
            print(f"  round {round_number}/{context.options.rounds}, load average {machine.load_average():.1f}", flush=True)
            seen = {"start": 1000 * median(bare_starts())}
            for name, clients, what in (("read", 1, "small"), ("read_16", 16, "small"), ("large", 1, "large"), ("deploy", 1, "deploy")):
                seen[name] = tools.load(context.load, quorate, [(name, clients, bodies[what])], seconds)["groups"][name]
            rounds.append(seen)
    _report(context.report, rounds, memory)


def _report(report, rounds, memory):
    report.heading("Contracts")
    report.text(f"Medians of {len(rounds)} rounds; `gen_call` and `sim_call` over HTTP, a process forked for each run. The start of "
                f"`python3 -I -S -c pass`: {number(median([r['start'] for r in rounds]))} ms. The engine's processes, idle: {memory:.1f} "
                "MiB (proportional set size).")
    rows = [[text, number(median([r[name]["per_second"] for r in rounds])), number(median([r[name]["p50_ms"] for r in rounds])),
             number(median([r[name]["p99_ms"] for r in rounds]))]
            for name, text in (("read", "read of a small contract, 1 client"), ("read_16", "the same, 16 clients"),
                               ("large", "read of a contract of 600 lines, 1 client"), ("deploy", "deploy of the small one, 1 client"))]
    report.table(["what", "runs/s", "p50 ms", "p99 ms"], rows)
    report.target(Target("a read ÷ the start of a bare Python", median([r["read"]["p50_ms"] / r["start"] for r in rounds]), 0.6, at_least=False))
    report.target(Target("reads with 16 clients", median([r["read_16"]["per_second"] for r in rounds]), 150, unit="/s"))
    report.target(Target("600 lines ÷ the small contract", median([r["large"]["p50_ms"] / r["read"]["p50_ms"] for r in rounds]), 2, at_least=False))
    report.target(Target("failed calls", sum(r[n]["error_count"] for r in rounds for n in ("read", "read_16", "large", "deploy")), 0, at_least=False))
