// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quorate::bench {

/// Cuts HTTP/1.x replies with a Content-Length out of a byte stream; all that a load generator needs and no more.
class reply_parser {
 public:
  enum class state { more, complete, broken };

  /// Takes what the socket gave and says whether one reply is whole.
  state feed(std::string_view bytes);
  /// Forgets the complete reply, so that the next one can be read.
  void next();

  int status() const { return status_; }
  std::string_view body() const { return std::string_view{buffer_}.substr(head_, length_); }
  /// The server closes the connection after this reply.
  bool closes() const { return closes_; }

 private:
  bool parse_head(std::string_view head);

  std::string buffer_;
  std::size_t head_ = 0;  // bytes of the head including the blank line; 0: not whole yet
  std::size_t length_ = 0;
  int status_ = 0;
  bool closes_ = false;
};

}  // namespace quorate::bench
