// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <deque>
#include <stdexcept>
#include <string>

#include "bench/load/client.hpp"

/// The load generator: closed-loop JSON-RPC clients on one epoll loop, because a cheap client leaves the processor to
/// what is measured. Reports throughput, latency and failures per group and method as JSON.
namespace quorate::bench {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Runs the loop until `until`, or until nobody waits any more when the run is stopping.
void loop(run_state& run, std::deque<client>& clients, clock::time_point until) {
  constexpr int batch = 512;
  epoll_event events[batch];
  auto next_check = clock::now();
  while (interrupted == 0) {
    const int n = ::epoll_wait(run.epoll, events, batch, 50);
    for (int i = 0; i < n; ++i) static_cast<client*>(events[i].data.ptr)->ready(events[i].events);
    const auto now = clock::now();
    if (now >= until) return;
    if (now < next_check) continue;
    next_check = now + std::chrono::milliseconds{100};
    bool waiting = false;
    for (auto& c : clients) {
      c.check_deadline(now);
      waiting = waiting || c.waiting();
    }
    if (run.stopping && !waiting) return;
  }
}

int run_plan(const plan& what) {
  run_state run{what, ::epoll_create1(EPOLL_CLOEXEC), std::mt19937_64{what.seed}, clock::now()};
  if (run.epoll < 0) throw std::runtime_error{"epoll_create1 failed"};
  std::deque<tally> tallies;
  std::deque<std::size_t> places;
  std::deque<client> clients;
  for (const auto& g : what.groups) {
    tallies.emplace_back(g.labels);
    places.push_back(0);
    for (std::size_t i = 0; i < g.clients; ++i) clients.emplace_back(run, g, tallies.back(), places.back());
  }
  for (auto& c : clients) c.start();
  const auto whole = std::chrono::duration_cast<clock::duration>(what.warm_up + what.seconds);
  loop(run, clients, run.began + whole);
  const std::chrono::duration<double> measured = clock::now() - run.began - what.warm_up;

  // Calls on their way are let finish, so that their failures are seen; they do not count as throughput.
  run.stopping = true;
  loop(run, clients, clock::now() + what.timeout + std::chrono::seconds{1});
  std::size_t unfinished = 0;
  for (const auto& c : clients) unfinished += c.waiting() ? 1 : 0;

  std::string out = fmt::format("{{\"seconds\":{:.3f},\"unfinished\":{},\"groups\":{{", measured.count(), unfinished);
  for (std::size_t i = 0; i < what.groups.size(); ++i) {
    const auto& g = what.groups[i];
    out += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", g.name,
                       tallies[i].to_json(g.clients, measured.count(), what.series));
  }
  out += "}}\n";
  std::fputs(out.c_str(), stdout);
  clients.clear();
  ::close(run.epoll);
  return 0;
}

}  // namespace
}  // namespace quorate::bench

int main(int argc, char** argv) {
  using namespace quorate::bench;
  try {
    raise_file_limit();
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGINT, [](int) { interrupted = 1; });
    std::signal(SIGTERM, [](int) { interrupted = 1; });
    return run_plan(read_plan(argc, argv));
  } catch (const std::exception& e) {
    fmt::print(stderr, "load: {}\n", e.what());
    return 2;
  }
}
