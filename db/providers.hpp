// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/transaction.hpp"

/// The registry of language models (docs/spec/database.md §2.9, §4.2). What a row may say is checked by whoever writes
/// it; the key (provider, model, plugin) is unique.
namespace quorate::db {

/// Which model answers, and how it is reached. `config` and `plugin_config` are JSON text of objects.
struct llm_provider {
  std::string provider, model, plugin;
  std::string config, plugin_config;
  bool operator==(const llm_provider&) const = default;
};

struct llm_provider_row {
  std::int64_t id = 0;
  llm_provider what;
  bool is_default = false;
};

namespace providers {
result<std::vector<llm_provider_row>> all(transaction& tx);  // by id
/// The new row's id; it is no default. errc::duplicate: its key is there already.
result<std::int64_t> add(transaction& tx, const llm_provider& what);
/// False: unknown id. A row that was changed is nobody's default any more, so that sync() leaves it alone.
/// errc::duplicate: another row has its key.
result<bool> update(transaction& tx, std::int64_t id, const llm_provider& what);
/// False: unknown id.
result<bool> remove(transaction& tx, std::int64_t id);
/// Nothing but the defaults is left.
status reset(transaction& tx, const std::vector<llm_provider>& defaults);
/// At start: default rows become what `defaults` says; a row of somebody's own stays as it is, also when it has the key
/// of a default. Any number of processes may do so at once (A29). Writes nothing where nothing differs.
status sync(transaction& tx, const std::vector<llm_provider>& defaults);
}  // namespace providers

}  // namespace quorate::db
