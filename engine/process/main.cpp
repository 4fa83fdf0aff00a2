// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <cstdio>

#include "engine/python/manager/manager.hpp"

/// `quorate-engine`: runs contracts for Quorate, or for whoever speaks the GenVM manager's API (engine/README.md).
int main(int count, char** words) {
  using namespace quorate::engine::python;

  CLI::App app{"Runs intelligent contracts"};
  manager_options options;
  app.set_version_flag("--version", QUORATE_VERSION);
  app.add_option("--listen", options.listen, "127.0.0.1:3999 or unix:/path")->capture_default_str();
  app.add_flag("--die-with-parent", options.die_with_parent, "End when the process that started it ends");
  app.add_flag("--allow-without-seccomp", options.allow_without_seccomp,
               "Run contracts although the kernel cannot filter their system calls");
  app.add_option("--webdriver", options.webdriver, "A service whose /render shows web pages, instead of Chromium");
  bool probe = false;
  app.add_flag("--probe", probe, "Say what contracts would be confined by, and end");
  CLI11_PARSE(app, count, words);
  if (probe) return probe_confinement(options);
  return run_manager(options);
}
