# SPDX-License-Identifier: MIT
"""Makes the SDK importable from an archive in memory, and loads it. The engine runs this once, before any contract: `SDK` is the
archive; `run`, `nested`, `compile_contract` and `rehearse` are what it calls from then on."""
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import io
import linecache
import os
import sys

# What modules of the library would do in a forked process is of no use here, and costs every run: `random` is seeded from the
# message, and there is one thread, whose number stays the same. Contracts find the function as it was.
register_at_fork, os.register_at_fork = os.register_at_fork, lambda **_: None

import zipfile  # noqa: E402

ROOT = "/sdk/"


class Archive(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Modules from a ZIP archive. Tracebacks show their lines, for there is no file to read them from later."""

    def __init__(self, data):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self._files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".py")}

    def find_spec(self, fullname, path=None, target=None):
        stem = fullname.replace(".", "/")
        for name, is_package in ((stem + "/__init__.py", True), (stem + ".py", False)):
            if name in self._files:
                spec = importlib.machinery.ModuleSpec(fullname, self, origin=ROOT + name, is_package=is_package)
                spec.has_location = True
                if is_package:
                    spec.submodule_search_locations = [ROOT + stem]
                return spec
        return None

    def exec_module(self, module):
        path = module.__spec__.origin
        text = self._files[path.removeprefix(ROOT)].decode()
        linecache.cache[path] = len(text), None, text.splitlines(keepends=True), path
        exec(compile(text, path, "exec", dont_inherit=True), module.__dict__)


class Libraries(importlib.abc.MetaPathFinder):
    """Debian's numpy and Pillow, where they are installed, and nothing else that lies beside them. Few contracts need them, so they
    are loaded in the run that does."""

    FOLDER = "/usr/lib/python3/dist-packages"
    NAMES = ("numpy", "PIL")

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self.NAMES:
            return None
        # The folder itself cannot be listed in a run.
        init = f"{self.FOLDER}/{fullname}/__init__.py"
        if not os.access(init, os.R_OK):
            return None
        return importlib.util.spec_from_file_location(fullname, init, submodule_search_locations=[f"{self.FOLDER}/{fullname}"])


sys.meta_path += [Archive(SDK), Libraries()]  # noqa: F821

import genlayer._engine.preload  # noqa: E402, F401
from genlayer._engine.run import compile_contract, nested, rehearse, run, warm_up  # noqa: E402, F401

os.register_at_fork = register_at_fork
warm_up(10)
gc.collect()
gc.freeze()
