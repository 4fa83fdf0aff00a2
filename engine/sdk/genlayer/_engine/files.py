# SPDX-License-Identifier: MIT
"""The files that a program consists of. They exist in memory only; imports and ``open`` find them there, read-only."""
import builtins
import importlib.abc
import importlib.machinery
import io
import linecache
import os
import sys
import types
import typing

from . import language


class Files(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Files by absolute path, and code objects of some of them that need no compiling."""

    def __init__(self, contents: dict[str, bytes], compiled: dict[str, types.CodeType]):
        self._contents = contents
        self._compiled = compiled
        self._open = io.open

    def install(self) -> None:
        sys.meta_path.insert(0, self)
        builtins.open = io.open = self.open  # type: ignore[assignment]

    def uninstall(self) -> None:
        """Takes away what ``install`` did, and the modules that came from here."""
        sys.meta_path.remove(self)
        builtins.open = io.open = self._open
        for name, module in list(sys.modules.items()):
            if getattr(module, "__loader__", None) is self:
                del sys.modules[name]
        for path in self._contents:
            linecache.cache.pop(path, None)

    def _path_of(self, module: str) -> tuple[str, bool] | None:
        """Where a module is, and whether it is a package."""
        stem = "/" + module.replace(".", "/")
        for path, is_package in ((stem + ".py", False), (stem + "/__init__.py", True)):
            if path in self._contents:
                return path, is_package
        return None

    def find_spec(self, fullname: str, path: typing.Any = None, target: typing.Any = None):
        found = self._path_of(fullname)
        if found is None:
            return None
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=found[0], is_package=found[1])
        spec.has_location = True
        if found[1]:
            spec.submodule_search_locations = [found[0].removesuffix("/__init__.py")]
        return spec

    def exec_module(self, module: types.ModuleType) -> None:
        path = str(module.__spec__ and module.__spec__.origin)
        content = self._contents[path]
        # Tracebacks show lines from here; there is no file to read them from.
        text = content.decode(errors="replace")
        linecache.cache[path] = len(text), None, text.splitlines(keepends=True), path
        exec(self._compiled.get(path) or language.compile_source(content, path), module.__dict__)

    def get_data(self, path: str) -> bytes:
        """What ``pkgutil.get_data`` reads."""
        try:
            return self._contents[path]
        except KeyError:
            raise FileNotFoundError(path) from None

    def open(self, file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
        """``open``, which knows the program's own files, too."""
        path = None
        if isinstance(file, (str, bytes, os.PathLike)):
            path = os.path.normpath(os.path.join("/", os.fsdecode(file)))
        if path not in self._contents:
            return self._open(file, mode, buffering, encoding, errors, newline, closefd, opener)
        if set(mode) & set("wax+"):
            raise PermissionError(f"{path} belongs to the contract and is read-only")
        raw = io.BytesIO(self._contents[path])
        if "b" in mode:
            return raw
        return io.TextIOWrapper(raw, encoding or "utf-8", errors, newline)
