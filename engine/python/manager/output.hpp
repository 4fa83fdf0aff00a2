// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <string>

#include "engine/python/link/descriptor.hpp"

namespace quorate::engine::python {

/// Takes what a run prints: the first bytes are kept, the rest is read and forgotten, so that a run that prints without
/// end neither fills memory nor stops.
class output : public std::enable_shared_from_this<output> {
 public:
  static constexpr std::size_t longest = std::size_t{1} << 20;

  /// Opens a pipe; empty without descriptors.
  static std::shared_ptr<output> open(boost::asio::io_context& io);

  /// For the run's processes; closed by `start`'s caller when all of them are started.
  int writing_end() const { return writing_.get(); }
  void start();
  /// Reads what is left and stops.
  void finish();
  /// Valid UTF-8; where something is missing, the last line says so.
  std::string text() const;

 private:
  output(boost::asio::io_context& io, int reading, int writing);
  void read_some();
  void keep(std::size_t count);

  boost::asio::posix::stream_descriptor reading_;
  descriptor writing_;
  std::array<char, 16 * 1024> buffer_;
  std::string kept_{};
  bool cut_ = false;
};

}  // namespace quorate::engine::python
