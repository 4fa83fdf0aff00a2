// SPDX-License-Identifier: MIT
#include "rpc/methods/format/validator_format.hpp"

#include "rpc/methods/format/json_object.hpp"
#include "rpc/methods/schema.hpp"

namespace quorate::rpc::methods {

std::string format_validator(const db::validator_row& row) {
  json_object out;
  out.number("id", row.id).text("address", row.address).number("stake", row.stake);
  out.text("provider", row.provider).text("model", row.model).raw("config", compact_json(row.config));
  out.text("plugin", row.plugin).raw("plugin_config", compact_json(row.plugin_config));
  out.text("created_at", row.created_at);
  return out.str();
}

chain::json validator_schema() {
  return schema::object({{"id", schema::integer()},
                         {"address", schema::nullable(schema::address())},
                         {"stake", schema::integer()},
                         {"provider", schema::text()},
                         {"model", schema::text()},
                         {"config", chain::json{{"type", "object"}}},
                         {"plugin", schema::text()},
                         {"plugin_config", chain::json{{"type", "object"}}},
                         {"created_at", schema::nullable(schema::text())}});
}

}  // namespace quorate::rpc::methods
