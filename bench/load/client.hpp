// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

#include "bench/load/plan.hpp"
#include "bench/load/reply_parser.hpp"
#include "bench/load/tally.hpp"

namespace quorate::bench {

using clock = std::chrono::steady_clock;

/// What every client of a run shares.
struct run_state {
  const plan& what;
  int epoll = -1;
  std::mt19937_64 random;
  clock::time_point began;
  bool stopping = false;

  std::size_t second(clock::time_point at) const {
    return static_cast<std::size_t>(std::chrono::duration_cast<std::chrono::seconds>(at - began).count());
  }
  bool measured(clock::time_point at) const { return at - began >= what.warm_up && !stopping; }
};

/// One keep-alive client: sends, waits for the whole reply, sends the next. Reconnects when the connection ends.
class client {
 public:
  /// `next`: the place in a list of requests that are sent once, shared by its clients.
  client(run_state& run, const group& from, tally& into, std::size_t& next)
      : run_{&run}, from_{&from}, into_{&into}, next_{&next} {}
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  void start();
  /// The socket is readable or writable, or has an error.
  void ready(std::uint32_t events);
  /// Counts a call that has waited too long and starts over.
  void check_deadline(clock::time_point now);
  bool waiting() const { return busy_; }

 private:
  void connect();
  const request* choose();
  void send_next();
  void write_more();
  void read_more();
  void finished();
  void failed(failure why, std::string_view sample);
  void close_socket();

  run_state* run_;
  const group* from_;
  tally* into_;
  std::size_t* next_;
  int socket_ = -1;
  bool connected_ = false;
  bool busy_ = false;
  const request* current_ = nullptr;
  std::size_t written_ = 0;
  clock::time_point sent_;
  reply_parser reply_;
};

}  // namespace quorate::bench
