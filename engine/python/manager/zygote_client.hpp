// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <unordered_map>
#include <vector>

#include "engine/python/zygote/launch.hpp"
#include "engine/python/zygote/messages.hpp"

namespace quorate::engine::python {

/// The manager's side of the zygote: starts it, and anew when it is gone; starts and ends the processes of runs.
class zygote_client {
 public:
  /// The exit status of a process, as of waitpid; or -1 when the zygote was lost with it.
  using on_end = std::function<void(int status)>;

  zygote_client(boost::asio::io_context& io, bool allow_without_seccomp);
  ~zygote_client();
  zygote_client(const zygote_client&) = delete;
  zygote_client& operator=(const zygote_client&) = delete;

  /// `ready` hears once whether runs can be started. errc::internal when not even a process can.
  status start(std::function<void(status)> ready);
  bool is_ready() const { return is_ready_; }
  const active_layers& layers() const { return layers_; }

  /// A process for a run; its place, by which it can be killed until `ended` is called. Empty when there is none to be
  /// had.
  std::optional<std::uint32_t> start_run(const run_descriptors& descriptors, on_end ended);
  void kill_run(std::uint32_t place);

 private:
  void listen();
  void take_news();
  void lose_zygote();
  void end_place(std::uint32_t place, int status);

  bool allow_without_seccomp_;
  boost::asio::posix::stream_descriptor orders_;
  boost::asio::steady_timer again_;
  pid_t pid_ = -1;
  bool is_ready_ = false;
  bool is_closing_ = false;
  active_layers layers_{};
  std::function<void(status)> ready_;
  std::vector<std::uint32_t> free_{};
  std::unordered_map<std::uint32_t, on_end> running_{};
};

}  // namespace quorate::engine::python
