// SPDX-License-Identifier: MIT
#include "tests/common/fake_runtime.hpp"

namespace quorate::tests {

void fake_reads::read(actors::pending_read one) {
  asked.push_back({one.kind, one.key, one.deadline, nullptr});
  if (hold) return waiting_.push_back(std::move(one));
  answer(one);
}

void fake_reads::release() {
  for (auto& one : std::exchange(waiting_, {})) answer(one);
}

void fake_reads::answer(actors::pending_read& one) {
  if (!failure) return one.done(tl::unexpected{failure.error()});
  const auto found = rows.find({one.kind, one.key});
  one.done(found == rows.end() ? db::read_value{} : found->second);
}

class fake_front::context final : public actors::request_context, public std::enable_shared_from_this<context> {
 public:
  context(actors::call_start call, const fake_front& owner) : call_{std::move(call)}, owner_{owner} {}

  void begin() { call_.body(*this); }
  void abandon() { ended_ = true; }

  void after(actors::duration, std::function<void()> then) override {
    if (!ended_) then();
  }
  void reply(result<std::string> value) override {
    if (std::exchange(ended_, true)) return;
    call_.done(std::move(value));
  }
  actors::time_point deadline() const override { return call_.deadline; }
  const std::string& label() const override { return call_.label; }
  std::function<void(std::function<void()>)> resumer() override {
    return [self = weak_from_this()](std::function<void()> then) {
      if (const auto here = self.lock(); here && !here->ended_) then();
    };
  }

 protected:
  void submit(actors::job_ptr work) override {
    if (owner_.pool) return owner_.pool(std::move(work));
    db::transaction nothing{nullptr};
    work->finish(work->body(nothing));
  }

 private:
  actors::call_start call_;
  const fake_front& owner_;
  bool ended_ = false;
};

class fake_front::ticket final : public actors::call_ticket {
 public:
  ticket(std::shared_ptr<context> call, fake_front& owner) : call_{std::move(call)}, owner_{owner} {}
  void abandon() override {
    ++owner_.abandoned;
    call_->abandon();
  }

 private:
  std::shared_ptr<context> call_;
  fake_front& owner_;
};

bool fake_front::admit() {
  if (is_draining || in_flight_ >= limit) {
    ++turned_away;
    return false;
  }
  ++in_flight_;
  return true;
}

void fake_front::leave() {
  --in_flight_;
  ++left;
}

std::shared_ptr<actors::call_ticket> fake_front::start(actors::call_start call) {
  ++started;
  auto running = std::make_shared<context>(std::move(call), *this);
  if (hold) {
    waiting_.push_back(running);
  } else {
    running->begin();
  }
  return std::make_shared<ticket>(running, *this);
}

void fake_front::release() {
  for (const auto& one : std::exchange(waiting_, {})) one->begin();
}

void fake_events::publish(const std::string& room, const actors::log_event& e) {
  const auto found = rooms.find(room);
  if (found == rooms.end()) return;
  for (const auto& who : found->second) who->push(std::make_shared<const std::string>(actors::to_text(e)));
}

void fake_events::publish(actors::feed of, const std::string& item, const actors::log_keys& keys) {
  for (const auto& [id, w] : watchers) {
    if (w.of != of || (w.filter && !w.filter(keys))) continue;
    w.who->push(std::make_shared<const std::string>(id + ' ' + item));
  }
}

void fake_events::leave(const actors::sink_ptr& who, const std::string& room) {
  const auto found = rooms.find(room);
  if (found != rooms.end() && found->second.erase(who) != 0 && found->second.empty()) rooms.erase(found);
}

void fake_events::watch(const actors::sink_ptr& who, const std::string& id, actors::feed of,
                        actors::log_filter filter) {
  watchers[id] = {who, of, std::move(filter)};
}

bool fake_events::unwatch(const actors::sink_ptr&, const std::string& id) { return watchers.erase(id) != 0; }

void fake_events::forget(const actors::sink_ptr& who) {
  std::erase_if(watchers, [&](const auto& w) { return w.second.who == who; });
  for (auto& [room, members] : rooms) members.erase(who);
  std::erase_if(rooms, [](const auto& r) { return r.second.empty(); });
}

}  // namespace quorate::tests
