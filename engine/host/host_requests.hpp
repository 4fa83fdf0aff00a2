// SPDX-License-Identifier: MIT
#pragma once

#include <variant>

#include "engine/host/types.hpp"

/// What a run asks on the host's socket (docs/spec/genvm.md §1.4): bytes in, requests out.
namespace quorate::engine::host {

enum class storage_mode : std::uint8_t { current, latest_final, latest_non_final };

struct storage_read {
  storage_mode mode{};
  chain::address20 account{};
  chain::word256 slot{};
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};
struct fuel_used {};
struct ethereum_call {};
struct balance_read {
  chain::address20 account{};
};
struct fuel_left {};
struct nondet_disagreement {
  std::uint32_t call = 0;
};
struct run_finished {};
using host_request =
    std::variant<storage_read, fuel_used, ethereum_call, balance_read, fuel_left, nondet_disagreement, run_finished>;

/// Bytes of storage that one request may ask for, and of a call to Ethereum.
inline constexpr std::uint32_t longest_read = 16 << 20;

class host_request_reader {
 public:
  void take(chain::bytes_view data) { buffered_.insert(buffered_.end(), data.begin(), data.end()); }
  /// The next whole request, if there is one; errc::internal for a method that does not exist, or a length beyond
  /// longest_read: nothing more can be read then.
  result<std::optional<host_request>> next();
  /// Bytes in memory: what is not read yet, and at most as much that is.
  std::size_t kept() const { return buffered_.size(); }

 private:
  chain::bytes_view rest() const { return chain::bytes_view{buffered_}.subspan(start_); }

  chain::bytes buffered_{};
  std::size_t start_ = 0;
};

/// Answers. An error is one byte that is not zero.
chain::bytes refused_answer();
chain::bytes storage_answer(chain::bytes content);
chain::bytes balance_answer(const chain::integer& balance);
chain::bytes fuel_answer();
chain::bytes farewell();

}  // namespace quorate::engine::host
