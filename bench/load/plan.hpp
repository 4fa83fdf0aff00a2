// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace quorate::bench {

/// One ready-made HTTP request and the label it is counted under.
struct request {
  std::size_t label = 0;
  std::string bytes;
};

/// Clients that pick their requests from one list, at random, each sending the next when the last was answered.
/// With `once` they take them in their order, each one time, and stop when there are none left.
struct group {
  std::string name;
  std::size_t clients = 0;
  std::vector<std::string> labels;
  std::vector<request> requests;
  bool once = false;
};

/// What the command line asked for.
struct plan {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4000;
  std::chrono::duration<double> seconds{10};
  std::chrono::duration<double> warm_up{0};
  std::chrono::milliseconds timeout{60'000};  // one call; longer is a failure
  bool series = false;
  std::uint64_t seed = 1;
  std::vector<group> groups;
};

/// Reads the command line and the request files; throws std::runtime_error with a message for the user.
plan read_plan(int argc, char** argv);

}  // namespace quorate::bench
