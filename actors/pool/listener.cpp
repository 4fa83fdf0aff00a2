// SPDX-License-Identifier: MIT
#include "actors/pool/listener.hpp"

#include <algorithm>

#include "chain/log.hpp"

namespace quorate::actors::pooling {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_at_mailbox{1000};
constexpr milliseconds longest_pause{1000};
constexpr milliseconds first_pause{50};

}  // namespace

listener::listener(caf::event_based_actor* self, parts_ptr shared, std::vector<subscription> subscriptions)
    : self_{self}, parts_{std::move(shared)}, subscriptions_{std::move(subscriptions)} {}

listener::~listener() { parts_->listening = false; }

caf::behavior listener::make_behavior() {
  send(self_, caf::actor_cast<caf::actor>(self_), listen_again{});
  return {
      [this](const listen_again&) {
        if (connection_)
          wait();
        else
          connect();
      },
  };
}

void listener::connect() {
  auto made = parts_->connector->listen(parts_->settings().connect_timeout);
  if (!made) {
    if (failures_++ == 0)
      log::event(log::level::warning, "listener", "connect failed", {{"error", made.error().detail}});
    const auto widest =
        std::min(longest_pause, first_pause * (std::int64_t{1} << std::min<std::size_t>(failures_, 10)));
    const auto pause = 1 + static_cast<std::int64_t>(static_cast<double>(widest.count()) * parts_->random());
    return send_later(self_, milliseconds{pause}, listen_again{});
  }
  if (std::exchange(failures_, 0) > 0) log::event(log::level::info, "listener", "listening again");
  connection_ = std::move(*made);
  parts_->listening = true;
  for (const auto& s : subscriptions_) s.hear({s.channel, {}});
  send(self_, caf::actor_cast<caf::actor>(self_), listen_again{});
}

void listener::wait() {
  auto heard = connection_->wait(look_at_mailbox);
  if (heard) {
    for (const auto& n : *heard) deliver(n);
  } else {
    log::event(log::level::warning, "listener", "connection lost", {{"error", heard.error().detail}});
    connection_.reset();
    parts_->listening = false;
  }
  send(self_, caf::actor_cast<caf::actor>(self_), listen_again{});
}

void listener::deliver(const db::notification& n) const {
  for (const auto& s : subscriptions_)
    if (s.channel == n.channel) s.hear(n);
}

caf::actor spawn_listener(caf::actor_system& system, const parts_ptr& shared, std::vector<subscription> subscriptions) {
  return spawn_state<listener>(system, shared->options(listener::name, true), shared, std::move(subscriptions));
}

}  // namespace quorate::actors::pooling
