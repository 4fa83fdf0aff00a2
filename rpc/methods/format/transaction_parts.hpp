// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chain/json.hpp"
#include "db/rows.hpp"

/// The JSON columns of a transaction, parsed once per answer, and careful ways to look into them: every part may be
/// missing or of an older shape (docs/spec/decisions.md Q26, docs/spec/database.md §2.3).
namespace quorate::rpc::methods {

using chain::json;

/// Where Ethereum's shape demands an address and there is none.
inline const std::string zero_address = "0x" + std::string(40, '0');

/// JSON text of a column as a tree in which every `private_key` is null (Q15). Null for an absent column.
json parse_column(const db::json_text& column);

/// The member of that name; nullptr when `value` is no object, lacks it or has null there.
const json* member(const json* value, std::string_view key);
/// The member's text; empty for everything but a string.
std::string text_member(const json* value, std::string_view key);
/// Element `index` of an array. A lone object counts as an array of one, the form of the seed's receipts.
const json* element(const json* list, std::size_t index);
/// The elements of an array; none for everything else.
std::vector<const json*> elements(const json* list);

struct transaction_parts {
  explicit transaction_parts(const db::transaction_row& row);

  json data, consensus_data, consensus_history, leader_timeout_validators, sim_config;

  /// Receipt 0 is the leader's run, receipt 1 the leader as a validator.
  const json* leader_receipt(std::size_t index) const;
  /// consensus_history.consensus_results, oldest first.
  std::vector<const json*> rounds() const;
};

/// 1 when the leader's run succeeded, 2 when it failed, 0 when nobody ran it.
int execution_result(const transaction_parts& parts);

/// Address in the receipt's node_config; empty when there is none.
std::string receipt_address(const json* receipt);
/// Position of a vote's name in docs/spec/json-rpc.md §9.2: NOT_VOTED 0 … IDLE 5. Anything unknown counts as not voted.
int vote_number(std::string_view vote);
/// Upper-case name of a vote number.
std::string_view vote_name(int number);

}  // namespace quorate::rpc::methods
