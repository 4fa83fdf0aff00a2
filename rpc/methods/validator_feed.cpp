// SPDX-License-Identifier: MIT
#include "rpc/methods/validator_feed.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "chain/json.hpp"
#include "db/validators.hpp"
#include "rpc/methods/format/validator_format.hpp"

namespace quorate::rpc::methods {

namespace {

constexpr std::chrono::seconds reading_patience{10};
/// What waits while the database is away; beyond it, changes are not told.
constexpr std::size_t most_waiting = 10'000;

bool has_row(const db::change& what) {
  return what.what == db::change::kind::validator_created || what.what == db::change::kind::validator_updated;
}

}  // namespace

void validator_feed::changed(const db::change& what) {
  const std::lock_guard lock{mutex_};
  if (pool_ == nullptr || waiting_.size() >= most_waiting) return;
  waiting_.push_back(what);
  if (!reading_) next();
}

/// Under the mutex: takes all that waits.
void validator_feed::next() {
  if (waiting_.empty() || pool_ == nullptr) return;
  auto changes = std::exchange(waiting_, {});
  std::vector<std::int64_t> ids;
  for (const auto& one : changes)
    if (has_row(one)) ids.push_back(one.id);
  if (ids.empty()) return publish(changes, {});
  reading_ = true;
  using rows = std::vector<db::validator_row>;
  pool_->submit(actors::make_job<rows>(
      actors::work_class::background, actors::clock::now() + reading_patience, db::access::single_statement,
      "validator_feed", [ids = std::move(ids)](db::transaction& tx) { return db::validators::by_ids(tx, ids); },
      [self = shared_from_this(), changes = std::move(changes)](const result<rows>& read) {
        const std::lock_guard lock{self->mutex_};
        self->publish(changes, read.value_or(rows{}));
        self->reading_ = false;
        self->next();
      }));
}

void validator_feed::publish(const std::vector<db::change>& changes, const std::vector<db::validator_row>& rows) {
  for (const auto& one : changes) publish(one, rows);
}

void validator_feed::publish(const db::change& what, const std::vector<db::validator_row>& rows) {
  using kind = db::change::kind;
  if (what.what == kind::validators_deleted) return tell("all_validators_deleted", "{}");
  if (what.what == kind::validator_deleted)
    return tell("validator_deleted", chain::dump_json(chain::json{{"address", what.address}}));
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const db::validator_row& one) { return one.id == what.id; });
  if (!has_row(what) || row == rows.end()) return;
  tell(what.what == kind::validator_created ? "validator_created" : "validator_updated", format_validator(*row));
}

void validator_feed::tell(const char* name, std::string data) {
  if (events_ == nullptr) return;
  events_->publish(std::string{actors::broadcast_room}, {.name = name, .data = std::move(data), .bare = true});
}

void validator_feed::close() {
  const std::lock_guard lock{mutex_};
  pool_ = nullptr;
  events_ = nullptr;
  waiting_.clear();
}

}  // namespace quorate::rpc::methods
