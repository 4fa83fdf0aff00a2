#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes what the fuzzers start from: seeds.py <folder> makes <folder>/<target>/seed-<n>, most of them from tests/data/vectors."""
import json
import sys
from pathlib import Path

VECTORS = Path(__file__).resolve().parents[1] / "data/vectors"
LONGEST = 4096  # libFuzzer tries long inputs seldom, and slowly

# What the Studio page, viem and ethers say over a WebSocket, and what nobody should.
SOCKET_MESSAGES = [
    '{"event":"ping","data":{"timestamp":1717236000123}}',
    '{"event":"ping"}',
    '{"event":"subscribe","data":["0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa","__broadcast__"]}',
    '{"event":"subscribe","data":"ws-1717236000123"}',
    '{"event":"unsubscribe","data":[]}',
    '{"event":"subscribe","data":{"room":"a"}}',
    '{"event":null,"data":null}',
    '{"data":1e400,"event":"\\u0070ing"}',
    '{"event":"ping","event":"subscribe","data":["\\ud83d\\ude00"]}',
    '{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}',
    '{"method":"eth_subscribe","params":["logs",{"address":["0x00"],"topics":[null,["0x01"]]}],"id":2,"jsonrpc":"2.0"}',
    '[{"jsonrpc":"2.0","id":1,"method":"eth_chainId"},{"jsonrpc":"2.0","method":"ping"}]',
    '{"jsonrpc":"2.0","event":"ping"}',
    '7', '"ping"', '[]', '{}', '{"event":', "\x00",
]
ADD_TRANSACTION = "addTransaction(address,address,uint256,uint256,bytes)"


def vectors(name):
    return json.loads((VECTORS / f"{name}.json").read_text())


def unhex(text):
    """Nothing for what is not hex."""
    try:
        return bytes.fromhex(text[2:] if text[:2].lower() == "0x" else text)
    except ValueError:
        return b""


def calls_in(raw):
    """The arguments of a call to addTransaction inside of a raw transaction, with its signature in front."""
    at = raw.find(bytes.fromhex("27241a99"))
    return [ADD_TRANSACTION.encode() + b"\0" + raw[at + 4:]] if at >= 0 else []


def seeds():
    raw = [unhex(v["raw"]) for v in vectors("raw-transactions")["vectors"]]
    rlp, calldata, abi, calls = vectors("rlp"), vectors("calldata"), vectors("abi"), vectors("gen_call")
    return {
        "fuzz_raw_transaction": raw,
        "fuzz_rlp": [unhex(v["rlp"]) for v in rlp["valid"] + rlp["invalid"]]
                    + [unhex(v["data"]) for v in calls["decoding"]],
        "fuzz_calldata": [unhex(v["hex"]) for v in calldata["valid"] + calldata["invalid"]],
        "fuzz_abi": [v["signature"].encode() for v in abi["functions"] + abi["events"]]
                    + [("f(" + v["abi"] + ")").encode() + b"\0" + unhex(v["data"]) for v in abi["examples"] if "abi" in v]
                    + [call for one in raw for call in calls_in(one)],
        "fuzz_run_result": [bytes([kind]) + unhex(v["hex"]) for v in calldata["valid"] for kind in range(4)],
        "fuzz_host_requests": [bytes(62), b"\x03" + bytes(20) + b"\x04\x07", b"\x05" + bytes(4), b"\x02" + bytes(24)],
        "fuzz_engine_request": [unhex(v["hex"]) for v in calldata["valid"]],
        "fuzz_engine_frames": [len(data).to_bytes(4, "little") + bytes([kind]) + data
                               for data in (unhex(v["hex"]) for v in calldata["valid"]) for kind in (2, 5, 10)],
        "fuzz_socket_message": [one.encode() for one in SOCKET_MESSAGES],
    }


def main(folder):
    for target, inputs in seeds().items():
        place = Path(folder) / target
        place.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(one for one in inputs if 0 < len(one) <= LONGEST):
            (place / f"seed-{number}").write_bytes(data)


main(sys.argv[1])
