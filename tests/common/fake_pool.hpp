// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "actors/pool/pool.hpp"

namespace quorate::tests {

/// A pool without connections: jobs wait until the test says what becomes of each. Bodies run against a null
/// transaction, so they must not touch the database. One thread.
class fake_pool final : public actors::pool {
 public:
  void submit(actors::job_ptr work) override;
  void cancel(actors::job_ptr work) override;
  void inspect(std::function<void(actors::pool_snapshot)> done) override;
  void configure(actors::pool_settings settings, std::function<void(status)> done) override;
  void adjust(std::function<result<actors::pool_settings>(actors::pool_settings)> change,
              std::function<void(status)> done) override;
  void pause() override {}
  void resume() override {}
  void drain(actors::time_point deadline, std::function<void()> done) override;
  void evict() override {}

  actors::pool_snapshot figures;  // what inspect() tells
  /// Jobs that wait, oldest first.
  std::size_t waiting() const { return waiting_.size(); }
  const actors::job& front() const { return *waiting_.front(); }
  /// Labels of the jobs that wait, in order.
  std::vector<std::string> labels() const;
  /// The oldest job runs, and commits or rolls back; its answer is what its body returned.
  void run_one();
  /// The same for every job that waits now or is submitted meanwhile.
  void run_all();
  /// The oldest job is answered without being run.
  void refuse_one(status with);
  /// The oldest job is lost with the actor that held it.
  void lose_one();
  /// The oldest job, for the test to do with as it likes.
  actors::job_ptr take();
  std::size_t submitted() const { return submitted_; }
  std::size_t cancelled() const { return cancelled_; }
  /// From now on a job runs inside submit().
  void run_at_once(bool yes) { at_once_ = yes; }

 private:
  std::deque<actors::job_ptr> waiting_;
  std::size_t submitted_ = 0, cancelled_ = 0;
  bool at_once_ = false;
};

}  // namespace quorate::tests
