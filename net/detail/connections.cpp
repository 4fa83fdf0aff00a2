// SPDX-License-Identifier: MIT
#include "net/detail/connections.hpp"

#include <utility>

namespace quorate::net::detail {

std::optional<refused> connections::refusal(const std::string& peer) const {
  if (open_.size() >= most_) return refused::connections;
  const auto found = per_address_.find(peer);
  if (found != per_address_.end() && found->second >= most_per_address_) return refused::connections_per_address;
  return {};
}

void connections::add(std::shared_ptr<connection> s) {
  per_address_[s->peer_text()] += 1;
  s->table_index = open_.size();
  open_.push_back(std::move(s));
}

void connections::remove(connection& s) {
  const auto found = per_address_.find(s.peer_text());
  if (--found->second == 0) per_address_.erase(found);
  const auto index = s.table_index;
  const auto keep_alive = std::move(open_[index]);  // `s` may have no other owner
  if (index + 1 != open_.size()) {
    open_[index] = std::move(open_.back());
    open_[index]->table_index = index;
  }
  open_.pop_back();
  if (open_.empty() && on_empty) on_empty();
}

void connections::replace(connection& s, std::shared_ptr<connection> next) {
  next->table_index = s.table_index;
  open_[s.table_index] = std::move(next);
}

/// From the back, because a connection that removes itself is replaced by the last one, which was visited before.
template <class Action>
void connections::for_each(Action action) {
  for (auto i = open_.size(); i > 0; --i) {
    if (i > open_.size()) continue;
    const auto s = open_[i - 1];
    action(*s);
  }
}

void connections::sweep(time_point now) {
  for_each([now](connection& s) { s.sweep(now); });
}

void connections::drain() {
  for_each([](connection& s) { s.drain(); });
}

void connections::close_all() {
  for_each([](connection& s) { s.close(); });
}

}  // namespace quorate::net::detail
