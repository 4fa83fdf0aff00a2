// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "engine/modules/answer.hpp"
#include "engine/modules/transport.hpp"

namespace quorate::engine::modules {

/// One request of a run: exchanges, one after the other, and then an answer. On the transport's thread only. Callbacks
/// of its exchanges hold it, so it lives until it has ended.
class job : public std::enable_shared_from_this<job> {
 public:
  job(transport& by, std::function<void(answer)> done) : by_{by}, done_{std::move(done)} {}

  /// At most one at a time. The callback does not come when the job has been cancelled.
  void fetch(transport::exchange what, transport::callback next);
  /// Something else than an exchange is under way, which `stop` ends; nothing is fetched meanwhile.
  void wait_for(std::function<void()> stop) { stop_ = std::move(stop); }
  /// What was waited for has come; `next` runs unless the job has been cancelled.
  void go_on(const std::function<void()>& next);
  /// The first answer counts.
  void finish(answer with);
  void finish(const module_error& with) { finish(make_answer(with)); }
  /// Runs a step of the job; what it throws ends the job, with INTERNAL_ERROR, which is fatal.
  void guarded(const std::function<void()>& step);
  /// Neither callbacks nor the answer come any more; what runs is broken off.
  void cancel();

 private:
  transport& by_;
  std::function<void(answer)> done_;
  std::optional<transport::id> running_;
  std::function<void()> stop_{};
};

using job_ptr = std::shared_ptr<job>;

}  // namespace quorate::engine::modules
