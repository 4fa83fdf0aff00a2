// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <thread>
#include <utility>

#include "db/detail/cancel_fence.hpp"
#include "db/detail/errors.hpp"
#include "db/detail/pg_session.hpp"
#include "db/detail/pqxx_compat.hpp"

namespace quorate::db::detail {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int max_attempts = 4;  // the first and three repetitions

/// The socket's second name: usable by another thread whatever libpq does with its own.
class socket_twin {
 public:
  explicit socket_twin(int socket) noexcept : fd_{::fcntl(socket, F_DUPFD_CLOEXEC, 0)} {}
  socket_twin(const socket_twin&) = delete;
  socket_twin& operator=(const socket_twin&) = delete;
  ~socket_twin() {
    if (fd_ >= 0) ::close(fd_);
  }
  void shut_down() const noexcept {
    if (fd_ >= 0) ::shutdown(fd_, SHUT_RDWR);
  }

 private:
  int fd_;
};

class pg_session final : public session {
 public:
  pg_session(pq_ptr<PGconn> raw, milliseconds statement_timeout)
      : raw_{std::move(raw)},
        lent_{raw_.get()},
        fence_{pq_ptr<PGcancel>{PQgetCancel(raw_.get())}},
        twin_{PQsocket(raw_.get())},
        pid_{PQbackendPID(raw_.get())},
        statement_timeout_{statement_timeout},
        // Sessions of one server differ in their backend, so they do not retry in step.
        jitter_{static_cast<std::minstd_rand::result_type>(pid_)} {}

  outcome run(const run_options& options, const std::function<status(transaction&)>& work) override {
    fence_.open_run();
    outcome result;
    try {
      result = run_attempts(options, work);
    } catch (...) {
      // Out of memory, outside the unit of work: nobody knows what was sent.
      result = from(in_doubt("an exception while ending the transaction"));
    }
    fence_.close_run();
    return result;
  }

  bool ping(milliseconds timeout) override {
    switch (look(PQsocket(raw_.get()))) {
      case line_state::closed: return false;
      case line_state::quiet:
      case line_state::talking: break;
    }
    return select_one(clock::now() + timeout);
  }

  bool cancel(milliseconds patience) noexcept override { return fence_.cancel(patience); }
  void abort() noexcept override {
    twin_.shut_down();
    fence_.give_up();
  }
  int backend_pid() const override { return pid_; }

 private:
  outcome run_attempts(const run_options& options, const std::function<status(transaction&)>& work) {
    const auto deadline = clock::now() + options.statement_timeout;
    for (int attempt = 1;; ++attempt) {
      if (gave_up(options)) return {fail(errc::cancelled, "Cancelled")};
      const auto left = std::max(milliseconds{1}, std::chrono::ceil<milliseconds>(deadline - clock::now()));
      auto result = run_once(options, left, work);
      const bool again = !result.value && result.value.error().code == errc::conflict && !result.broken;
      const auto pause = milliseconds{5 << attempt} * std::uniform_real_distribution{0.5, 1.5}(jitter_);
      if (!again || attempt == max_attempts || clock::now() + pause >= deadline) return result;
      std::this_thread::sleep_for(pause);
    }
  }

  bool gave_up(const run_options& options) const {
    return fence_.cancelled() || (options.abandoned && options.abandoned());
  }

  outcome run_once(const run_options& options, milliseconds left, const std::function<status(transaction&)>& work) {
    fence_.open_attempt();
    auto result = work_inside(options, left, work);
    fence_.close_attempt();
    if (fence_.spoilt()) {
      // A cancel request still on its way could hit the COMMIT. The transaction ends with the connection instead.
      if (result.value && options.mode != access::single_statement) result.value = fail(errc::cancelled, "Cancelled");
      result.broken = true;
      return result;
    }
    if (options.mode != access::single_statement && PQstatus(raw_.get()) == CONNECTION_OK) {
      if (result.value && gave_up(options)) result.value = fail(errc::cancelled, "Cancelled");
      end(options.mode, result);
    }
    // An attempt that leaves a transaction, a COPY or half an answer behind has spoilt the connection.
    result.broken |= PQstatus(raw_.get()) != CONNECTION_OK || PQtransactionStatus(raw_.get()) != PQTRANS_IDLE;
    return result;
  }

  outcome work_inside(const run_options& options, milliseconds left, const std::function<status(transaction&)>& work) {
    try {
      if (auto begun = begin(options.mode, left); !begun.value) return begun;
      pqxx::nontransaction native{lent_.get()};
      transaction tx{&native, &known_};
      return {work(tx)};
    } catch (...) {
      return from(classify_current_exception(context(options.mode)));
    }
  }

