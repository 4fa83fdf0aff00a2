// SPDX-License-Identifier: MIT
#include <algorithm>

#include "rpc/methods/all.hpp"
#include "rpc/methods/pool_limits.hpp"
#include "rpc/methods/pool_replies.hpp"

/// Changing the pool while it runs (docs/design.md §3). Each method answers with the figures it left behind.
namespace quorate::rpc::methods {

namespace {

using start_function = std::function<void(const call&, actors::request_context&)>;

void add(method_table& table, std::string name, std::string summary, std::vector<param> params, start_function start) {
  table.add({.name = std::move(name),
             .summary = std::move(summary),
             .params = std::move(params),
             .result_schema = pool_status_schema(),
             .gate = gate::admin,
             .level = log_level::info,
             .handler = steps{std::move(start)}});
}

void set_limits(const services& with, limit_changes changes, actors::request_context& context) {
  auto resume = context.resumer();
  const auto change = [changes = std::move(changes)](const actors::pool_settings& now) { return changes.apply(now); };
  with.pool.adjust(change, [&context, with, resume](const status& done) {
    resume([&context, with, done] {
      if (!done) return context.reply(tl::unexpected{done.error()});
      reply_pool_status(with, context);
    });
  });
}

/// `seconds`, but early enough that the call itself can still be answered.
actors::time_point drain_deadline(std::int64_t seconds, const actors::request_context& context) {
  const auto wanted = actors::clock::now() + std::chrono::seconds{seconds};
  return std::min<actors::time_point>(wanted, context.deadline() - std::chrono::seconds{1});
}

}  // namespace

void add_pool_control(method_table& table, const services& with) {
  add(table, "dev_setPoolLimits", "Changes the named limits at once; whatever is not named stays as it is.",
      limit_params(), [with](const call& c, actors::request_context& context) {
        auto changes = limit_changes::from(c.params);
        if (!changes) return context.reply(tl::unexpected{std::move(changes.error())});
        set_limits(with, std::move(*changes), context);
      });

  add(table, "dev_pausePool", "Running work finishes, waiting work waits, nothing new starts.", {},
      [with](const call&, actors::request_context& context) {
        with.pool.pause();
        reply_pool_status(with, context);
      });
  add(table, "dev_resumePool", "Ends a pause or a drain.", {}, [with](const call&, actors::request_context& context) {
    with.pool.resume();
    reply_pool_status(with, context);
  });
  add(table, "dev_evictPool", "Replaces every connection: idle ones now, leased ones when they come back.", {},
      [with](const call&, actors::request_context& context) {
        with.pool.evict();
        reply_pool_status(with, context);
      });
  add(table, "dev_drainPool",
      "Refuses new work, lets the rest finish and closes every connection, until dev_resumePool.",
      {{.name = "seconds",
        .type = param_type::integer,
        .required = false,
        .fallback = 30,
        .help = "Work that still runs then is cancelled."}},
      [with](const call& c, actors::request_context& context) {
        const auto seconds = c.params[0].is_null() ? 30 : c.params[0].get<std::int64_t>();
        if (seconds < 0 || seconds > 3600)
          return context.reply(fail(errc::invalid_params, "seconds must be from 0 to 3600"));
        with.pool.drain(drain_deadline(seconds, context), [&context, with, resume = context.resumer()] {
          resume([&context, with] { reply_pool_status(with, context); });
        });
      });
}

}  // namespace quorate::rpc::methods
