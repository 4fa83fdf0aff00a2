# SPDX-License-Identifier: MIT
"""WebSockets that listen (bench/subscribers.cpp)."""
import contextlib
import json
import subprocess

LISTENERS = 100


@contextlib.contextmanager
def crowd(context, port, idle, hashes=(), compression=False):
    """`idle` sockets subscribed to what never happens, and LISTENERS more for `hashes`, if there are any. All subscriptions are
    confirmed when this yields the file in which is written what was heard. A socket that is closed meanwhile is an error."""
    topics, heard = context.folder / "topics.txt", context.folder / "heard.txt"
    topics.write_text("".join(h + "\n" for h in hashes), encoding="utf-8")
    words = ["--port", port, "--idle", idle, "--listeners", LISTENERS if hashes else 0, "--topics", topics, "--heard", heard]
    process = subprocess.Popen([str(context.build / "bench" / "subscribers"), *map(str, words), *(["--compression"] if compression else [])],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        said = process.stdout.readline()
        if not said.startswith("ready"):
            raise RuntimeError(f"subscribers: {said or 'ended before they were ready'}")
        yield heard
    finally:
        process.stdin.close()
        said = process.stdout.read().strip()
        process.stdout.close()
        if process.wait(30) != 0:
            raise RuntimeError(f"subscribers: some sockets were closed; {said}")


def finalized_at(heard):
    """Hash -> when a listener had read that it is FINALIZED, in microseconds since 1970."""
    times = {}
    for line in heard.read_text(encoding="utf-8").splitlines():
        at, text = line.split("\t", 1)
        event = json.loads(text)["data"]
        if event["name"] == "transaction_status_updated" and event["data"]["new_status"] == "FINALIZED":
            times[event["data"]["hash"]] = int(at)
    return times
