// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/json.hpp"

/// What goes over the link: JSON-RPC as Ethereum nodes speak it.
namespace quorate::actors::web3 {

std::string request_text(std::uint64_t id, std::string_view method, const chain::json& params);

struct reply {
  chain::json result = {};
  std::optional<std::string> refusal = {};  // the node's error in one line, its data (a revert's reason) included
};
/// Empty when the text is no answer to the request of that number.
std::optional<reply> read_reply(std::string_view text, std::uint64_t id);

/// One exchange for many calls, numbered from `first_id` on.
std::string batch_text(std::uint64_t first_id, std::string_view method, const std::vector<chain::json>& params);
struct batch_reply {
  std::vector<reply> replies = {};  // in the order of the calls
  bool refused = false;             // the node knows no batches: one error for all
};
/// Empty when the text is no answer to that batch: each call is answered once, in any order.
std::optional<batch_reply> read_batch(std::string_view text, std::uint64_t first_id, std::size_t calls);

/// `"0x1b"`; empty for anything else, and for more than 64 bits.
std::optional<std::uint64_t> read_quantity(const chain::json& value);

/// What a receipt says of the transaction `rollup_hash`.
struct receipt {
  bool succeeded = false;
  std::int64_t block = 0;
  std::optional<std::string> announced = {};  // id of its first NewTransaction event, 0x and 64 digits
};
/// Empty when it is not a receipt of that transaction.
std::optional<receipt> read_receipt(const chain::json& value, std::string_view rollup_hash);

}  // namespace quorate::actors::web3
