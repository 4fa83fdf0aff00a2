// SPDX-License-Identifier: MIT
#include "rpc/methods/all.hpp"
#include "rpc/methods/format/pool_format.hpp"
#include "rpc/methods/pool_replies.hpp"
#include "rpc/methods/schema.hpp"

/// What the process shows of itself (docs/spec/json-rpc.md §12, decisions.md Q32).
namespace quorate::rpc::methods {

namespace {

std::string format(const actors::actor_figures& kind) {
  json_object out;
  out.text("name", kind.name).number("running", static_cast<std::int64_t>(kind.running));
  out.number("started", static_cast<std::int64_t>(kind.started));
  out.number("processed", static_cast<std::int64_t>(kind.processed));
  out.number("mailbox", static_cast<std::int64_t>(kind.mailbox));
  out.value("busy_seconds", kind.busy_seconds).value("max_seconds", kind.max_seconds);
  out.number("restarts", static_cast<std::int64_t>(kind.restarts)).text("last_error", kind.last_error);
  return out.str();
}

json actors_schema() {
  const auto integer = schema::integer();
  const json number{{"type", "number"}};
  return schema::array_of(schema::object({{"name", schema::text()},
                                          {"running", integer},
                                          {"started", integer},
                                          {"processed", integer},
                                          {"mailbox", integer},
                                          {"busy_seconds", number},
                                          {"max_seconds", number},
                                          {"restarts", integer},
                                          {"last_error", schema::text()}}));
}

}  // namespace

json pool_status_schema() {
  const auto integer = schema::integer();
  return schema::object({{"timestamp", schema::text("UTC, without offset")},
                         {"pool", schema::object({{"size", integer},
                                                  {"checked_out", integer},
                                                  {"overflow", integer},
                                                  {"max_allowed", integer},
                                                  {"total", integer},
                                                  {"idle", integer},
                                                  {"waiting", integer},
                                                  {"connecting", integer},
                                                  {"peak", integer},
                                                  {"breaker", schema::text()}})}});
}

void reply_pool_status(const services& with, actors::request_context& context) {
  with.pool.inspect([&context, resume = context.resumer(), now = with.now](actors::pool_snapshot pool) {
    resume([&context, now, pool = std::move(pool)] { context.reply(format_pool_status(pool, now())); });
  });
}

void add_dev(method_table& table, const services& with) {
  table.add(
      {.name = "dev_getPoolStatus",
       .summary = "The connection pool at this moment.",
       .params = {},
       .result_schema = pool_status_schema(),
       .gate = gate::hosted_only,
       .handler = steps{[with](const call&, actors::request_context& context) { reply_pool_status(with, context); }}});

  table.add({.name = "dev_getActors",
             .summary = "Every kind of actor: how many, messages, mailboxes, time in handlers, restarts, last error.",
             .params = {},
             .result_schema = actors_schema(),
             .gate = gate::hosted_only,
             .handler = immediate{[with](const call&) -> result<json_text> {
               std::vector<std::string> out;
               for (const auto& kind : with.telemetry()) out.push_back(format(kind));
               return json_array(out);
             }}});
}

}  // namespace quorate::rpc::methods
