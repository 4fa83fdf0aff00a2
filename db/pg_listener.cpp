// SPDX-License-Identifier: MIT
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "db/detail/pg_listener.hpp"

namespace quorate::db::detail {

namespace {

using std::chrono::milliseconds;

tl::unexpected<error> lost(const PGconn* raw) {
  auto why = last_words(raw);
  return fail(errc::database_unavailable, "Database unavailable", {}, why.empty() ? "no answer to LISTEN" : why);
}

class pg_listener final : public listener {
 public:
  explicit pg_listener(pq_ptr<PGconn> raw) : raw_{std::move(raw)} {}

  result<std::vector<notification>> wait(milliseconds timeout) override {
    // Something may have been read together with an earlier notification, so the socket is asked last.
    if (auto arrived = take(); !arrived || !arrived->empty()) return arrived;
    pollfd wait{PQsocket(raw_.get()), POLLIN, 0};
    const auto bounded = std::clamp<milliseconds::rep>(timeout.count(), 0, 60'000);
    if (::poll(&wait, 1, static_cast<int>(bounded)) < 0 && errno != EINTR) return lost(raw_.get());
    return take();
  }

 private:
  result<std::vector<notification>> take() {
    if (PQconsumeInput(raw_.get()) == 0 || PQstatus(raw_.get()) != CONNECTION_OK) return lost(raw_.get());
    std::vector<notification> arrived;
    while (const pq_ptr<PGnotify> notice{PQnotifies(raw_.get())}) {
      arrived.push_back({notice->relname, notice->extra});
    }
    return arrived;
  }

  pq_ptr<PGconn> raw_;
};

/// PQexec would wait for a silent server for ever.
bool command(PGconn* raw, const std::string& sql, std::chrono::steady_clock::time_point deadline,
             const stop_signal& stop) {
  if (PQsendQuery(raw, sql.c_str()) == 0) return false;
  for (bool good = true;;) {
    while (PQisBusy(raw) != 0) {
      if (wait_for(PQsocket(raw), POLLIN, deadline, stop) != wait_end::ready || PQconsumeInput(raw) == 0) return false;
    }
    const pq_ptr<PGresult> answer{PQgetResult(raw)};
    if (answer == nullptr) return good;
    good &= PQresultStatus(answer.get()) == PGRES_COMMAND_OK;
  }
}

}  // namespace

result<std::unique_ptr<listener>> make_listener(pq_ptr<PGconn> raw, std::chrono::steady_clock::time_point deadline,
                                                const stop_signal& stop) {
  // The default would print the server's notices to stderr.
  PQsetNoticeProcessor(
      raw.get(), [](void*, const char*) {}, nullptr);
  for (const auto channel : {channels::transactions, channels::settings, channels::events, channels::forwards}) {
    const auto sql = "LISTEN " + std::string{channel};
    if (!command(raw.get(), sql, deadline, stop)) return lost(raw.get());
  }
  return std::make_unique<pg_listener>(std::move(raw));
}

}  // namespace quorate::db::detail
