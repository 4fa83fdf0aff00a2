// SPDX-License-Identifier: MIT
#include "actors/web3/forwarder.hpp"

#include <algorithm>
#include <map>

#include "actors/actor_ref.hpp"
#include "actors/caf.hpp"
#include "actors/interfaces.hpp"
#include "actors/web3/machine.hpp"
#include "actors/web3/observer.hpp"

namespace quorate::actors::web3 {

struct forwarder::parts {
  parts(caf::actor_system& s, pool& p, telemetry& t, metrics::registry& m, settings set, std::shared_ptr<link> to,
        std::function<double()> r, forward_statements st)
      : system{s},
        connections{p},
        figures{t},
        with{std::move(set)},
        connection{std::move(to)},
        random{std::move(r)},
        statements{std::move(st)},
        seen{m} {}

  caf::actor_system& system;
  pool& connections;
  telemetry& figures;
  const settings with;
  const std::shared_ptr<link> connection;
  const std::function<double()> random;
  const forward_statements statements;
  observer seen;
  actor_ref actor;
};

namespace {

class web3_state {
 public:
  static constexpr const char* name = "web3";

  web3_state(caf::event_based_actor* self, std::shared_ptr<forwarder::parts> with)
      : self_{self}, with_{std::move(with)}, machine_{with_->with, with_->random} {}

  ~web3_state() {
    with_->connection->hang_up();
    with_->seen.show({});
    if (stopped_) stopped_();
  }

  caf::behavior make_behavior() {
    // What a predecessor left open.
    with_->connection->hang_up();
    carry_out(machine_.start(now(self_)));
    return {
        [this](const to_web3::nudge&) { carry_out(machine_.nudge(now(self_))); },
        [this](const to_web3::due& m) {
          if (m.tick == tick_) carry_out(machine_.woke(now(self_)));
        },
        [this](const to_web3::linked& m) {
          with_->seen.answered(now(self_) - call_began_);
          carry_out(machine_.linked(now(self_), m.ticket, m.answer));
        },
        [this](const to_web3::turned& m) { carry_out(machine_.turned(now(self_), m.ticket, m.report)); },
        [this](const to_web3::left&) { carry_out(machine_.left()); },
        [this](const to_web3::await& m) { await(m); },
        [this](const to_web3::stop& m) {
          stopped_ = m.done;
          carry_out(machine_.stop(now(self_)));
        },
    };
  }

 private:
  struct waiting {
    time_point until;
    std::function<void()> then;
  };

  void carry_out(effects what) {
    for (auto& one : what) std::visit([this](auto& wanted) { on(wanted); }, one);
    with_->seen.show(machine_.look());
  }

  void on(const connect_node& e) {
    call_began_ = now(self_);
    with_->seen.connects();
    with_->connection->connect(with_->with.call_timeout, to_linked(e.id));
  }
  void on(call_node& e) {
    call_began_ = now(self_);
    with_->connection->post(std::move(e.what), to_linked(e.id));
  }
  void on(const hang_up&) { with_->connection->hang_up(); }
  void on(run_turn& e) {
    submit<db::forwards::turn_report>(
        [what = std::move(e.what), take = with_->statements.take_turn](db::transaction& tx) { return take(tx, what); },
        [id = e.id](result<db::forwards::turn_report> report) {
          return to_web3::turned{id, std::move(report)};
        });
  }
  void on(run_leave& e) {
    submit<bool>(
        [what = std::move(e), leave = with_->statements.leave](db::transaction& tx) -> result<bool> {
          return leave(tx, what.holder, what.settled).map([] { return true; });
        },
        [](const result<bool>&) { return to_web3::left{}; });
  }
  void on(const wake_at& e) {
    send_later(self_, std::max(e.when - now(self_), duration::zero()), to_web3::due{++tick_});
  }
  void on(const recorded& e) {
    with_->seen.settled(e.how, e.age);
    const auto [first, last] = waiting_.equal_range(e.hash);
    for (auto one = first; one != last; ++one) one->second.then();
    waiting_.erase(first, last);
  }
  void on(const let_go&) {
    for (const auto& [hash, one] : waiting_) one.then();
    waiting_.clear();
  }
  void on(const stopped&) {
    if (auto done = std::exchange(stopped_, nullptr)) done();
  }
  void on(const note& e) {
    with_->seen.note(e);
    if (e.what == note::kind::lost || e.what == note::kind::failed) with_->figures.failed(name, e.text);
  }

  void await(const to_web3::await& m) {
    const auto current = now(self_);
    std::erase_if(waiting_, [&](const auto& entry) { return entry.second.until < current; });
    if (machine_.look().state == figures::breaker::open) return m.then();
    waiting_.emplace(m.hash, waiting{m.until, m.then});
  }

  link::done_function to_linked(ticket id) const {
    return [to = caf::actor_cast<caf::actor>(self_), id](link_answer answer) {
      tell(to, to_web3::linked{id, std::move(answer)});
    };
  }

  template <class T, class Wrap>
  void submit(db::unit_of_work<T> work, Wrap wrap) {
    with_->connections.submit(make_job<T>(
        work_class::background, now(self_) + with_->with.job_timeout, db::access::read_write, name, std::move(work),
        [to = caf::actor_cast<caf::actor>(self_), wrap](result<T> value) { tell(to, wrap(std::move(value))); }));
  }

  caf::event_based_actor* self_;
  std::shared_ptr<forwarder::parts> with_;
  machine machine_;
  std::multimap<std::string, waiting> waiting_;
  std::function<void()> stopped_;
  time_point call_began_{};
  std::uint64_t tick_ = 0;
};

}  // namespace

forwarder::forwarder(caf::actor_system& system, pool& connections, telemetry& figures, metrics::registry& metrics,
                     settings with, std::shared_ptr<link> connection, std::function<double()> random,
                     forward_statements statements)
    : parts_{std::make_shared<parts>(system, connections, figures, metrics, std::move(with), std::move(connection),
                                     std::move(random), std::move(statements))} {}

forwarder::~forwarder() {
  actors::stop(parts_->actor.get());
  parts_->actor.clear();
}

child_spec forwarder::child() {
  const auto p = parts_;
  return {web3_state::name,
          [p] { return spawn_state<web3_state>(p->system, {.probe = p->figures.watch(web3_state::name)}, p); },
          [p](const caf::actor& now) { p->actor.set(now); }};
}

void forwarder::wake() { parts_->actor.tell(to_web3::nudge{}); }

std::function<void(const db::notification&)> forwarder::hearer() const {
  return [p = parts_](const db::notification&) { p->actor.tell(to_web3::nudge{}); };
}

void forwarder::await(std::string hash, time_point until, std::function<void()> then) {
  parts_->actor.tell(to_web3::await{std::move(hash), until, std::move(then)});
}

void forwarder::stop(std::function<void()> done) {
  if (!parts_->actor.tell(to_web3::stop{done})) done();
}

}  // namespace quorate::actors::web3
