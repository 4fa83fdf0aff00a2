// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "actors/web3/machine.hpp"
#include "tests/unit/actors/web3/scripted_node.hpp"

namespace quorate::actors::web3::tests {

using namespace std::chrono_literals;

/// What becomes of one exchange between a process and the node.
struct weather {
  bool reaches = true;          // the request gets to the node
  bool returns = true;          // its answer gets back
  duration travel{1ms};         // until the node has it
  fault failure = fault::none;  // what the process sees, when something is lost
  std::string instead{};        // of the node's answer
  bool last = false;
};

/// Processes with a machine each, one outbox, one node, and a clock that moves when told. Whatever a machine wants done
/// is done as the actor, the database and the link would do it.
class world {
 public:
  struct process;

  world();
  ~world();

  /// A transaction comes in. Its number makes its id.
  std::string submit(int number);
  process& start(settings with = {});
  /// Nothing it asked for comes back, nothing it planned happens: kill -9.
  void kill(process& whom);
  void stop(process& whom);
  void nudge(process& whom);

  /// Lets everything happen that is due within this time.
  void run(duration span);
  /// Until `holds`, for an hour at most. False: it never did.
  bool run_until(const std::function<bool()>& holds);
  /// Every row is done or failed.
  bool settled() const;
  std::string state_of(const std::string& id) const;
  std::size_t count(const std::string& state) const;

  /// Asked for each exchange; `method` is empty for connecting.
  std::function<weather(const std::string& method)> sky = [](const std::string&) { return weather{}; };
  /// Asked for each turn: an error, and whether it was committed for all that.
  std::function<std::optional<bool>()> database = [] { return std::nullopt; };

  scripted_node node;
  time_point now{};
  std::size_t connects = 0, released = 0;
  std::vector<note> notes;
  std::size_t noted(note::kind what) const;

 private:
  struct outbox_row {
    db::forwards::forward what;
    std::string state = "waiting";
    std::string rollup_id{};
  };
  void carry_out(process& who, effects what);
  void later(process& who, duration wait, std::function<effects(machine&)> input);
  void exchange(process& who, ticket id, const std::string& method, const series& what, std::size_t at);
  void turn(process& who, const run_turn& e);
  db::forwards::turn_report take_turn(const db::forwards::turn& what);
  void settle(const std::vector<db::forwards::settlement>& settled);

  std::vector<std::unique_ptr<process>> processes_;
  std::multimap<time_point, std::function<void()>> events_;
  std::vector<outbox_row> outbox_;
  std::string holder_;
  time_point lease_until_{};
};

struct world::process {
  explicit process(settings with) : set{with}, brain{std::move(with), [] { return 0.5; }} {}
  settings set;
  machine brain;
  bool alive = true, stopped = false;
  std::uint64_t alarm = 0, connection = 0;
  bool open = false;
};

}  // namespace quorate::actors::web3::tests
