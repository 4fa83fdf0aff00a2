// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/time.hpp"
#include "db/transaction.hpp"

namespace quorate::actors {

/// Who asks for the connection (docs/design.md §3): strict FIFO inside a class, request before consensus before
/// background, with a reserved share and ageing so that none starves.
enum class work_class : std::uint8_t { request, consensus, background };
inline constexpr std::size_t work_classes = 3;

/// One unit of work on its way through the pool, type-erased. Answered exactly once whatever happens: by the connection
/// that ran it, by the pool (deadline, breaker, cancel, shutdown), or by its own destructor.
class job {
 public:
  using body_function = std::function<status(db::transaction&)>;
  /// Called once, from any thread; must not block: send a message or post to a loop.
  using done_function = std::function<void(status)>;

  job(work_class cls, time_point deadline, db::access access, std::string label, body_function body, done_function done)
      : cls{cls},
        deadline{deadline},
        access{access},
        label{std::move(label)},
        body{std::move(body)},
        done_{std::move(done)} {}
  ~job() {
    finish(fail(errc::database_unavailable, "Database unavailable", R"({"retry_after_s":1})",
                "job '" + label + "' was dropped with the actor that held it"));
  }
  job(const job&) = delete;
  job& operator=(const job&) = delete;

  /// The first caller answers, later ones are ignored (returns false).
  bool finish(status value) {
    if (answered_.exchange(true)) return false;
    auto done = std::move(done_);
    done_ = nullptr;
    if (done) done(std::move(value));
    return true;
  }
  bool answered() const noexcept { return answered_.load(); }

  /// How far the connection got with it; set by the connection alone. A cancel goes to the server only while `running`.
  /// Sequentially consistent with `answered`: whoever cancels after answering sees `running`, or the connection sees
  /// that it is answered before it begins.
  enum class phase : std::uint8_t { waiting, running, over };
  phase progress() const noexcept { return progress_.load(); }
  void progress(phase p) noexcept { progress_.store(p); }

  const work_class cls;
  const time_point
      deadline;  // covers queueing, connecting, validating and the query; pool_settings::timeout may be less
  const db::access access;
  const std::string label;  // the method or loop, for logs, metrics and the error's "oldest holder"
  const body_function body;
  std::uint64_t ticket = 0;  // the pool supervisor's own mark; nobody else reads or writes it

 private:
  done_function done_;
  std::atomic<bool> answered_{false};
  std::atomic<phase> progress_{phase::waiting};
};

using job_ptr = std::shared_ptr<job>;

/// Wraps a typed unit of work; `done` receives its value or error.
template <class T>
job_ptr make_job(work_class cls, time_point deadline, db::access access, std::string label, db::unit_of_work<T> work,
                 std::function<void(result<T>)> done) {
  auto slot = std::make_shared<std::optional<T>>();
  return std::make_shared<job>(
      cls, deadline, access, std::move(label),
      [slot, work = std::move(work)](db::transaction& tx) -> status {
        slot->reset();
        auto value = work(tx);
        if (!value) return tl::unexpected{std::move(value.error())};
        slot->emplace(std::move(*value));
        return {};
      },
      [slot, done = std::move(done)](status s) {
        if (s)
          done(std::move(**slot));
        else
          done(tl::unexpected{std::move(s.error())});
      });
}

}  // namespace quorate::actors
