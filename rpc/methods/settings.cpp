// SPDX-License-Identifier: MIT
#include <limits>

#include "db/admin.hpp"
#include "rpc/methods/after_commit.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/schema.hpp"

/// The appeal window, kept in the database for every process (docs/spec/json-rpc.md §7.3, decisions.md Q21).
namespace quorate::rpc::methods {

namespace {

db::unit_of_work<json_text> store(std::int64_t seconds) {
  return [seconds](db::transaction& tx) -> result<json_text> {
    if (auto done = db::finality_window::set(tx, seconds); !done) return tl::unexpected{std::move(done.error())};
    return "null";
  };
}

}  // namespace

void add_settings(method_table& table, const services& with) {
  const auto set = [with](const call& c, actors::request_context& context) {
    const auto seconds = c.params[0].get<std::int64_t>();
    if (seconds < 0 || seconds > std::numeric_limits<std::int32_t>::max())
      return context.reply(fail(errc::invalid_params, "seconds must be from 0 to 2147483647"));
    reply_after_commit(context, store(seconds), [with, seconds] {
      with.finality_window_changed(seconds);
      with.wake_loops();
    });
  };
  table.add({.name = "sim_setFinalityWindowTime",
             .summary = "Sets how long a transaction can be appealed; every process follows at once.",
             .params = {{.name = "seconds", .type = param_type::integer, .help = "0 or more."}},
             .result_schema = schema::null(),
             .gate = gate::admin,
             .handler = steps{set}});

  // Read where it is stored: another process may have set it a moment ago.
  table.add({.name = "sim_getFinalityWindowTime",
             .summary = "How long a transaction can be appealed, seconds.",
             .params = {},
             .result_schema = schema::integer(),
             .handler = unit{db::access::single_statement, [with](const call&) -> result<db::unit_of_work<json_text>> {
                               return [with](db::transaction& tx) {
                                 return db::finality_window::get(tx).map([&](std::optional<std::int64_t> stored) {
                                   return std::to_string(stored ? *stored : with.finality_window());
                                 });
                               };
                             }}});
}

}  // namespace quorate::rpc::methods
