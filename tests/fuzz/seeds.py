#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes what the fuzzers start from: seeds.py <folder> makes <folder>/<target>/seed-<n> from tests/data/vectors."""
import json
import sys
from pathlib import Path

VECTORS = Path(__file__).resolve().parents[1] / "data/vectors"
LONGEST = 4096  # libFuzzer tries long inputs seldom, and slowly

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
    }


def main(folder):
    for target, inputs in seeds().items():
        place = Path(folder) / target
        place.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(one for one in inputs if 0 < len(one) <= LONGEST):
            (place / f"seed-{number}").write_bytes(data)


main(sys.argv[1])