  /// One round trip, also when the server is to be stricter than the connection's own statement_timeout.
  outcome begin(access mode, milliseconds left) {
    if (mode == access::single_statement) return {};
    std::string sql = mode == access::read_only ? "BEGIN READ ONLY" : "BEGIN";
    if (left < statement_timeout_) sql += "; SET LOCAL statement_timeout=" + std::to_string(left.count());
    const auto answer = execute(sql.c_str());
    if (PQresultStatus(answer.get()) == PGRES_COMMAND_OK) return {};
    return from(classify(sqlstate(answer.get()), last_words(raw_.get()), context(mode)));
  }

  void end(access mode, outcome& result) {
    const auto state = PQtransactionStatus(raw_.get());
    if (result.value && state == PQTRANS_INERROR) {
      result.value = fail(errc::internal, "Internal error", {}, "the unit of work hid the failure of a statement");
    }
    if (result.value && state == PQTRANS_IDLE) {
      result.value = fail(errc::internal, "Internal error", {}, "the unit of work ended its transaction by itself");
    }
    if (result.value) {
      commit(mode, result);
    } else if (state != PQTRANS_IDLE) {
      const auto answer = execute("ROLLBACK");
      result.broken |= PQresultStatus(answer.get()) != PGRES_COMMAND_OK;
    }
  }

  void commit(access mode, outcome& result) {
    // A server that hung up before COMMIT was sent has committed nothing: that much is certain, and worth knowing.
    if (look(PQsocket(raw_.get())) == line_state::closed) {
      result = from(classify("", "the server hung up before the commit", {mode, false, false}));
      return;
    }
    const auto answer = execute("COMMIT");
    if (PQresultStatus(answer.get()) == PGRES_COMMAND_OK) {
      // COMMIT of a transaction that had failed answers ROLLBACK and no error.
      if (std::string_view{PQcmdStatus(answer.get())} != "COMMIT") {
        result.value = fail(errc::internal, "Internal error", {}, "the server rolled back instead of committing");
      }
      return;
    }
    const auto why = classify(sqlstate(answer.get()), last_words(raw_.get()), context(mode));
    if (!why.server_gone) {
      result = from(why);
    } else if (mode == access::read_only) {
      result.broken = result.server_gone = true;  // everything was read; there was nothing to lose
    } else {
      result = from(in_doubt(why.what.detail));
    }
  }

  bool select_one(clock::time_point deadline) {
    if (PQsendQuery(raw_.get(), "SELECT 1") == 0) return false;
    while (PQisBusy(raw_.get()) != 0) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - clock::now()).count();
      if (left <= 0) return false;
      pollfd wait{PQsocket(raw_.get()), POLLIN, 0};
      if (::poll(&wait, 1, static_cast<int>(std::min<milliseconds::rep>(left, 60'000))) < 0 && errno != EINTR)
        return false;
      if (PQconsumeInput(raw_.get()) == 0) return false;
    }
    bool answered = false;
    while (const pq_ptr<PGresult> answer{PQgetResult(raw_.get())}) {
      answered |= PQresultStatus(answer.get()) == PGRES_TUPLES_OK;
    }
    return answered && PQstatus(raw_.get()) == CONNECTION_OK;
  }

  pq_ptr<PGresult> execute(const char* sql) { return pq_ptr<PGresult>{PQexec(raw_.get(), sql)}; }

  static std::string_view sqlstate(const PGresult* answer) {
    const char* const code = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    return code != nullptr ? code : "";
  }

  failure_context context(access mode) const {
    return {mode, PQstatus(raw_.get()) == CONNECTION_OK, fence_.cancelled()};
  }

  static outcome from(failure what) {
    return {tl::unexpected<error>{std::move(what.what)}, what.broken, what.server_gone};
  }

  pq_ptr<PGconn> raw_;
  lent_connection lent_;
  known_statements known_;
  cancel_fence fence_;
  socket_twin twin_;
  int pid_;
  milliseconds statement_timeout_;
  std::minstd_rand jitter_;
};

}  // namespace

result<std::unique_ptr<session>> make_session(pq_ptr<PGconn> raw, milliseconds statement_timeout) {
  try {
    return std::make_unique<pg_session>(std::move(raw), statement_timeout);
  } catch (...) {
    return tl::unexpected<error>{classify_current_exception({}).what};
  }
}

}  // namespace quorate::db::detail
