// SPDX-License-Identifier: MIT
#pragma once

#include "chain/result.hpp"
#include "config/load.hpp"

/// What `quorate <command>` does. Each returns the process's exit status: 0 done, 1 failed (said on stderr), 2 wrong
/// use.
namespace quorate::app {

/// `given` is what the settings were loaded from; SIGHUP loads them from there again.
int serve_command(const config::command_line& given, const config::values& settings);
struct migrate_options {
  bool upgrade = false;  // move a database of August 2025 forward; without it, only look
};
int migrate_command(const config::values& settings, const migrate_options& options);
int config_command(const config::values& settings, bool json);
int status_command(const config::values& settings, bool json);
struct top_options {
  double interval_s = 1.0;
  int turns = 0;  // 0: until q or Ctrl-C
};
int top_command(const config::values& settings, const top_options& options);
int doctor_command(const config::values& settings);

/// `http://127.0.0.1:4000`, `http://[::1]:4000`.
std::string url_of(const std::string& host, int port);

/// Writes `quorate: <message>` (and the details, indented) on stderr; returns 1.
int report_failure(const error& e);

}  // namespace quorate::app
