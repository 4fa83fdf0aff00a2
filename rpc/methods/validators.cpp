// SPDX-License-Identifier: MIT
#include "db/validators.hpp"

#include "rpc/methods/all.hpp"
#include "rpc/methods/format/json_object.hpp"
#include "rpc/methods/format/validator_format.hpp"
#include "rpc/methods/new_validator.hpp"
#include "rpc/methods/schema.hpp"

/// Reads of validators (docs/spec/json-rpc.md §7.2); private keys are never part of a row.
namespace quorate::rpc::methods {

namespace {

using rows = std::vector<db::validator_row>;

json_text format_all(const rows& all) { return json_array(all, format_validator); }

result<json_text> count(db::transaction& tx) {
  return db::validators::count(tx).map([](std::int64_t n) { return std::to_string(n); });
}

db::unit_of_work<json_text> one(std::string address) {
  return [address = std::move(address)](db::transaction& tx) -> result<json_text> {
    auto row = db::validators::by_address(tx, address);
    if (!row) return tl::unexpected{std::move(row.error())};
    if (!*row) return no_such_validator(address);
    return format_validator(**row);
  };
}

unit reads(work what) {
  return {db::access::single_statement, [what = std::move(what)](const call&) -> result<work> { return what; }};
}

}  // namespace

void add_validators(method_table& table, const services&) {
  table.add({.name = "sim_getAllValidators",
             .summary = "Every validator, by id.",
             .params = {},
             .result_schema = schema::array_of(validator_schema()),
             .level = log_level::info,
             .handler = reads(work::rows<rows>(db::validators::all, format_all))});
  table.add({.name = "sim_getValidator",
             .summary = "One validator.",
             .params = {{.name = "validator_address", .type = param_type::address, .help = "20 bytes in hex."}},
             .result_schema = validator_schema(),
             .level = log_level::info,
             .handler = unit{db::access::single_statement, [](const call& c) -> result<db::unit_of_work<json_text>> {
                               return one(c.params[0].get<std::string>());
                             }}});
  table.add({.name = "sim_countValidators",
             .summary = "How many validators there are.",
             .params = {},
             .result_schema = schema::integer(),
             .level = log_level::info,
             .handler = reads(db::unit_of_work<json_text>{count})});
}

}  // namespace quorate::rpc::methods
