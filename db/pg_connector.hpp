// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "db/session.hpp"

namespace quorate::db {

/// How to reach PostgreSQL and what every connection starts with. The session settings are start-up options, so they
/// hold from the first statement on (docs/spec/database.md §5.3).
struct connect_settings {
  /// postgresql://user:password@host1:5432,host2:5432/name?target_session_attrs=read-write, or key=value pairs. What it
  /// does not say comes from libpq's environment and defaults. Its own `options` come last and so win.
  std::string url;
  std::string application_name = "quorate";
  std::chrono::milliseconds statement_timeout{30'000};
  std::chrono::milliseconds lock_timeout{10'000};
  std::chrono::milliseconds idle_in_transaction_timeout{60'000};
  /// TCP only: how long sent data may stay unacknowledged, and when and how often a silent peer is probed.
  std::chrono::milliseconds tcp_user_timeout{15'000};
  std::chrono::seconds keepalives_idle{30}, keepalives_interval{5};
  int keepalives_count = 3;
};

/// The connector over libpq and libpqxx. errc::invalid_params when the URL cannot be parsed (its text, which may hold a
/// password, is never repeated). Connects nothing yet.
result<std::unique_ptr<connector>> make_pg_connector(const connect_settings& settings);

}  // namespace quorate::db
