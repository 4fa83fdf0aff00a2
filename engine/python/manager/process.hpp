// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <deque>

#include "engine/python/link/frames.hpp"
#include "engine/python/link/orders.hpp"
#include "engine/python/manager/zygote_client.hpp"

namespace quorate::engine::python {

/// How a process ended: with a report of its own, by itself, or because the zygote was lost.
enum class process_end : std::uint8_t { reported, died, lost };

/// When a process's end is told: with its report, or once the process and all that it started are gone.
enum class end_told : std::uint8_t { at_report, when_gone };

/// One process of a run, as the manager sees it: frames in both directions until it has reported and ended.
class process : public std::enable_shared_from_this<process> {
 public:
  struct handlers {
    std::function<void(frame)> on_frame;  // every frame but the report
    /// The report, or what the process's end means. After it, no more frames come.
    std::function<void(run_report, process_end)> on_end;
    /// The last call: the process and all that it started are gone.
    std::function<void()> on_gone;
    end_told when = end_told::when_gone;
  };

  /// `host`, `out` and `err` stay the caller's. Null when no process can be had. Its process is killed when it has
  /// reported.
  static std::shared_ptr<process> start(boost::asio::io_context& io, zygote_client& zygote, int host, int out, int err,
                                        const run_order& order, handlers told);

  void send(frame_kind kind, chain::bytes_view content);
  /// Ends it, whatever it does; on_end follows.
  void kill();
  /// Nobody is told of anything any more.
  void forget() { told_ = {}; }

 private:
  process(boost::asio::io_context& io, zygote_client& zygote, handlers told);
  void read_some();
  void take_frames();
  void write_next();
  void ended(int status);
  void conclude();
  void tell_end();

  zygote_client& zygote_;
  boost::asio::local::stream_protocol::socket control_;
  handlers told_;
  std::optional<std::uint32_t> place_{};
  frame_reader reader_{};
  std::array<std::uint8_t, 16 * 1024> buffer_;
  std::deque<chain::bytes> unsent_{};
  std::optional<run_report> report_{};
  std::optional<int> status_{};  // of its end
  bool is_reading_ = true;
};

}  // namespace quorate::engine::python
