# SPDX-License-Identifier: MIT
"""Contracts that want out, or want everything. None harms the host, the engine or another run, and each gets the answer that is
specified (docs/spec/genvm.md §1.6). Only for the real engine: the double keeps nobody in."""
import base64
import io
import os
import threading
import time
import unittest
import zipfile

from support import CONTRACT, HEADER, Chain, ContractTest, address, call_data

OTHER = address(0xB0)
FAILED = ("VMError", "exit_code 1")

# What is tried: name, statements in a constructor, what must be on stderr.
REFUSED = [
    ("read a file of the system", "open('/etc/passwd')", "PermissionError"),
    ("write a file", "open('/tmp/x', 'w')", "PermissionError"),
    ("make a file in the library", "open('/usr/lib/python3.11/evil.py', 'w')", "PermissionError"),
    ("list the root", "os.listdir('/')", "PermissionError"),
    ("read the environment of the process", "open('/proc/self/environ')", "PermissionError"),
    ("read the memory of the process", "open('/proc/self/mem', 'rb')", "PermissionError"),
    ("read the parent's descriptors", "os.listdir('/proc/1/fd')", "PermissionError"),
    ("read a device", "open('/dev/urandom', 'rb')", "PermissionError"),
    ("make a folder", "os.mkdir('/tmp/y')", "PermissionError"),
    ("make a symbolic link", "os.symlink('/etc/passwd', '/tmp/link')", "PermissionError"),
    ("make a hard link", "os.link('/etc/passwd', '/tmp/link')", "PermissionError"),
    ("remove a file", "os.unlink('/usr/lib/python3.11/os.py')", "PermissionError"),
    ("change a mode", "os.chmod('/usr/lib/python3.11/os.py', 0o777)", "PermissionError"),
    ("change the root", "os.chroot('/tmp')", "PermissionError"),
    ("leave the directory", "os.chdir('/usr/lib/python3.11')", "PermissionError"),
    ("open a socket", "import socket; socket.socket()", "PermissionError"),
    ("open a pair of sockets", "import socket; socket.socketpair()", "PermissionError"),
    ("ask a name server", "import socket; socket.getaddrinfo('example.com', 80)", "gaierror"),
    ("fork", "os.fork()", "PermissionError"),
    ("start a program", "os.execv('/bin/sh', ['sh'])", "PermissionError"),
    ("start a program by posix_spawn", "os.posix_spawn('/bin/sh', ['sh'], {})", "PermissionError"),
    ("start a program as a child", "import subprocess; subprocess.run(['/bin/sh'])", "PermissionError"),
    ("start a thread", "import threading; threading.Thread(target=print).start()", "RuntimeError"),
    ("kill its parent", "os.kill(os.getppid(), 9)", "PermissionError"),
    ("kill everybody", "os.kill(-1, 9)", "PermissionError"),
    ("kill its group", "os.killpg(0, 9)", "PermissionError"),
    ("leave its group", "os.setpgid(0, 0)", "PermissionError"),
    ("leave its session", "os.setsid()", "PermissionError"),
    ("become root", "os.setuid(0)", "PermissionError"),
    ("raise its limits", "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))", "ValueError"),
    ("be woken by a timer", "import signal; signal.setitimer(signal.ITIMER_REAL, 1)", "itimer_error"),
    ("be nicer", "os.nice(-5)", "PermissionError"),
    ("use shared memory", "from multiprocessing import shared_memory; shared_memory.SharedMemory('x', True, 10)", "Error"),
    ("allocate eight gigabytes", "x = bytes(1 << 33)", "MemoryError"),
    ("make a list of ten thousand million", "x = [0] * 10**10", "MemoryError"),
    ("loop over a thousand million into memory", "x = [i for i in range(10**9)]", "MemoryError"),
    ("make a huge number", "x = 1 << (1 << 33)", "MemoryError"),
    ("print a huge number", "print(10 ** 5000)", "ValueError"),
    ("recurse without end", "def f(): f()\nf()", "RecursionError"),
    ("open descriptors without end", "while True: os.dup(1)", "Too many open files"),
    ("unpack a bomb", "import zlib; x = zlib.decompress(zlib.compress(bytes(1 << 28)) , bufsize=1<<33)", "MemoryError"),
    ("return what no calldata can hold", "gl.wasi.gl_call(b'\\x0e' + b'\\xff' * 20)", "SystemError: 2: inval"),
]

