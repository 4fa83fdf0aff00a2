# SPDX-License-Identifier: MIT
"""What the shape of the tree must be (docs/design.md §1). Each check takes the root of a tree and returns its violations,
one line of text each, so that the tests can hold it against planted trees as well as against the real one."""
import ast
import re
import warnings
from pathlib import Path

# From top to bottom; a folder may include those to the right of its own name and itself.
ARROWS = {
    "app": {"net", "rpc", "actors", "engine", "consensus", "db", "chain", "config"},
    "net": {"rpc", "actors", "engine", "consensus", "db", "chain"},
    "rpc": {"actors", "engine", "consensus", "db", "chain"},
    "actors": {"engine", "consensus", "db", "chain"},
    "engine": {"chain"},
    "db": {"chain"},
    "consensus": {"chain"},
    "config": {"chain"},
    "chain": set(),
}
LONGEST_FILE = 600
# The one place that opens a connection, and the one that lends an open one to libpqxx.
CONNECTOR = "db/pg_connector.cpp"
# Builds the actors, so it may know what they are made of.
COMPOSITION_ROOT = "app/node.cpp"
LENDER = "db/detail/pqxx_compat.hpp"

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.M)
HEAVY = re.compile(r"^(boost/(beast|asio)|caf/|pqxx/)")
# Written so that this file does not find itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|not implemented" r" yet")
SOURCES = (".cpp", ".hpp")
IGNORED = {"build", ".git", "node_modules", "__pycache__", "data"}


def files(root, *suffixes, under=None):
    """Paths relative to the root, sorted, without what is built or downloaded."""
    start = Path(root) / under if under else Path(root)
    found = []
    for path in start.rglob("*"):
        relative = path.relative_to(root)
        if path.is_file() and path.suffix in suffixes and not IGNORED & set(relative.parts[:-1]):
            found.append(relative)
    return sorted(found)


def text(root, path):
    return (Path(root) / path).read_text(encoding="utf-8", errors="replace")


def code(root, path):
    """Without comments, so that prose may name what code must not."""
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text(root, path), flags=re.S)


def includes(root, path):
    """(is quoted, name) of each include."""
    return [(mark == '"', name) for mark, name in INCLUDE.findall(text(root, path))]


def include_arrows(root):
    out = []
    for folder, below in ARROWS.items():
        for path in files(root, *SOURCES, under=folder):
            for is_quoted, name in includes(root, path):
                target = name.split("/")[0]
                if not is_quoted:
                    if target in ARROWS:
                        out.append(f"{path}: our own {name} is included with angle brackets")
                elif "/" not in name or (target not in ARROWS and not (Path(root) / name).exists()):
                    out.append(f'{path}: "{name}" is not a path from the root')
                elif target != folder and target not in below:
                    out.append(f"{path}: {folder} must not include {name}")
                elif target != folder and "detail" in name.split("/"):
                    out.append(f"{path}: {name} is private to {target}")
    return out


def one_connector(root):
    """S1: nothing but the connector makes a PostgreSQL connection."""
    opens = re.compile(r"\bPQ(connect(db|dbParams|Start|StartParams)|setdb(Login)?|ping|pingParams)\b")
    adopts = re.compile(r"\bpqxx::(connection|connection_base|lazyconnection|asyncconnection|nullconnection)\b")
    out = []
    for folder in ARROWS:
        for path in files(root, *SOURCES, under=folder):
            if str(path) != CONNECTOR and (found := opens.search(code(root, path))):
                out.append(f"{path}: {found.group(0)} outside of {CONNECTOR}")
            if str(path) != LENDER and (found := adopts.search(code(root, path))):
                out.append(f"{path}: {found.group(0)} outside of {LENDER}")
    if (Path(root) / CONNECTOR).exists():
        calls = len(re.findall(r"\bPQconnect(db|dbParams|Start|StartParams)\s*\(", code(root, CONNECTOR)))
        if calls != 1:
            out.append(f"{CONNECTOR}: opens connections in {calls} places, not in one")
    return out


