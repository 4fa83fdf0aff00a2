// SPDX-License-Identifier: MIT
#include "rpc/detail/conversation.hpp"

#include <random>

#include <fmt/format.h>

namespace quorate::rpc::detail {

namespace {

constexpr std::size_t longest_topic = 256;

/// A name that nobody else can guess: a client may use it as its session.
std::string new_socket_id() {
  std::random_device random;
  return std::to_string((std::uint64_t{random()} << 32 | random()) >> 1);
}

}  // namespace

socket_conversation::socket_conversation(endpoint& calls, std::shared_ptr<const core> with, caller who,
                                         std::shared_ptr<voice> to)
    : calls_{calls}, owner_{std::move(with)}, with_{*owner_}, who_{std::move(who)}, to_{std::move(to)} {}

void socket_conversation::greet() {
  if (with_.events != nullptr) with_.events->join(to_, std::string{actors::broadcast_room});
  to_->answer(event_text("connect", fmt::format(R"({{"id":"{}"}})", new_socket_id())));
}

std::shared_ptr<pending> socket_conversation::receive(std::string text, std::function<void()> done) {
  using kind = socket_message::kind;
  const auto m = read_socket_message(text, with_.settings.json);
  const bool first = !std::exchange(has_spoken_, true);
  switch (m.what) {
    case kind::call:
      // Ethereum's libraries take everything they did not ask for as an error: who begins with a call is told nothing
      // else, until it subscribes to something.
      if (first && with_.events != nullptr) with_.events->leave(to_, std::string{actors::broadcast_room});
      return call(std::move(text), std::move(done));
    case kind::subscribe: join(m.topics); break;
    case kind::unsubscribe: leave(m.topics); break;
    case kind::ping: to_->answer(event_text("pong", R"({"timestamp":)" + m.timestamp + '}')); break;
    case kind::other: to_->answer(event_words("message", "Received event: " + m.name)); break;
    case kind::odd: complain(m.complaint); break;
  }
  return nullptr;
}

void socket_conversation::receive_binary() { complain("Invalid message; expected text"); }

void socket_conversation::end() {
  {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    announced_.clear();
  }
  if (with_.events != nullptr) with_.events->forget(to_);
}

std::shared_ptr<pending> socket_conversation::call(std::string text, std::function<void()> done) {
  auto who = who_;
  who.request_id.clear();  // a new one per message
  who.socket = shared_from_this();
  auto started =
      calls_.post(std::move(text), std::move(who), [self = shared_from_this(), done = std::move(done)](const reply& r) {
        self->answered(r);
        done();
      });
  if (started.answer) {
    answered(*started.answer);
    return nullptr;
  }
  return std::move(started.running);
}

void socket_conversation::answered(const reply& r) {
  if (!r.body.empty()) to_->answer(r.body);
  const std::lock_guard lock{mutex_};
  if (ended_) return;
  for (auto& one : std::exchange(announced_, {})) with_.events->watch(to_, one.id, one.of, std::move(one.filter));
}

void socket_conversation::join(const std::vector<std::string>& topics) {
  if (topics.size() > with_.settings.socket_topics) return complain("Too many topics in one message");
  for (const auto& topic : topics) {
    if (topic.size() > longest_topic) {
      complain(fmt::format("Topic too long; at most {} bytes", longest_topic));
      continue;
    }
    const auto room = actors::room_of(topic);
    if (!rooms_.contains(room) && rooms_.size() >= with_.settings.socket_topics)
      return complain(fmt::format("Too many topics; at most {}", with_.settings.socket_topics));
    rooms_.insert(room);
    if (with_.events != nullptr) with_.events->join(to_, room);
    to_->answer(event_text("subscribed", R"({"room":)" + chain::dump_json(topic) + '}'));
  }
}

void socket_conversation::leave(const std::vector<std::string>& topics) {
  if (topics.size() > with_.settings.socket_topics) return complain("Too many topics in one message");
  for (const auto& topic : topics) {
    const auto room = actors::room_of(topic);
    rooms_.erase(room);
    if (with_.events != nullptr) with_.events->leave(to_, room);
    to_->answer(event_text("unsubscribed", R"({"room":)" + chain::dump_json(topic) + '}'));
  }
}

result<std::string> socket_conversation::subscribe(actors::feed of, actors::log_filter filter) {
  if (with_.events == nullptr) return fail(errc::method_not_found, "This server has no subscriptions");
  const std::lock_guard lock{mutex_};
  if (subscriptions_.size() >= with_.settings.socket_topics)
    return fail(errc::application,
                fmt::format("Too many subscriptions; at most {} on one socket", with_.settings.socket_topics));
  auto id = with_.events->new_id();
  subscriptions_.insert(id);
  announced_.push_back({id, of, std::move(filter)});
  return id;
}

bool socket_conversation::unsubscribe(const std::string& id) {
  const std::lock_guard lock{mutex_};
  if (subscriptions_.erase(id) == 0) return false;
  std::erase_if(announced_, [&](const announced& one) { return one.id == id; });
  with_.events->unwatch(to_, id);
  return true;
}

}  // namespace quorate::rpc::detail