# Raw system calls by ctypes: number, arguments.
SYSTEM_CALLS = {
    "unshare": (272, 0x10000000),
    "ptrace": (101, 16, 1, 0, 0),
    "mount": (165, 0, 0, 0, 0, 0),
    "bpf": (321, 0, 0, 0),
    "perf_event_open": (298, 0, 0, -1, -1, 0),
    "clone3": (435, 0, 0),
    "clone with a namespace": (56, 0x10000000 | 17, 0, 0, 0, 0),
    "clone of a thread": (56, 0x10000 | 0x100, 0, 0, 0, 0),
    "vfork": (58,),
    "io_uring_setup": (425, 1, 0),
    "userfaultfd": (323, 0),
    "keyctl": (250, 0, 0),
    "process_vm_readv": (310, 1, 0, 0, 0, 0, 0),
    "memfd_create": (319, 0, 0),
    "pidfd_open": (434, 1, 0),
    "prctl to be dumpable": (157, 4, 1),
    "personality": (135, 0),
    "clock_gettime": (228, 0, 0),
    "clock_nanosleep": (230, 0, 0, 0, 0),
}


@unittest.skipIf(Chain.is_double, "needs QUORATE_ENGINE")
class hostile(ContractTest):
    def attempt(self, body, before="import os", **options):
        return self.construct(body, before=before, **options)

    def assert_healthy(self):
        """Another contract runs as if nothing had been."""
        outcome = self.chain.deploy(OTHER, (HEADER + "class C(gl.Contract):\n    def __init__(self): print('fine')\n").encode())
        self.assertEqual(("Return", "fine\n"), (outcome.kind, outcome.stdout), outcome.stderr)

    def test_what_is_refused(self):
        for name, body, reason in REFUSED:
            with self.subTest(name):
                outcome = self.attempt(body)
                self.assertEqual(FAILED, (outcome.kind, outcome.value), outcome.stderr)
                self.assertIn(reason, outcome.stderr)
        self.assert_healthy()

    def test_raw_system_calls(self):
        for name, arguments in SYSTEM_CALLS.items():
            with self.subTest(name):
                given = ", ".join(f"ctypes.c_long({argument})" for argument in arguments)
                outcome = self.attempt(
                    f"libc = ctypes.CDLL(None, use_errno=True)\nanswer = libc.syscall({given})\n"
                    "raise gl.vm.UserError(f'{answer} {ctypes.get_errno()}')",
                    before="import ctypes",
                )
                self.assertEqual(("Rollback", "-1 1"), (outcome.kind, outcome.value), outcome.stderr)
        self.assert_healthy()

    def test_what_does_not_end_is_stopped_and_others_go_on(self):
        for name, body in {
            "a loop": "while True: pass",
            "a loop that catches everything": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
            "a regular expression": "import re; re.match('(a*)*$', 'a' * 100 + 'b')",
            "printing": "while True: print('x' * 1000)",
            "sandboxes in sandboxes": "def f():\n    gl.vm.spawn_sandbox(f)\n    while True: pass\nf()",
            "a fork bomb": "import ctypes\nlibc = ctypes.CDLL(None)\nwhile True: libc.syscall(56, 17, 0, 0, 0, 0)",
        }.items():
            with self.subTest(name):
                indented = "".join(f"        {line}\n" for line in body.splitlines())
                code = f"{HEADER}class C(gl.Contract):\n    def __init__(self):\n{indented}".encode()
                end = self.chain.begin(CONTRACT, call_data(None), code=code)
                self.assert_healthy()
                end()
        self.assert_healthy()

    def test_nothing_is_left_running(self):
        import engine_client

        status, body = engine_client.engine().request("GET", "/status")
        self.assertEqual((200, 0), (status, body["running"]))

    def test_the_environment_tells_nothing(self):
        outcome = self.attempt("raise gl.vm.UserError(repr(sorted(os.environ)))")
        self.assert_user_error(outcome, "['LC_ALL', 'TZ']")

    def test_sleeping_takes_no_time(self):
        self.assert_user_error(
            self.attempt("a = time.time()\ntime.sleep(10**6)\nraise gl.vm.UserError(str(time.time() - a))", before="import time"),
            "0.0",
        )

    def test_output_has_an_end(self):
        for stream in ("stdout", "stderr"):
            with self.subTest(stream):
                outcome = self.assert_ok(self.attempt(f"import sys\nfor _ in range(5000): sys.{stream}.write('x' * 999 + '\\n')"))
                self.assertLess(len(getattr(outcome, stream)), 1_100_000)
                self.assertTrue(getattr(outcome, stream).endswith("(more was printed)\n"))

    def test_ends_cannot_be_caught(self):
        for end in ("gl.advanced.user_error_immediate('end')", "gl.wasi.gl_call(gl.calldata.encode({'Rollback': 'end'}))"):
            body = f"try:\n    {end}\nexcept BaseException:\n    pass\nfinally:\n    os._exit(0)"
            self.assert_user_error(self.attempt(body), "end")

    def test_ends_of_its_own(self):
        for body, expected in {
            "os._exit(0)": "exit_code 1",
            "os._exit(9)": "exit_code 9",
            "os.abort()": "exit_code 1",
            "import ctypes; ctypes.string_at(0)": "exit_code 1",
            "os.close(4)": "exit_code 1",
            "os.write(4, b'\\xff' * 100)": "exit_code 1",
            "os.write(4, b'\\x00' * 100)": "exit_code 1",
        }.items():
            with self.subTest(body):
                outcome = self.attempt(body)
                self.assertEqual(("VMError", expected), (outcome.kind, outcome.value), outcome.stderr)
        self.assert_healthy()

    def test_the_host_survives_what_is_written_to_it(self):
        for body in ("os.write(3, b'\\xff')", "os.write(3, b'\\x07')", "os.write(3, bytes(1000))", "os.close(3)"):
            with self.subTest(body):
                self.attempt(body + "\nself.n = 5", fields="n: u256")
        self.assert_healthy()

    def forged(self, **fields):
        """Statements that report what they like, as a contract can that knows the engine."""
        report = {"kind": 0, "data": b"\0", "storage": [], "emissions": [], "nondet": []} | fields
        return (
            f"report = gl.calldata.encode({report!r})\n"
            "os.write(4, len(report).to_bytes(4, 'little') + b'\\x0a' + report)\nwhile True: pass"
        )

    def test_forged_reports_may_no_more_than_the_run(self):
        page = [b"\1" + bytes(35), bytes(32)]
        locked = [bytes.fromhex("ba005630745acf3014aaf162e9933040302ca0bef3f56fe2d73c0a08f82c610b") + bytes(4), bytes(32)]
        message = {"type": "EthSend", "address": address(1), "calldata": b"", "value": 1}
        source = (
            HEADER + "import os\nclass C(gl.Contract):\n    def __init__(self): pass\n    @gl.public.write\n    def f(self, how: str):\n        BODY\n"
        )
        for name, fields in {
            "a locked slot": {"storage": [locked]},
            "half a page": {"storage": [[b"\1" + bytes(35), bytes(16)]]},
            "pages out of order": {"storage": [page, page]},
            "money that it has not": {"emissions": [message]},
            "a message that is none": {"emissions": [{"type": "Gift"}]},
            "data that is no calldata": {"data": b"\xff"},
            "a kind of the engine's own": {"kind": 3},
        }.items():
            with self.subTest(name):
                body = self.forged(**fields).replace("Address(", "gl.Address(").replace("\n", "\n        ")
                self.assert_ok(self.chain.deploy(CONTRACT, source.replace('BODY', body).encode()))
                outcome = self.chain.write(CONTRACT, "f", "x")
                self.assertEqual(FAILED, (outcome.kind, outcome.value), outcome.stderr)
        body = self.forged(storage=[page]).replace("\n", "\n        ")
        self.assert_ok(self.chain.deploy(CONTRACT, source.replace('BODY', body).encode()))
        self.assertEqual("Return", self.chain.write(CONTRACT, "f", "x").kind)
        self.assertEqual(FAILED, (self.chain.view(CONTRACT, "f", "x").kind, self.chain.view(CONTRACT, "f", "x").value))

    def test_nobody_compiles_for_others(self):
        """Code objects are kept by the hash of their code; only what comes before the contract's first line asks for them."""
        body = "os.write(4, (40).to_bytes(4, 'little') + b'\\x03' + bytes(40))\nos.read(4, 100)"
        self.assertEqual(FAILED, (self.attempt(body).kind, self.attempt(body).value))

    def test_runs_leave_nothing_to_each_other(self):
        self.assert_ok(self.attempt("import builtins, sys\nbuiltins.leak = 1\nsys.modules['leak'] = os\nos.environ['LEAK'] = '1'"))
        self.assert_user_error(
            self.attempt("import builtins, sys\nraise gl.vm.UserError(repr((hasattr(builtins, 'leak'), 'leak' in sys.modules, 'LEAK' in os.environ)))"),
            "(False, False, False)",
        )

    def test_tampering_with_the_sdk_spoils_only_the_own_run(self):
        self.attempt(
            "import genlayer._engine.outcome as o, genlayer._engine.host as h, genlayer.calldata as c\n"
            "o.report = h.finish = h.flush = c.encode = lambda *a, **k: None"
        )
        self.assert_healthy()

    def test_bounds_of_storage_and_messages(self):
        outcome = self.attempt("import _genlayer_wasi as w\nfor i in range(20): w.storage_write(bytes(32), i << 20, bytes(1 << 20))")
        self.assertEqual(("VMError", "OOM storage"), (outcome.kind, outcome.value))
        outcome = self.attempt("for i in range(20000): gl.advanced.emit_raw_event([], {})")
        self.assertEqual(("VMError", "OOM receipt"), (outcome.kind, outcome.value))
        for call, error in {
            "w.storage_read(bytes(31), 0, bytearray(1))": "2: inval",
            "w.storage_read(bytes(32), -1, bytearray(1))": "2: inval",
            "w.storage_read(bytes(32), 1 << 200, bytearray(1))": "1: overflow",
            "w.storage_read(bytes(32), (1 << 32) - 1, bytearray(2))": "1: overflow",
        }.items():
            self.assert_failed(self.attempt(f"import _genlayer_wasi as w\n{call}"), f"SystemError: {error}")

    def test_hostile_code(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("runner.json", "{}")
            archive.writestr("contract/__init__.py", bytes(100 << 20))
        for name, code, kind in [
            ("nothing", b"", "invalid_contract"),
            ("bytes", bytes(range(256)), "invalid_contract"),
            ("a bomb", bomb.getvalue(), "invalid_contract"),
            ("half an archive", bomb.getvalue()[:200], "invalid_contract"),
            ("parentheses", (HEADER + "(" * 100_000).encode(), "exit_code 1"),
            ("nesting", (HEADER + "[" * 199 + "]" * 199 + "\n" + "-" * 100_000 + "1").encode(), "exit_code 1"),
            ("no contract", HEADER.encode(), "exit_code 1"),
            ("a zero byte", (HEADER + "x = '\0'").encode(), "exit_code 1"),
        ]:
            with self.subTest(name):
                outcome = self.chain.deploy(CONTRACT, code)
                self.assertEqual("VMError", outcome.kind)
                self.assertTrue(outcome.value.startswith(kind), outcome)
        self.assert_healthy()

    def test_a_sandbox_has_no_way_out(self):
        for body, expected in {
            "os.kill(os.getppid(), 9)": "exit_code 1",
            "os._exit(0)": "exit_code 1",
            "x = bytes(1 << 33)": "exit_code 1",
        }.items():
            with self.subTest(body):
                outcome = self.attempt(
                    f"def f():\n    {body}\n    self.n\nraise gl.vm.UserError(gl.vm.spawn_sandbox(f).message)", fields="n: u256"
                )
                self.assert_user_error(outcome, expected)
        # It shares the way to the host with the run around it; when that is lost, both are.
        outcome = self.attempt(
            "def f():\n    os.close(3)\n    self.n\nraise gl.vm.UserError(gl.vm.spawn_sandbox(f).message)", fields="n: u256"
        )
        self.assertEqual(FAILED, (outcome.kind, outcome.value), outcome.stderr)


@unittest.skipIf(Chain.is_double, "needs QUORATE_ENGINE")
class determinism(ContractTest):
    def test_runs_are_the_same_everywhere(self):
        """Storage, result, output, id() and hash() over many runs, several at once; QUORATE_LONG makes it a thousand."""
        source = (
            "import os, random, time, datetime, uuid\nclass C(gl.Contract):\n    n: u256\n    t: TreeMap[str, u256]\n"
            "    def __init__(self): pass\n    @gl.public.write\n    def f(self) -> str:\n"
            "        o = object()\n        for i in range(20): self.t[str(random.random())] = u256(i)\n        self.n = u256(id(o))\n"
            "        print(id(o), hash('x'), {str(i) for i in range(50)}, os.urandom(8), time.time(), time.monotonic(), os.getpid(), *os.uname())\n"
            "        print(datetime.datetime.now(), uuid.uuid4(), random.random(), id(f'{o}'), os.dup(1))\n"
            "        return gl.vm.unpack_result(gl.vm.spawn_sandbox(lambda: f'{id(object())} {random.random()}'))\n"
        )
        self.deployed(source)
        seen = set()
        rounds = 1000 if os.environ.get("QUORATE_LONG") else 160

        def work(count=rounds // 8, pause=0.0):
            for _ in range(count):
                time.sleep(pause)
                outcome = self.chain.run(CONTRACT, call_data("f"))
                seen.add((outcome.kind, outcome.result, tuple(outcome.changes), outcome.stdout, outcome.stderr))

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Whether a run's process was forked for it or had waited for it is not to be seen.
        work(count=5, pause=0.05)
        self.assertEqual(1, len(seen), base64.b64encode(repr(seen).encode())[:0] or seen)
        self.assertEqual("Return", seen.pop()[0])


if __name__ == "__main__":
    unittest.main()
