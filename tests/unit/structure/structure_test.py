#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the checks of checks.py against the tree, and each check against a small tree with a planted mistake."""
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import checks  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
TABLE = '{.key = "server.port", .flag = "--port"}, {.key = "rpc.chain_id"}'


class tree:
    """A temporary tree with the given files."""

    def __init__(self, contents):
        self.folder = tempfile.TemporaryDirectory()
        for name, content in {"config/table.cpp": TABLE, **contents}.items():
            path = Path(self.folder.name) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def __enter__(self):
        return self.folder.name

    def __exit__(self, *_):
        self.folder.cleanup()


class real_tree(unittest.TestCase):
    def test_every_check_holds(self):
        for check in checks.ALL:
            with self.subTest(check.__name__):
                found = check(ROOT)
                self.assertEqual([], found, "\n" + "\n".join(found))

    def test_the_checks_see_the_sources(self):
        for folder in checks.ARROWS:
            self.assertTrue(checks.files(ROOT, *checks.SOURCES, under=folder), folder)
        self.assertGreater(len(checks.options(ROOT)[0]), 50)


class planted_mistakes(unittest.TestCase):
    def assert_found(self, check, contents, *expected):
        with tree(contents) as root:
            self.assertEqual(list(expected), check(root))

    def test_upward_include(self):
        self.assert_found(checks.include_arrows, {"db/a.cpp": '#include "rpc/b.hpp"\n', "rpc/b.hpp": ""},
                          "db/a.cpp: db must not include rpc/b.hpp")

    def test_sideways_include(self):
        self.assert_found(checks.include_arrows, {"rpc/a.hpp": '#include "config/b.hpp"\n', "config/b.hpp": ""},
                          "rpc/a.hpp: rpc must not include config/b.hpp")

    def test_private_header_of_another_folder(self):
        self.assert_found(checks.include_arrows,
                          {"rpc/a.cpp": '#include "db/detail/b.hpp"\n#include "rpc/detail/c.hpp"\n',
                           "db/detail/b.hpp": "", "rpc/detail/c.hpp": ""},
                          "rpc/a.cpp: db/detail/b.hpp is private to db")

    def test_own_header_in_angle_brackets_or_by_a_short_name(self):
        self.assert_found(checks.include_arrows, {"db/a.cpp": '#include <chain/b.hpp>\n#include "a.hpp"\n'},
                          "db/a.cpp: our own chain/b.hpp is included with angle brackets",
                          'db/a.cpp: "a.hpp" is not a path from the root')

    def test_second_place_that_connects(self):
        self.assert_found(checks.one_connector,
                          {"rpc/a.cpp": "auto c = PQconnectdb(x); // PQconnectdb\n",
                           "app/b.cpp": "// pqxx::connection in prose\npqxx::connection c{url};\n",
                           "db/pg_connector.cpp": "PQconnectStartParams(a, b, 0);\n"},
                          "app/b.cpp: pqxx::connection outside of db/detail/pqxx_compat.hpp",
                          "rpc/a.cpp: PQconnectdb outside of db/pg_connector.cpp")

    def test_second_call_inside_the_connector(self):
        self.assert_found(checks.one_connector, {"db/pg_connector.cpp": "PQconnectdb(a); PQconnectdb(b);\n"},
                          "db/pg_connector.cpp: opens connections in 2 places, not in one")

    def test_long_file(self):
        self.assert_found(checks.file_lengths, {"db/a.cpp": "\n" * 601, "db/b.cpp": "\n" * 600},
                          "db/a.cpp: 601 lines, more than 600")

    def test_heavy_header_through_another(self):
        self.assert_found(checks.heavy_headers,
                          {"rpc/a.cpp": '#include "db/b.hpp"\n#include <pqxx/pqxx>\n', "db/b.hpp": '#include "db/c.hpp"\n',
                           "db/c.hpp": '#include "db/b.hpp"\n#include <pqxx/pqxx>\n'},
                          "rpc/a.cpp: db/b.hpp brings in <pqxx/pqxx>")

    def test_missing_first_lines(self):
        self.assert_found(checks.first_lines, {"config/table.cpp": "// SPDX-License-Identifier: MIT\n", "db/a.hpp": "int a;\n"},
                          "db/a.hpp: the first line is not the licence", "db/a.hpp: no #pragma once")

    def test_python_file(self):
        licence = "# SPDX-License-Identifier: MIT\n"
        self.assert_found(checks.python_files,
                          {"engine/a.py": licence + "import os\nimport re\nre.sub\n", "engine/b.py": "pass\n",
                           "engine/c.py": licence + "if:\n", "examples/contracts/d.py": "# v0.2.16\n"},
                          "engine/a.py:2: os is imported and not used", "engine/b.py: the first line is not the licence",
                          "engine/c.py:2: invalid syntax")

    def test_unfinished_mark(self):
        mark = "TO" + "DO"
        self.assert_found(checks.unfinished_marks, {"db/a.cpp": f"// {mark}: later\n"}, f"db/a.cpp:1: // {mark}: later")

    def test_misspelt_option_flag_and_variable(self):
        page = ("`server.prot` `server.port` `--set rpc.chain=1` `QUORATE_SERVER_PORT` `QUORATE_SERVER_PROT`\n"
                "`quorate serve --prot 1 --port 2`\n")
        self.assert_found(checks.option_spellings, {"docs/a.md": page}, "docs/a.md:1: no option server.prot",
                          "docs/a.md:1: no option rpc.chain", "docs/a.md:1: no variable QUORATE_SERVER_PROT",
                          "docs/a.md:2: no flag --prot")

    def test_option_that_nothing_reads(self):
        self.assert_found(checks.options_are_read,
                          {"app/settings.cpp": 's.port = v.whole("server.port"); // v.whole("rpc.chain_id")\n'},
                          "config/table.cpp: nothing reads rpc.chain_id")

    def test_alert_on_an_unknown_metric(self):
        self.assert_found(checks.metric_names,
                          {"docs/metrics.md": "| `quorate_a_seconds` | histogram | – | x |\n",
                           "config/prometheus-rules.yml": "quorate_a_seconds_bucket{} quorate_b_total"},
                          "config/prometheus-rules.yml: quorate_b_total is not in docs/metrics.md")

    def test_dashboard_is_fresh(self):
        sys.path.insert(0, str(ROOT / "scripts"))
        import dashboard
        self.assertEqual(json.loads((ROOT / "config/grafana-dashboard.json").read_text()), dashboard.dashboard())

    def test_dead_link(self):
        self.assert_found(checks.links, {"docs/a.md": "[a](b.md#x) [c](a.md)"},
                          "docs/a.md: link to b.md, which does not exist")


if __name__ == "__main__":
    unittest.main()
