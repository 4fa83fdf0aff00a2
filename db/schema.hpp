// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "db/session.hpp"
#include "db/transaction.hpp"

/// What a database holds, and what may be done about it (docs/spec/database.md §1.1): an empty one is filled, one of
/// Studio's head revision is opened as it is, one of the seed revision is moved forward when somebody asks for it,
/// everything else is refused. Upstream's tables stay exactly as upstream's migrations make them; Quorate's own live in
/// the PostgreSQL schema `quorate`.
namespace quorate::db::schema {

inline constexpr std::string_view head_revision = "a7b8c9d0e1f2";  // June 2026
inline constexpr std::string_view seed_revision = "a221e802477c";  // 30 August 2025

enum class content {
  empty,    // no table at all
  head,     // ready to be opened
  seed,     // can be moved forward
  unknown,  // another revision of Studio's
  foreign,  // tables, but not Studio's: no alembic_version
};
struct state {
  content holds = content::empty;
  std::string revision;  // of head, seed and unknown
  int own_version = 0;   // of the schema `quorate`; 0: not there
};
/// What is in there now. Changes nothing.
result<state> inspect(transaction& tx);

/// Upstream's schema on an empty database; upstream's seed → head; `quorate` where it is missing or old. Each is one
/// transaction's work, to be run where inspect() said that it fits.
status create(transaction& tx);
status upgrade_seed(transaction& tx);
status create_own(transaction& tx);
/// What upgrade_seed would do: its statements that change something, one line each.
std::vector<std::string> upgrade_statements();

enum class permission {
  open,     // head only (`quorate` may still be added)
  create,   // also fill an empty database: what `serve` does
  upgrade,  // also move the seed revision forward: what `migrate --upgrade` does. Stop every writer first.
};
struct report {
  state before;
  bool created = false, upgraded = false, own_created = false;
};
/// Makes the database ready, in one transaction. Any number of processes may do so at once: an advisory lock lets one
/// work and shows the others the result. errc::application with a message for the operator when the database is
/// refused.
result<report> prepare(session& on, permission allowed, std::chrono::milliseconds limit = std::chrono::minutes{1});

}  // namespace quorate::db::schema
