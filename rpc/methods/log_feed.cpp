// SPDX-License-Identifier: MIT
#include "rpc/methods/log_feed.hpp"

#include "rpc/methods/format/receipt_format.hpp"

namespace quorate::rpc::methods {

namespace {

constexpr std::chrono::seconds patience{10};

}  // namespace

void log_feed::stored(const std::string& hash) {
  const std::lock_guard lock{mutex_};
  if (reads_ == nullptr) return;
  reads_->read({db::read_kind::receipt, hash, actors::clock::now() + patience,
                [self = shared_from_this()](const result<db::read_value>& value) {
                  if (value) self->publish(*value);
                }});
}

void log_feed::publish(const db::read_value& value) {
  const auto* row = std::get_if<std::shared_ptr<const db::transaction_row>>(&value);
  if (row == nullptr || *row == nullptr) return;
  auto keys = log_keys(**row);
  actors::log_keys by{std::move(keys.front()), {}};
  by.topics.assign(std::make_move_iterator(keys.begin() + 1), std::make_move_iterator(keys.end()));
  const std::lock_guard lock{mutex_};
  if (events_ != nullptr) events_->publish(actors::feed::logs, format_log(**row), by);
}

void log_feed::close() {
  const std::lock_guard lock{mutex_};
  reads_ = nullptr;
  events_ = nullptr;
}

}  // namespace quorate::rpc::methods
