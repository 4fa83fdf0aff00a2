// SPDX-License-Identifier: MIT
#include "rpc/methods/all.hpp"

namespace quorate::rpc {

method_table make_method_table(const methods::services& with) {
  method_table table;
  for (const auto add : {methods::add_general,
                         methods::add_blocks,
                         methods::add_accounts,
                         methods::add_transactions,
                         methods::add_transaction_status,
                         methods::add_submission,
                         methods::add_cancellation,
                         methods::add_consensus_contract,
                         methods::add_contracts,
                         methods::add_calls,
                         methods::add_contract_schemas,
                         methods::add_storage,
                         methods::add_settings,
                         methods::add_providers,
                         methods::add_validators,
                         methods::add_validator_writes,
                         methods::add_random_validators,
                         methods::add_dev,
                         methods::add_pool_control,
                         methods::add_subscriptions})
    add(table, with);
  return table;
}

}  // namespace quorate::rpc
