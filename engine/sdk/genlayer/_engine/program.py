# SPDX-License-Identifier: MIT
"""From the bytes of a contract to its module: a single source file, or a ZIP archive with a package."""
import importlib
import io
import marshal
import os
import typing
import zipfile

from . import header, language
from .files import Files
from .header import InvalidContract

SINGLE_FILE = "/contract.py"
MODULE = "contract"

_ARCHIVE_MARK = b"PK\x03\x04"
_LONGEST_ARCHIVE = 64 << 20
"""Bytes that an archive may unpack to."""


class Program(typing.NamedTuple):
    files: dict[str, bytes]
    header: header.Header


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InvalidContract("not_utf8_text") from None


def _unpacked(code: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > _LONGEST_ARCHIVE:
                raise InvalidContract()
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise InvalidContract() from None


def _mapped(archive: dict[str, bytes], source: str, target: str) -> dict[str, bytes]:
    """One file, or everything below a directory, under its new path."""
    if source in archive:
        return {target: archive[source]}
    folder = source.rstrip("/") + "/"
    return {
        os.path.join(target, name.removeprefix(folder)): data
        for name, data in archive.items()
        if name.startswith(folder)
    }


def _read_archive(code: bytes, debug: bool) -> Program:
    archive = _unpacked(code)
    if "runner.json" not in archive:
        raise InvalidContract("malformed_runner")
    version = header.parse_version(_text(archive.get("version", header.DEFAULT_VERSION.encode())))
    plan = header.make_plan(header.parse_action(_text(archive["runner.json"])), debug=debug)
    files = (
        _mapped(archive, "contract/", "/contract/") if plan.is_package else _mapped(archive, "contract.py", SINGLE_FILE)
    )
    for source, target in plan.files:
        files |= _mapped(archive, source, target)
    return Program(files, header.Header(version, plan))


def read(code: bytes, *, debug: bool = False) -> Program:
    """Reads a contract's files and header. Raises ``InvalidContract``."""
    if code.startswith(_ARCHIVE_MARK):
        return _read_archive(code, debug)
    return Program({SINGLE_FILE: code}, header.parse(_text(code), debug=debug))


def compile_all(program: Program) -> bytes:
    """The code objects of every module, in a form that ``load`` takes back. For an engine that keeps them between runs."""
    return marshal.dumps(
        {path: language.compile_source(source, path) for path, source in program.files.items() if path.endswith(".py")}
    )


def load(program: Program, compiled: bytes | None = None) -> Files:
    """Runs the program's module, in the surroundings that its header asks for; gives what it was loaded from."""
    os.environ.update(program.header.plan.environment)
    files = Files(program.files, marshal.loads(compiled) if compiled else {})
    files.install()
    importlib.import_module(MODULE)
    return files
