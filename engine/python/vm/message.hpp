// SPDX-License-Identifier: MIT
#pragma once

#include "chain/calldata.hpp"

/// The message of a run, in the shape that contracts see as `gl.message_raw` (docs/spec/genvm.md §2.2).
namespace quorate::engine::python {

/// Where a run came in.
enum class entry_kind : std::uint8_t { main, sandbox, consensus_stage };

/// A checked message map.
class run_message {
 public:
  /// From the `message` and `calldata` of a request (genvm.md §1.2). errc::invalid_params names the field.
  static result<run_message> from_request(const chain::calldata_map& message, const chain::bytes& calldata,
                                          const std::string& timestamp);
  /// What `to_calldata` gave; errc::invalid_params names the field.
  static result<run_message> from_calldata(chain::calldata_map map);

  const chain::calldata_map& map() const { return map_; }
  chain::calldata_value to_calldata() const { return chain::calldata_value{map_}; }
  chain::bytes encoded() const;

  const chain::address20& contract() const { return address("contract_address"); }
  const chain::address20& sender() const { return address("sender_address"); }
  bool is_init() const;
  const std::string& datetime() const;
  /// How many contracts wait for this one.
  std::size_t depth() const;

  /// The message of a contract that this one's run calls as a view.
  run_message for_callee(const chain::address20& callee, chain::bytes entry_data) const;

 private:
  explicit run_message(chain::calldata_map map) : map_{std::move(map)} {}
  const chain::address20& address(const char* name) const;

  chain::calldata_map map_;
};

}  // namespace quorate::engine::python
