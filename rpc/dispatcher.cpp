// SPDX-License-Identifier: MIT
#include "rpc/dispatcher.hpp"

#include <atomic>
#include <charconv>

#include "chain/log.hpp"
#include "rpc/detail/conversation.hpp"
#include "rpc/detail/core.hpp"
#include "rpc/detail/exchange.hpp"
#include "rpc/detail/get_exchange.hpp"
#include "rpc/envelope.hpp"

namespace quorate::rpc {

struct dispatcher::impl {
  explicit impl(parts p)
      : core{new detail::core{p.methods,
                              std::move(p.settings),
                              p.reads,
                              p.front,
                              std::move(p.now),
                              {},
                              {nullptr, p.metrics, "unknown"},
                              p.events}},
        routes{std::move(p.routes)},
        prefix{std::move(p.request_id_prefix)} {
    for (const auto& [name, declared] : core->table.all()) core->methods.try_emplace(name, &declared, p.metrics, name);
  }

  std::string next_request_id() {
    char digits[16];
    const auto number = counter.fetch_add(1, std::memory_order_relaxed);
    const auto end = std::to_chars(digits, digits + sizeof digits, number, 16).ptr;
    std::string id = prefix;
    if (!id.empty()) id += '-';
    return id.append(digits, end);
  }

  std::shared_ptr<detail::core> core;
  get_routes routes;
  std::string prefix;
  std::atomic<std::uint64_t> counter{1};
};

dispatcher::dispatcher(parts p) : impl_{std::make_unique<impl>(std::move(p))} {}
dispatcher::~dispatcher() = default;

endpoint::started dispatcher::post(std::string body, caller who, done_function done) {
  if (who.request_id.empty()) who.request_id = impl_->next_request_id();
  detail::core& core = *impl_->core;
  auto request = read_request(body, core.settings.json, core.settings.batch_limit);
  if (!request) {
    const error& e = request.error();
    core.unknown.metrics.count(outcome::refused, {});
    log::event(log::level::debug, "rpc", "request refused",
               {{"reason", e.message}, {"detail", e.detail}, {"request_id", who.request_id}});
    reply refusal;
    refusal.status = 400;
    append_error(refusal.body, e, "null", who.request_id);
    return {std::move(refusal), nullptr};
  }
  auto running = std::make_shared<detail::exchange>(impl_->core, std::move(who), std::move(*request), std::move(done));
  if (auto answer = running->run()) return {std::move(answer), nullptr};
  return {std::nullopt, std::move(running)};
}

endpoint::started dispatcher::get(std::string_view path, done_function done) {
  const auto route = impl_->routes.find(path.substr(0, path.find('?')));
  if (route != impl_->routes.end()) {
    auto question = std::make_shared<detail::get_exchange>(std::move(done));
    if (auto answer = question->run(route->second)) return {std::move(answer), nullptr};
    return {std::nullopt, std::move(question)};
  }
  reply unknown;
  unknown.status = 404;
  unknown.body = R"({"detail":"Not Found"})";
  return {std::move(unknown), nullptr};
}

std::shared_ptr<conversation> dispatcher::converse(caller who, std::shared_ptr<voice> to) {
  auto begun = std::make_shared<detail::socket_conversation>(*this, impl_->core, std::move(who), std::move(to));
  begun->greet();
  return begun;
}

}  // namespace quorate::rpc
