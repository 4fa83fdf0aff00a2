// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "actors/time.hpp"

namespace quorate::actors::web3 {

/// How an exchange with the node failed.
enum class fault : std::uint8_t {
  none,
  connect,  // no connection came about
  timeout,
  broken,   // the connection ended before the answer was complete
  rubbish,  // an answer, but not one of this protocol
};
/// "connect", "timeout", …
const char* name(fault what) noexcept;

struct link_answer {
  fault what = fault::none;
  std::string text = {};  // the body of the answer, or in words what went wrong
  bool last = false;      // the node ends the connection with this answer
};

/// The one connection to a node, as net/ implements it. It never connects, repeats or waits by itself: all of that is
/// decided by the machine. Thread-safe; `done` is called once for every call, from any thread. One exchange at a time.
class link {
 public:
  using done_function = std::function<void(link_answer)>;
  virtual ~link() = default;

  /// Opens the connection; one that is open is closed first.
  virtual void connect(duration timeout, done_function done) = 0;
  /// One HTTP POST of JSON on the open connection, and its answer.
  virtual void post(std::string body, duration timeout, done_function done) = 0;
  /// Closes the connection; an exchange under way ends with fault::broken.
  virtual void hang_up() = 0;
};

}  // namespace quorate::actors::web3
