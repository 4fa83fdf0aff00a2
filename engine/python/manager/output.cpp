// SPDX-License-Identifier: MIT
#include "engine/python/manager/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "chain/utf8.hpp"

namespace quorate::engine::python {

namespace {

/// What is not UTF-8 becomes U+FFFD: contracts write bytes, clients read text.
std::string cleaned(std::string_view text) {
  if (chain::is_utf8(text)) return std::string{text};
  std::string out;
  while (!text.empty()) {
    const auto length = chain::utf8_sequence(text);
    out += length ? text.substr(0, length) : chain::replacement_character;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace

std::shared_ptr<output> output::open(boost::asio::io_context& io) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return nullptr;
  return std::shared_ptr<output>{new output{io, ends[0], ends[1]}};
}

output::output(boost::asio::io_context& io, int reading, int writing) : reading_{io, reading}, writing_{writing} {
  reading_.non_blocking(true);
}

void output::start() { read_some(); }

void output::read_some() {
  reading_.async_read_some(boost::asio::buffer(buffer_),
                           [self = shared_from_this()](const auto& failed, std::size_t count) {
                             self->keep(count);
                             if (!failed) self->read_some();
                           });
}

void output::keep(std::size_t count) {
  const std::size_t room = longest - kept_.size();
  kept_.append(buffer_.data(), std::min(count, room));
  cut_ = cut_ || count > room;
}

void output::finish() {
  writing_.reset();
  if (!reading_.is_open()) return;
  boost::system::error_code failed;
  while (!failed) {
    const auto count = reading_.read_some(boost::asio::buffer(buffer_), failed);
    if (!failed) keep(count);
  }
  reading_.close(failed);
}

std::string output::text() const { return cleaned(kept_) + (cut_ ? "\n(more was printed)\n" : ""); }

}  // namespace quorate::engine::python
