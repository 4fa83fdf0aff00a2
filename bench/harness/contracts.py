# SPDX-License-Identifier: MIT
"""Contracts for the parts that run some: their sources, what calls carry (docs/spec/encoding.md), and rows that hold their state."""
import json

from .report import ROOT

CALLER = "0x" + "ca" * 20
HEADER = '# v0.2.16\n# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }\n'
LARGE_METHODS = 200  # of three lines each


def small(mark=0):
    """The greeter of the examples. Another mark is another code, which no cache knows."""
    return (ROOT / "examples" / "contracts" / "greeter.py").read_text(encoding="utf-8") + f"# {mark}\n"


def large(mark=0):
    """The greeter with LARGE_METHODS views more."""
    methods = "".join(f"    @gl.public.view\n    def view_{n}(self, name: str, *, times: int = {n}) -> str:\n"
                      f"        return name.upper() if times > {LARGE_METHODS} else f'{{times + {n}}} × {{self.greeting}}, {{name}}!'\n" for n in range(LARGE_METHODS))
    return small() + methods + f"# {mark}\n"


def prompter():
    """Its constructor asks a language model, and waits for the answer."""
    return HEADER + ("from genlayer import *\n\n\nclass Prompter(gl.Contract):\n    def __init__(self):\n"
                     "        gl.eq_principle.strict_eq(lambda: gl.nondet.exec_prompt('Are you there?'))\n")


def _number(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def calldata(value):
    """The calldata of a text, a list, or a mapping: all that calls here need."""
    if isinstance(value, str):
        raw = value.encode()
        return _number(len(raw) << 3 | 4) + raw
    if isinstance(value, list):
        return _number(len(value) << 3 | 5) + b"".join(map(calldata, value))
    items = sorted((key.encode(), calldata(item)) for key, item in value.items())
    return _number(len(items) << 3 | 6) + b"".join(_number(len(key)) + key + item for key, item in items)


def _sized(short, data):
    if len(data) < 56:
        return bytes([short + len(data)]) + data
    size = len(data).to_bytes((len(data).bit_length() + 7) // 8, "big")
    return bytes([short + 55 + len(size)]) + size + data


def _rlp_list(*items):
    return _sized(0xC0, b"".join(_sized(0x80, item) for item in items))


def read(address, method, *args):
    """The parameter of gen_call that reads."""
    call = calldata({"method": method, "args": list(args)})
    return {"type": "read", "to": address, "from": CALLER, "data": "0x" + call.hex()}


def deploy(source, *args):
    """The parameter of gen_call or sim_call that rehearses a deploy."""
    payload = _rlp_list(source.encode(), calldata({"args": list(args)}))
    return {"type": "deploy", "to": CALLER, "from": CALLER, "data": "0x" + payload.hex()}


def place(server, link, address, source, *args):
    """A contract at the address, as after its deploy became final."""
    state = server.result("sim_call", deploy(source, *args))["contract_state"]
    data = json.dumps({"state": {"accepted": state, "finalized": state}})
    with link.cursor() as c:
        c.execute("INSERT INTO current_state (id, data, balance) VALUES (%s, %s, 0)", (address, data))


def add_validator(link, model_url):
    """Calls run in the name of one, and its model answers their prompts."""
    with link.cursor() as c:
        c.execute("INSERT INTO validators (stake, config, address, provider, model, plugin, plugin_config) "
                  "VALUES (1, '{}', %s, 'bench', 'bench', 'openai-compatible', %s)", ("0x" + "7" * 40, json.dumps({"api_url": model_url})))
