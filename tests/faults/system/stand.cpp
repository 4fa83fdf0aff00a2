// SPDX-License-Identifier: MIT
#include "tests/faults/system/stand.hpp"

#include <algorithm>

namespace quorate::tests {

bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

testing::AssertionResult nothing_leaked(const quorate_process& quorate, const postgres_server& postgres,
                                        const std::string& database) {
  std::string last;
  const auto agree = [&] {
    const auto pool = quorate.pool_status();
    const auto sessions = postgres.value(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'quorate' AND datname = '" + database + "'");
    last = "pool: " + chain::dump_json(pool) + ", sessions in pg_stat_activity: " + sessions;
    return pool.at("checked_out") == 0 && std::to_string(pool.at("total").get<int>() + 1) == sessions;
  };
  if (eventually(agree)) return testing::AssertionSuccess();
  return testing::AssertionFailure() << last;
}

bool loops_have_looked(const quorate_process& quorate) {
  return eventually([&] {
    const auto text = quorate.get("/metrics").second;
    for (const std::string loop : {"settler", "claimer", "finalizer", "recoverer"}) {
      const auto line = "quorate_loop_turns_total{loop=\"" + loop + "\"} ";
      const auto at = text.find(line);
      if (at == std::string::npos || text.at(at + line.size()) == '0') return false;
    }
    return true;
  });
}

namespace {

/// Whether a refusal for want of the database carries what docs/spec/decisions.md promises.
bool is_speechless(const rpc_answer& answer) {
  const int code = answer.error_code();
  if (code != -32007 && code != -32008 && code != -32009) return false;
  const auto& error = answer.body.at("error");
  if (!error.contains("data") || !error.at("data").contains("retry_after_s")) return true;
  return code == -32007 && !(error.at("data").contains("leased") && error.at("data").contains("waiting"));
}

}  // namespace

callers::callers(const quorate_process& quorate, std::size_t count, std::string method, chain::json params) {
  for (std::size_t i = 0; i < count; ++i) {
    threads_.emplace_back([this, &quorate, method, params] {
      while (!stopping_) {
        const auto answer = quorate.call(method, params);
        const std::lock_guard lock{mutex_};
        if (answer.http_status == 0)
          ++seen_.unanswered;
        else
          ++seen_.codes[answer.has_result() ? 0 : answer.error_code()];
        if (answer.http_status != 0 && !answer.has_result())
          seen_.examples[answer.error_code()] = chain::dump_json(answer.body);
        if (is_speechless(answer)) seen_.speechless = chain::dump_json(answer.body);
        seen_.longest = std::max(seen_.longest, answer.took);
      }
    });
  }
}

callers::~callers() { stop(); }

callers::seen callers::stop() {
  stopping_ = true;
  for (auto& t : threads_) t.join();
  threads_.clear();
  return seen_;
}

std::size_t callers::count(int code) const {
  const std::lock_guard lock{mutex_};
  const auto found = seen_.codes.find(code);
  return found == seen_.codes.end() ? 0 : found->second;
}

testing::AssertionResult only_codes(const callers::seen& what, const std::vector<int>& allowed) {
  std::string found;
  bool good = what.unanswered == 0 && what.speechless.empty();
  for (const auto& [code, count] : what.codes) {
    found += " " + std::to_string(code) + "×" + std::to_string(count);
    if (code == 0 || std::find(allowed.begin(), allowed.end(), code) != allowed.end()) continue;
    good = false;
    found += " (" + what.examples.at(code) + ")";
  }
  if (good) return testing::AssertionSuccess() << "answers:" << found;
  return testing::AssertionFailure() << "answers:" << found << ", without an answer: " << what.unanswered
                                     << ", without advice: " << what.speechless;
}

table_lock::table_lock(const std::string& url) : connection_{url}, work_{connection_} {
  work_.exec("LOCK TABLE current_state IN ACCESS EXCLUSIVE MODE");
}

}  // namespace quorate::tests