def file_lengths(root):
    out = []
    for path in files(root, *SOURCES, ".py", ".sh", ".mjs", ".js", ".cmake"):
        lines = text(root, path).count("\n")
        if lines > LONGEST_FILE:
            out.append(f"{path}: {lines} lines, more than {LONGEST_FILE}")
    return out


def heavy_headers(root):
    """What another folder includes must not drag in Beast, Asio, CAF or libpqxx, directly or through its own includes."""
    known = {}

    def weight(path):
        if path not in known:
            known[path] = None  # an include cycle ends here
            for is_quoted, name in includes(root, path) if (Path(root) / path).exists() else []:
                heavy = weight(name) if is_quoted else name if HEAVY.match(name) else None
                if heavy:
                    known[path] = heavy
                    break
        return known[path]

    out = []
    for folder in ARROWS:
        for path in files(root, *SOURCES, under=folder):
            for is_quoted, name in includes(root, path) if str(path) != COMPOSITION_ROOT else []:
                if is_quoted and name.split("/")[0] != folder and (heavy := weight(name)):
                    out.append(f"{path}: {name} brings in <{heavy}>")
    return out


def first_lines(root):
    out = []
    for path in files(root, *SOURCES):
        content = text(root, path)
        if not content.startswith("// SPDX-License-Identifier: MIT\n"):
            out.append(f"{path}: the first line is not the licence")
        if path.suffix == ".hpp" and "\n#pragma once\n" not in content:
            out.append(f"{path}: no #pragma once")
    return out


def unused_imports(tree):
    """Names that a Python module imports and does not use."""
    imported, used = {}, set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                imported[(alias.asname or alias.name).split(".")[0]] = node.lineno
        elif isinstance(node, ast.Name):
            used.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            used |= set(re.findall(r"\w+", node.value))  # __all__, and annotations in quotes
    return sorted((line, name) for name, line in imported.items() if name not in used | {"*"})


def python_files(root):
    """Python compiles without warnings, says its licence, and imports what it uses. Contracts begin with their header instead."""
    out = []
    for path in files(root, ".py", ".pyi"):
        content = text(root, path)
        is_contract = path.parts[:2] == ("examples", "contracts")
        lines = content.splitlines()
        if not is_contract and "# SPDX-License-Identifier: MIT" not in lines[:2]:
            out.append(f"{path}: the first line is not the licence")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                compile(content, str(path), "exec")
                tree = ast.parse(content)
        except SyntaxError as error:
            out.append(f"{path}:{error.lineno}: {error.msg}")
            continue
        # A package's list of names, and what is imported for others or for its effect, is marked so.
        if path.name != "__init__.py" and "# ruff: noqa: F401" not in lines:
            out += [f"{path}:{line}: {name} is imported and not used" for line, name in unused_imports(tree)
                    if not re.search(r"# noqa:.*\bF401\b", lines[line - 1])]
    return out


def unfinished_marks(root):
    out = []
    for path in files(root, *SOURCES, ".py", ".sh", ".mjs", ".js", ".cmake", ".md", ".txt", ".toml"):
        for number, line in enumerate(text(root, path).splitlines(), 1):
            if UNFINISHED.search(line) and "docs/spec" not in str(path):
                out.append(f"{path}:{number}: {line.strip()}")
    return out


def options(root):
    """Keys and flags, read out of the table."""
    table = text(root, "config/table.cpp")
    return set(re.findall(r'\.key = "([^"]+)"', table)), set(re.findall(r'\.flag = "([^"]+)"', table))


