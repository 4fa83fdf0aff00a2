// SPDX-License-Identifier: MIT
#include "engine/python/manager/run_table.hpp"

namespace quorate::engine::python {

result<std::uint64_t> run_table::start(manager_request request) {
  if (!services_.zygote.is_ready()) return fail(errc::server_busy, "The engine is starting");
  if (running_ >= most_running) return fail(errc::server_busy, "Too many contracts run at once");
  const std::uint64_t id = next_++;
  auto made = std::make_shared<run>(services_, std::move(request), [this, id] {
    --running_;
    ended_.push_back(id);
    forget_old();
  });
  ++running_;
  runs_.emplace(id, made);
  made->start();
  return id;
}

const run* run_table::find(std::uint64_t id) const {
  const auto found = runs_.find(id);
  return found == runs_.end() ? nullptr : found->second.get();
}

bool run_table::remove(std::uint64_t id) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) return false;
  const auto gone = std::move(found->second);
  runs_.erase(found);
  gone->stop();
  return true;
}

void run_table::forget_old() {
  while (ended_.size() > most_ended) {
    runs_.erase(ended_.front());
    ended_.pop_front();
  }
}

void run_table::stop_all() {
  for (const auto& [id, each] : runs_) each->stop();
}

}  // namespace quorate::engine::python
