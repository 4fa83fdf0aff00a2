// SPDX-License-Identifier: MIT
#include "tests/common/fake_pool.hpp"

#include <stdexcept>

namespace quorate::tests {

void fake_pool::submit(actors::job_ptr work) {
  ++submitted_;
  waiting_.push_back(std::move(work));
  if (at_once_) run_one();
}

void fake_pool::cancel(actors::job_ptr work) {
  ++cancelled_;
  std::erase(waiting_, work);
  work->finish(fail(errc::cancelled, "Cancelled"));
}

void fake_pool::inspect(std::function<void(actors::pool_snapshot)> done) { done(figures); }
void fake_pool::configure(actors::pool_settings, std::function<void(status)> done) { done({}); }
void fake_pool::adjust(std::function<result<actors::pool_settings>(actors::pool_settings)>,
                       std::function<void(status)> done) {
  done({});
}
void fake_pool::drain(actors::time_point, std::function<void()> done) { done(); }

std::vector<std::string> fake_pool::labels() const {
  std::vector<std::string> out;
  for (const auto& one : waiting_) out.push_back(one->label);
  return out;
}

actors::job_ptr fake_pool::take() {
  if (waiting_.empty()) throw std::logic_error("no job waits");
  auto one = std::move(waiting_.front());
  waiting_.pop_front();
  return one;
}

void fake_pool::run_one() {
  const auto one = take();
  db::transaction nothing{nullptr};
  try {
    one->finish(one->body(nothing));
  } catch (const std::exception& e) {
    one->finish(fail(errc::internal, "Internal error", {}, e.what()));
  }
}

void fake_pool::run_all() {
  while (!waiting_.empty()) run_one();
}

void fake_pool::refuse_one(status with) { take()->finish(std::move(with)); }
void fake_pool::lose_one() { take(); }

}  // namespace quorate::tests
