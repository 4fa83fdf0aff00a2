// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

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
  std::string text = {};   // the body of the answer, or in words what went wrong
  bool last = false;       // the node ends the connection with this answer
  std::size_t passed = 0;  // requests of the series that were answered as expected before this one
};

/// Requests that follow each other, each when the answer to the one before it has come.
struct series {
  std::vector<std::string> bodies;
  std::chrono::milliseconds timeout{};  // of each exchange
  /// Whether the answer to that request is the one expected; any other ends the series. Called on the link's thread.
  std::function<bool(std::size_t, const std::string&)> expected = {};
  time_point until = time_point::max();  // none is begun later, but the first
};

/// The one connection to a node, as net/ implements it. It never connects, repeats or waits by itself: all of that is
/// decided by the machine. Thread-safe; `done` is called once for every call, from any thread. One call at a time.
class link {
 public:
  using done_function = std::function<void(link_answer)>;
  virtual ~link() = default;

  /// Opens the connection; one that is open is closed first.
  virtual void connect(duration timeout, done_function done) = 0;
  /// HTTP POSTs of JSON on the open connection, one at a time; the answer to the last one that was sent.
  virtual void post(series what, done_function done) = 0;
  /// Closes the connection; an exchange under way ends with fault::broken.
  virtual void hang_up() = 0;
};

}  // namespace quorate::actors::web3
