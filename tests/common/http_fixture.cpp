// SPDX-License-Identifier: MIT
#include "tests/common/http_fixture.hpp"

#include <stdexcept>
#include <thread>
#include <utility>

namespace quorate::tests {

bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

class fake_endpoint::waiting_call : public rpc::pending {
 public:
  waiting_call(fake_endpoint& owner, std::string key) : owner_(owner), key_(std::move(key)) {}
  void abandon() override {
    const std::lock_guard lock(owner_.mutex_);
    owner_.abandoned_.insert(key_);
  }

 private:
  fake_endpoint& owner_;
  std::string key_;
};

rpc::endpoint::started fake_endpoint::post(std::string body, rpc::caller who, done_function done) {
  {
    const std::lock_guard lock(mutex_);
    ++calls_;
    last_caller_ = std::move(who);
  }
  if (body == "throw") throw std::runtime_error("as asked");
  if (body == "drop") return {};
  if (body.starts_with("later:")) {
    const auto key = body.substr(6);
    const std::lock_guard lock(mutex_);
    waiting_[key] = std::move(done);
    return {std::nullopt, std::make_shared<waiting_call>(*this, key)};
  }
  rpc::reply r;
  r.body = std::move(body);
  if (r.body == "204") {
    r.status = 204;
    r.body.clear();
  } else if (r.body == "429" || r.body == "503") {
    r.status = std::stoi(r.body);
    r.retry_after_s = 7;
  }
  return {std::move(r), nullptr};
}

rpc::endpoint::started fake_endpoint::get(std::string_view path, done_function) {
  const std::lock_guard lock(mutex_);
  last_path_ = path;
  rpc::reply r;
  r.status = path == "/ping" ? 200 : 404;
  r.body = path == "/ping" ? R"({"status":"ok"})" : R"({"detail":"Not Found"})";
  return {std::move(r), nullptr};
}

class fake_endpoint::fake_conversation final : public rpc::conversation {
 public:
  fake_conversation(fake_endpoint& owner, std::shared_ptr<rpc::voice> to) : owner_(owner), to_(std::move(to)) {}

  std::shared_ptr<rpc::pending> receive(std::string text, std::function<void()> done) override {
    if (text.starts_with("push:")) {
      for (int left = std::stoi(text.substr(5)); left > 0; --left)
        to_->push(std::make_shared<const std::string>(100, 'e'));
      return nullptr;
    }
    auto started = owner_.post(std::move(text), {}, [to = to_, done = std::move(done)](const rpc::reply& r) {
      to->answer(r.body);
      done();
    });
    if (started.answer) to_->answer(started.answer->body);
    return started.running;
  }
  void receive_binary() override { to_->answer("binary"); }
  void end() override {
    const std::lock_guard lock(owner_.mutex_);
    owner_.voices_.erase(this);
  }

 private:
  fake_endpoint& owner_;
  std::shared_ptr<rpc::voice> to_;
};

std::shared_ptr<rpc::conversation> fake_endpoint::converse(rpc::caller who, std::shared_ptr<rpc::voice> to) {
  auto begun = std::make_shared<fake_conversation>(*this, to);
  {
    const std::lock_guard lock(mutex_);
    last_caller_ = std::move(who);
    voices_.emplace(begun.get(), to);
  }
  to->answer("hello");
  return begun;
}

std::size_t fake_endpoint::push(const std::string& text) {
  const auto shared = std::make_shared<const std::string>(text);
  std::vector<std::shared_ptr<rpc::voice>> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [of, voice] : voices_) all.push_back(voice);
  }
  std::size_t taken = 0;
  for (const auto& voice : all) taken += voice->push(shared) ? 1 : 0;
  return taken;
}

std::size_t fake_endpoint::conversations() const {
  const std::lock_guard lock(mutex_);
  return voices_.size();
}

bool fake_endpoint::answer(const std::string& key, std::string body, int status) {
  const auto done = take(key);
  if (!done) return false;
  rpc::reply r;
  r.status = status;
  r.body = std::move(body);
  done(std::move(r));
  return true;
}

rpc::endpoint::done_function fake_endpoint::take(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) return {};
  auto done = std::move(found->second);
  waiting_.erase(found);
  return done;
}

bool fake_endpoint::waits(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  return waiting_.contains(key);
}

bool fake_endpoint::was_abandoned(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  return abandoned_.contains(key);
}

std::size_t fake_endpoint::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

rpc::caller fake_endpoint::last_caller() const {
  const std::lock_guard lock(mutex_);
  return last_caller_;
}

std::string fake_endpoint::last_path() const {
  const std::lock_guard lock(mutex_);
  return last_path_;
}

http_fixture::http_fixture() {
  settings.port = 0;
  settings.sweep_interval = std::chrono::milliseconds(10);
}

http_fixture::~http_fixture() { server.reset(); }

void http_fixture::start() {
  server = std::make_unique<net::server>(settings, endpoint, metrics);
  const auto started = server->start();
  if (!started) throw std::runtime_error(started.error().message);
}

std::uint64_t http_fixture::count(const std::string& name, const actors::metrics::labels& labels) {
  return metrics.counter(name, "", labels).value();
}

std::int64_t http_fixture::open_connections() { return metrics.gauge("quorate_http_connections", "").value(); }

void http_fixture::expect_service() { EXPECT_EQ(client().post("/api", "still here").body, "still here"); }

}  // namespace quorate::tests
