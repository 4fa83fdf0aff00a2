// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "chain/hex.hpp"
#include "chain/result.hpp"

/// What clients wrap calldata into: the data of DEPLOY and RUN, of gen_call, sim_call and eth_call
/// (docs/spec/encoding.md §1.5, §2.2).
namespace quorate::chain {

enum class execution_mode : std::uint8_t { normal, leader_only, leader_self_validator };
/// As the column transactions.execution_mode has it: "NORMAL", "LEADER_ONLY", "LEADER_SELF_VALIDATOR".
std::string_view to_string(execution_mode mode);

struct call_payload {
  bytes code{};  // of a DEPLOY only
  bytes calldata{};
  execution_mode mode = execution_mode::normal;
};

/// `[code, calldata]` or `[code, calldata, flag]`. errc::invalid_params "Invalid transaction payload" otherwise, the
/// reason is its detail. Neither code nor calldata is looked into.
result<call_payload> decode_deploy_payload(bytes_view data);
/// `[calldata]` or `[calldata, flag]`.
result<call_payload> decode_run_payload(bytes_view data);

/// The calldata in the hex text `data` of a read: what starts like an RLP list must be `[calldata]` or
/// `[calldata, flag]`, everything else is bare calldata (decisions.md "Bytes"). errc::invalid_params "Invalid call
/// data" otherwise; also for no bytes, and for the lone byte 0x00, which upstream takes for an empty list.
result<bytes> decode_read_data(std::string_view data);

/// The payload that genlayer-js sends, with the flag always there.
bytes encode_run_payload(bytes_view calldata, bool leader_only);
bytes encode_deploy_payload(bytes_view code, bytes_view calldata, bool leader_only);

}  // namespace quorate::chain
