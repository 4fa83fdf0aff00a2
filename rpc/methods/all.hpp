// SPDX-License-Identifier: MIT
#pragma once

#include "rpc/method.hpp"
#include "rpc/methods/services.hpp"

namespace quorate::rpc::methods {

/// Each family adds its methods; a new family is one file and one line here and in all.cpp.
void add_general(method_table& table, const services& with);
void add_blocks(method_table& table, const services& with);
void add_accounts(method_table& table, const services& with);
void add_transactions(method_table& table, const services& with);
void add_transaction_status(method_table& table, const services& with);
void add_submission(method_table& table, const services& with);
void add_cancellation(method_table& table, const services& with);
void add_consensus_contract(method_table& table, const services& with);
void add_contracts(method_table& table, const services& with);
void add_calls(method_table& table, const services& with);
void add_contract_schemas(method_table& table, const services& with);
void add_storage(method_table& table, const services& with);
void add_settings(method_table& table, const services& with);
void add_providers(method_table& table, const services& with);
void add_validators(method_table& table, const services& with);
void add_validator_writes(method_table& table, const services& with);
void add_random_validators(method_table& table, const services& with);
void add_dev(method_table& table, const services& with);
void add_pool_control(method_table& table, const services& with);
void add_subscriptions(method_table& table, const services& with);

}  // namespace quorate::rpc::methods

namespace quorate::rpc {

/// Every method the server answers but rpc_modules and rpc.discover: those list the others, so add_discovery() comes
/// when the table is complete.
method_table make_method_table(const methods::services& with);

}  // namespace quorate::rpc
