// SPDX-License-Identifier: MIT
#include "db/pg_connector.hpp"

#include <poll.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "db/detail/pg_listener.hpp"
#include "db/detail/pg_session.hpp"
#include "db/detail/waiting.hpp"

namespace quorate::db {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Keywords and values as PQconnectStartParams wants them.
class parameters {
 public:
  void set(std::string keyword, std::string value) {
    for (auto& [known, old] : pairs_) {
      if (known == keyword) {
        old = std::move(value);
        return;
      }
    }
    pairs_.emplace_back(std::move(keyword), std::move(value));
  }
  void set_default(const std::string& keyword, std::string value) {
    if (get(keyword).empty()) set(keyword, std::move(value));
  }
  std::string get(const std::string& keyword) const {
    for (const auto& [known, value] : pairs_) {
      if (known == keyword) return value;
    }
    return {};
  }
  /// One per host, in the order in which libpq would try them. (libpq has one deadline for all, and tries the next host
  /// only when one has failed; a list that it would refuse stays as it is.)
  std::vector<parameters> each_host() const {
    const auto hosts = split(get("host")), addresses = split(get("hostaddr")), ports = split(get("port"));
    const auto count = std::max(hosts.size(), addresses.size());
    const auto fits = [count](const auto& list) { return list.size() == 1 || list.size() == count; };
    if (count == 1 || !fits(ports) || (hosts.size() != count && !get("host").empty()) ||
        (addresses.size() != count && !get("hostaddr").empty()))
      return {*this};
    const auto wanted = get("target_session_attrs");
    const auto rounds = wanted == "prefer-standby" ? std::vector<std::string>{"standby", "any"} : std::vector{wanted};
    std::vector<parameters> all;
    for (const auto& attributes : rounds)
      for (std::size_t i = 0; i < count; ++i) {
        auto& one = all.emplace_back(*this);
        one.set("target_session_attrs", attributes);
        one.set("host", hosts[hosts.size() == 1 ? 0 : i]);
        one.set("hostaddr", addresses[addresses.size() == 1 ? 0 : i]);
        one.set("port", ports[ports.size() == 1 ? 0 : i]);
      }
    return all;
  }
  detail::pq_ptr<PGconn> start() const {
    std::vector<const char*> keywords, values;
    for (const auto& [keyword, value] : pairs_) {
      keywords.push_back(keyword.c_str());
      values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    return detail::pq_ptr<PGconn>{PQconnectStartParams(keywords.data(), values.data(), 0)};
  }

 private:
  static std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> parts{1};
    for (const char c : list) {
      if (c == ',')
        parts.emplace_back();
      else
        parts.back() += c;
    }
    return parts;
  }

  std::vector<std::pair<std::string, std::string>> pairs_;
};

std::string session_options(const connect_settings& settings) {
  const auto option = [](std::string name, milliseconds value) {
    return " -c " + std::move(name) + '=' + std::to_string(value.count());
  };
  // READ COMMITTED is stated because the claims rely on every statement having a snapshot of its own.
  return "-c TimeZone=UTC -c DateStyle=ISO -c default_transaction_isolation=read\\ committed" +
         option("statement_timeout", settings.statement_timeout) + option("lock_timeout", settings.lock_timeout) +
         option("idle_in_transaction_session_timeout", settings.idle_in_transaction_timeout);
}

result<parameters> parse(const connect_settings& settings) {
  char* complaint = nullptr;
  const detail::pq_ptr<PQconninfoOption> options{PQconninfoParse(settings.url.c_str(), &complaint)};
  if (options == nullptr) {
    // libpq's complaint quotes parts of the text, so it may hold the password.
    PQfreemem(complaint);
    return fail(errc::invalid_params, "The database URL cannot be parsed");
  }
  parameters all;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) all.set(option->keyword, option->val);
  }
  const auto own = all.get("options");
  all.set("options", session_options(settings) + (own.empty() ? "" : ' ' + own));
  all.set("client_encoding", "UTF8");
  all.set_default("application_name", settings.application_name);
  all.set_default("keepalives", "1");
  all.set_default("keepalives_idle", std::to_string(settings.keepalives_idle.count()));
  all.set_default("keepalives_interval", std::to_string(settings.keepalives_interval.count()));
  all.set_default("keepalives_count", std::to_string(settings.keepalives_count));
  all.set_default("tcp_user_timeout", std::to_string(settings.tcp_user_timeout.count()));
  return all;
}

tl::unexpected<error> unreachable(std::string why) {
  return fail(errc::database_unavailable, "Database unavailable", {}, std::move(why));
}

/// libpq's blocking connect knows whole seconds only and never less than two; this one keeps the deadline to the
/// millisecond (looking up a host name excepted, which libpq does in one piece).
result<detail::pq_ptr<PGconn>> connect_to(const parameters& host, milliseconds timeout,
                                          const detail::stop_signal& stop) {
  const auto deadline = clock::now() + timeout;
  auto raw = host.start();
  if (raw == nullptr) return unreachable("out of memory");
  auto state = PQstatus(raw.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) return unreachable(detail::last_words(raw.get()));
    const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    switch (detail::wait_for(PQsocket(raw.get()), events, deadline, stop)) {
      case detail::wait_end::late:
        return unreachable("no connection within " + std::to_string(timeout.count()) + " ms");
      case detail::wait_end::stopped: return unreachable("shutting down");
      case detail::wait_end::failed: return unreachable("poll failed");
      case detail::wait_end::ready: state = PQconnectPoll(raw.get());
    }
  }
  return raw;
}

class pg_connector final : public connector {
 public:
  pg_connector(const parameters& all, milliseconds statement_timeout)
      : hosts_{all.each_host()}, statement_timeout_{statement_timeout} {}

  result<std::unique_ptr<session>> open(milliseconds timeout) override {
    return connect(clock::now() + timeout).and_then([&](auto raw) {
      return detail::make_session(std::move(raw), statement_timeout_);
    });
  }
  result<std::unique_ptr<listener>> listen(milliseconds timeout) override {
    const auto deadline = clock::now() + timeout;
    return connect(deadline).and_then([&](auto raw) { return detail::make_listener(std::move(raw), deadline, stop_); });
  }
  void stop() noexcept override { stop_.raise(); }

 private:
  /// Each host has an equal share of what is left, so that one which is silent leaves time for those behind it.
  result<detail::pq_ptr<PGconn>> connect(clock::time_point deadline) const {
    std::string why;
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
      const auto share = (deadline - clock::now()) / static_cast<clock::rep>(hosts_.size() - i);
      auto made = connect_to(hosts_[i], std::chrono::ceil<milliseconds>(share), stop_);
      if (made) return made;
      why += (why.empty() ? "" : "; ") + made.error().detail;
    }
    return unreachable(std::move(why));
  }

  std::vector<parameters> hosts_;
  milliseconds statement_timeout_;
  detail::stop_signal stop_;
};

}  // namespace

result<std::unique_ptr<connector>> make_pg_connector(const connect_settings& settings) {
  return parse(settings).map([&](const parameters& all) -> std::unique_ptr<connector> {
    return std::make_unique<pg_connector>(all, settings.statement_timeout);
  });
}

}  // namespace quorate::db
