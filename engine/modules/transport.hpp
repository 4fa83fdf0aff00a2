// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "engine/modules/http_message.hpp"

namespace quorate::engine::modules {

/// HTTP exchanges, all on one thread of its own. Redirects are answers like others: who may follow them decides.
class transport {
 public:
  struct settings {
    std::size_t most_connections = 64;  // open at a time; further exchanges wait, and their time runs
    std::size_t most_exchanges = 1024;  // running and waiting; further ones fail at once
  };

  struct exchange {
    http_request request = {};
    std::chrono::milliseconds time_limit{30'000};  // from start() to the last byte
    std::size_t most_bytes = 16u << 20;            // of the body, after decompression
    /// Only addresses that everybody reaches (web/public_address.hpp), whatever the name resolves to; without a proxy,
    /// and on a connection that nobody used before.
    bool public_only = false;
    bool decompress = false;
  };

  enum class failure_kind : std::uint8_t { timeout, unreachable, forbidden_address, too_large, busy, broken_off };
  struct failure {
    failure_kind kind;
    std::string message;  // for people; no header of the request and no query is in it
  };
  using fetched = tl::expected<http_response, failure>;
  using callback = std::function<void(fetched)>;
  using id = std::uint64_t;

  explicit transport(const settings& limits);
  /// Exchanges that run are broken off; what waits for them is not called any more.
  ~transport();
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;

  /// Runs a function on the transport's thread, in the order of the calls. From any thread.
  void post(std::function<void()> work);
  bool is_own_thread() const;

  /// On the transport's thread only. `done` comes on it too, later, once.
  id start(exchange what, callback done);
  /// On the transport's thread only. Closes the connection; the callback does not come any more. Unknown ids are
  /// nothing.
  void abort(id which);

 private:
  class loop;
  std::unique_ptr<loop> loop_;
};

}  // namespace quorate::engine::modules
