// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "chain/hex.hpp"

/// The control stream between the manager and the process of a run: frames of a length (u32, little-endian, of the
/// content), a kind (one byte) and the content.
namespace quorate::engine::python {

enum class frame_kind : std::uint8_t {
  order = 1,  // manager → run: what to run (run_order)
  opening,    // run → manager: what is true before any code of the contract ran (run_opening)
  compile,    // run → manager: SHA-256 of the code, and the code: are there code objects of it?
  compiled,   // manager → run: them, or nothing
  call,       // run → manager: run another contract (call_order)
  called,     // manager → run: its report
  ask,        // run → manager: a request to a module, as calldata
  answered,   // manager → run: the answer, as calldata; empty when the request was malformed
  trace,      // run → manager: a line for the log
  report,     // run → manager: how it ended; the last frame
};

struct frame {
  frame_kind kind{};
  chain::bytes content{};
};

inline constexpr std::size_t longest_frame = std::size_t{128} << 20;

chain::bytes encode_frame(frame_kind kind, chain::bytes_view content);

/// Blocking; false when the stream is broken, or when the content is too long.
bool send_frame(int stream, frame_kind kind, chain::bytes_view content);
std::optional<frame> receive_frame(int stream);

/// Takes a stream apart that arrives in pieces.
class frame_reader {
 public:
  void take(chain::bytes_view data) { buffered_.insert(buffered_.end(), data.begin(), data.end()); }
  /// The next whole frame.
  std::optional<frame> next();
  /// A length beyond longest_frame, or a kind that does not exist: nothing more can be read.
  bool is_broken() const { return broken_; }

 private:
  chain::bytes buffered_{};
  std::size_t start_ = 0;
  bool broken_ = false;
};

}  // namespace quorate::engine::python
