// SPDX-License-Identifier: MIT
#include "net/detail/connections.hpp"

#include <utility>

#include "net/detail/session.hpp"

namespace quorate::net::detail {

std::optional<refused> connections::refusal(const std::string& peer) const {
  if (sessions_.size() >= most_) return refused::connections;
  const auto found = per_address_.find(peer);
  if (found != per_address_.end() && found->second >= most_per_address_) return refused::connections_per_address;
  return {};
}

void connections::add(std::shared_ptr<session> s) {
  per_address_[s->peer_text()] += 1;
  s->table_index = sessions_.size();
  sessions_.push_back(std::move(s));
}

void connections::remove(session& s) {
  const auto found = per_address_.find(s.peer_text());
  if (--found->second == 0) per_address_.erase(found);
  const auto index = s.table_index;
  const auto keep_alive = std::move(sessions_[index]);  // `s` may have no other owner
  if (index + 1 != sessions_.size()) {
    sessions_[index] = std::move(sessions_.back());
    sessions_[index]->table_index = index;
  }
  sessions_.pop_back();
  if (sessions_.empty() && on_empty) on_empty();
}

/// From the back, because a session that removes itself is replaced by the last one, which was visited before.
template <class Action>
void connections::for_each(Action action) {
  for (auto i = sessions_.size(); i > 0; --i) {
    if (i > sessions_.size()) continue;
    const auto s = sessions_[i - 1];
    action(*s);
  }
}

void connections::sweep(time_point now) {
  for_each([now](session& s) { s.sweep(now); });
}

void connections::drain() {
  for_each([](session& s) { s.drain(); });
}

void connections::close_all() {
  for_each([](session& s) { s.close(); });
}

}  // namespace quorate::net::detail
