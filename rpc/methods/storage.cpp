// SPDX-License-Identifier: MIT
#include "db/admin.hpp"
#include "rpc/methods/after_commit.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/schema.hpp"

/// Clearing tables and keeping copies of the state (docs/spec/json-rpc.md §7.1, decisions.md Q29, Q30).
namespace quorate::rpc::methods {

namespace {

db::unit_of_work<json_text> clear(std::vector<std::string> tables) {
  return [tables = std::move(tables)](db::transaction& tx) -> result<json_text> {
    if (auto done = db::clear_tables(tx, tables); !done) return tl::unexpected{std::move(done.error())};
    return "null";
  };
}

/// A handler without parameters over one writing unit of work.
unit writes(db::unit_of_work<json_text> work) {
  return {db::access::read_write,
          [work = std::move(work)](const call&) -> result<db::unit_of_work<json_text>> { return work; }};
}

result<json_text> create_snapshot(db::transaction& tx) {
  return db::snapshots::create(tx).map([](std::int64_t id) { return std::to_string(id); });
}

result<json_text> remove_snapshots(db::transaction& tx) {
  return db::snapshots::remove_all(tx).map(
      [](std::int64_t count) { return R"({"deleted_count":)" + std::to_string(count) + '}'; });
}

}  // namespace

void add_storage(method_table& table, const services& with) {
  table.add({.name = "sim_clearDbTables",
             .summary = "Deletes all rows of each named table, in order, in one transaction.",
             .params = {{.name = "tables", .type = param_type::strings, .help = "Names of Studio's tables."}},
             .result_schema = schema::null(),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = unit{db::access::read_write, [](const call& c) -> result<db::unit_of_work<json_text>> {
                               return clear(c.params[0].get<std::vector<std::string>>());
                             }}});

  table.add({.name = "sim_createSnapshot",
             .summary = "Copies all state and transactions; returns the copy's id.",
             .params = {},
             .result_schema = schema::integer(),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = writes(create_snapshot)});

  const auto restore = [with](const call& c, actors::request_context& context) {
    const auto id = c.params[0].get<std::int64_t>();
    reply_after_commit(
        context,
        [id](db::transaction& tx) {
          return db::snapshots::restore(tx, id).map([](bool known) -> json_text { return known ? "true" : "false"; });
        },
        with.wake_loops);
  };
  table.add({.name = "sim_restoreSnapshot",
             .summary = "Puts state and transactions back to the copy; false for an unknown id.",
             .params = {{.name = "snapshot_id", .type = param_type::integer, .help = "From sim_createSnapshot."}},
             .result_schema = schema::boolean(),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = steps{restore}});

  table.add({.name = "sim_deleteAllSnapshots",
             .summary = "Deletes every copy.",
             .params = {},
             .result_schema = schema::object({{"deleted_count", schema::integer()}}),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = writes(remove_snapshots)});
}

}  // namespace quorate::rpc::methods
