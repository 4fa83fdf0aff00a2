// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

#include "db/pg_connector.hpp"
#include "db/schema.hpp"

namespace quorate::db {

/// What one connection shows of a server and its database; changes nothing.
struct sight {
  std::string server;  // "PostgreSQL 15.20 …"
  schema::state schema;
  std::string user;
  bool read_only = false;           // a standby, or set so
  bool may_create_tables = false;   // where Studio's tables are
  bool may_create_schemas = false;  // for `quorate`
  bool may_write_rows = false;      // of the tables that are there
  long connections_allowed = 0;     // for ordinary users
  long connections_used = 0;        // by anybody, now
};
result<sight> look(const connect_settings& settings, std::chrono::milliseconds timeout);

}  // namespace quorate::db