# Words with a section's prefix that are no options: a JSON-RPC method, and paths in the output of `quorate status --json`.
OTHER_NAMES = {"rpc.discover", "database.socket_dir", "database.port", "database.user", "database.name"}
# Environment names that no option stands behind: of the program, of the build, and of its benchmarks and tests.
OTHER_VARIABLES = re.compile(r"QUORATE_(CONFIG|PCH|TESTS|BENCH|FUZZ|SANITIZE|COVERAGE|LONG|VERSION|SOURCE_DIR|BINARY|ENGINE|URL)\b")
OTHER_FLAGS = {"--config", "--set", "--json", "--help", "--version", "--upgrade", "--interval", "--turns"}


def option_spellings(root):
    """Every key, flag and variable that a page for operators names exists."""
    keys, flags = options(root)
    sections = {key.rsplit(".", 1)[0] for key in keys if "." in key} | {"database"}
    variables = {"QUORATE_" + key.replace(".", "_").upper() for key in keys}
    pages = [p for p in files(root, ".md", ".service", ".sql", ".yml") if "spec" not in p.parts and "tests" not in p.parts]
    out = []
    for path in pages:
        for number, line in enumerate(text(root, path).splitlines(), 1):
            for key in re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)(?: = [^`]*)?`", line):
                if key.rsplit(".", 1)[0] in sections and key not in keys | sections | OTHER_NAMES:
                    out.append(f"{path}:{number}: no option {key}")
            for key in re.findall(r"--set ([a-z_.]+)=", line):
                if key not in keys | {"key"}:
                    out.append(f"{path}:{number}: no option {key}")
            for name in re.findall(r"\bQUORATE_[A-Z_]+\b", line):
                if name.removesuffix("_FILE") not in variables and not OTHER_VARIABLES.match(name) and name != "QUORATE_":
                    out.append(f"{path}:{number}: no variable {name}")
            for call in re.findall(r"(?:quorate|\./dev) (?:serve|run|migrate|config|status|top|doctor)\b[^`|&;]*", line):
                for flag in re.findall(r"(?<!\S)(--[a-z-]+)", call):
                    if flag not in flags | OTHER_FLAGS:
                        out.append(f"{path}:{number}: no flag {flag}")
    return out


def options_are_read(root):
    """An option that nothing reads is a promise that nobody keeps."""
    asked = set()
    for path in files(root, *SOURCES, under="app") + files(root, *SOURCES, under="config"):
        if str(path) != "config/table.cpp":
            asked |= set(re.findall(r'(?:\.|->)(?:text|whole|real|boolean|duration|list)\("([a-z_.]+)"\)|'
                                    r'\bcount\(v, "([a-z_.]+)"\)', code(root, path)))
    read = {key for found in asked for key in found if key}
    return [f"config/table.cpp: nothing reads {key}" for key in sorted(options(root)[0] - read)]


def metric_names(root):
    """What alerts and the dashboard ask for is described in docs/metrics.md."""
    page = Path(root) / "docs/metrics.md"
    known = set(re.findall(r"^\| `((?:quorate|genlayer)_[a-z_]+)`", page.read_text(), re.M)) if page.exists() else set()
    out = []
    for name in ("config/prometheus-rules.yml", "config/grafana-dashboard.json"):
        if (Path(root) / name).exists():
            for metric in sorted(set(re.findall(r"\b(?:quorate|genlayer)_[a-z_]+", text(root, name)))):
                if re.sub(r"_(bucket|sum|count)$", "", metric) not in known and metric not in known:
                    out.append(f"{name}: {metric} is not in docs/metrics.md")
    return out


def links(root):
    """Relative links in pages point at files that exist."""
    out = []
    for path in files(root, ".md"):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text(root, path)):
            if not re.search(r"[./]", target) or "://" in target or target.startswith("mailto:"):
                continue
            if not (Path(root) / path.parent / target).exists():
                out.append(f"{path}: link to {target}, which does not exist")
    return out


ALL = [include_arrows, one_connector, file_lengths, heavy_headers, first_lines, python_files, unfinished_marks,
       option_spellings, options_are_read, metric_names, links]
