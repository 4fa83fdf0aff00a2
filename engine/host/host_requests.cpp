// SPDX-License-Identifier: MIT
#include "engine/host/host_requests.hpp"

#include <algorithm>

#include "chain/big_endian.hpp"
#include "chain/little_endian.hpp"

namespace quorate::engine::host {

namespace {

enum class host_method : std::uint8_t {
  storage_read,
  consume_fuel,
  eth_call,
  get_balance,
  remaining_fuel,
  notify_disagreement,
  consume_result,
  notify_finished
};

/// Bytes behind the method.
constexpr std::size_t fixed_size(std::uint8_t method) {
  constexpr std::size_t sizes[] = {1 + 20 + 32 + 4 + 4, 8, 20 + 4, 20, 0, 4, 0, 0};
  return sizes[method];
}

std::uint32_t number_at(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(chain::from_little_endian({at, sizeof(std::uint32_t)}));
}

chain::address20 address_at(const std::uint8_t* at) {
  chain::address20 out;
  std::copy_n(at, out.size(), out.begin());
  return out;
}

tl::unexpected<error> broken(const char* what) {
  return fail(errc::internal, "The engine broke the protocol", {}, what);
}

result<host_request> read_storage_request(const std::uint8_t* at) {
  storage_read out;
  if (at[0] > static_cast<std::uint8_t>(storage_mode::latest_non_final)) return broken("no such storage mode");
  out.mode = static_cast<storage_mode>(at[0]);
  out.account = address_at(at + 1);
  std::copy_n(at + 21, out.slot.size(), out.slot.begin());
  out.offset = number_at(at + 53);
  out.size = number_at(at + 57);
  if (out.size > longest_read) return broken("a read is too long");
  return out;
}

}  // namespace

result<std::optional<host_request>> host_request_reader::next() {
  const auto data = rest();
  if (data.empty()) return std::nullopt;
  if (data[0] > static_cast<std::uint8_t>(host_method::notify_finished)) return broken("no such method");
  std::size_t size = 1 + fixed_size(data[0]);
  if (data.size() < size) return std::nullopt;
  const std::uint8_t* fields = data.data() + 1;
  result<host_request> out = run_finished{};
  switch (static_cast<host_method>(data[0])) {
    case host_method::storage_read: out = read_storage_request(fields); break;
    case host_method::consume_fuel: out = fuel_used{}; break;
    case host_method::eth_call: {
      const auto length = number_at(fields + 20);
      if (length > longest_read) return broken("a call is too long");
      size += length;
      out = ethereum_call{};
      break;
    }
    case host_method::get_balance: out = balance_read{address_at(fields)}; break;
    case host_method::remaining_fuel: out = fuel_left{}; break;
    case host_method::notify_disagreement: out = nondet_disagreement{number_at(fields)}; break;
    case host_method::consume_result: return broken("results go to the manager");
    case host_method::notify_finished: break;
  }
  if (!out) return tl::unexpected{out.error()};
  if (data.size() < size) return std::nullopt;
  start_ += size;
  // A run that talks on and never ends a piece where a question ends must not fill the memory.
  if (start_ >= buffered_.size() - start_) {
    buffered_.erase(buffered_.begin(), buffered_.begin() + static_cast<std::ptrdiff_t>(start_));
    start_ = 0;
  }
  return std::optional{std::move(*out)};
}

/// The codes of genvm.md §1.4; 2 is "forbidden".
chain::bytes refused_answer() { return {2}; }

chain::bytes storage_answer(chain::bytes content) {
  content.insert(content.begin(), 0);
  return content;
}

chain::bytes balance_answer(const chain::integer& balance) {
  // More than 256 bits is no balance that the protocol can say.
  if (balance < 0 || (balance != 0 && msb(balance) >= 256)) return refused_answer();
  auto word = chain::to_word(balance);
  std::ranges::reverse(word);
  chain::bytes out{0};
  chain::append(out, word);
  return out;
}

chain::bytes fuel_answer() {
  // Studio's: 2^53 - 1.
  constexpr std::uint64_t fuel = (std::uint64_t{1} << 53) - 1;
  chain::bytes out{0};
  chain::append_little_endian(out, fuel, sizeof fuel);
  return out;
}

chain::bytes farewell() { return {0}; }

}  // namespace quorate::engine::host
