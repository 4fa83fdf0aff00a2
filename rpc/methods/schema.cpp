// SPDX-License-Identifier: MIT
#include "rpc/methods/schema.hpp"

namespace quorate::rpc::methods::schema {

namespace {

json typed(std::string_view type, std::string_view description) {
  json out{{"type", type}};
  if (!description.empty()) out["description"] = description;
  return out;
}

json pattern(std::string_view expression) { return {{"type", "string"}, {"pattern", expression}}; }

}  // namespace

json quantity() { return pattern("^0x(0|[1-9a-f][0-9a-f]*)$"); }
json hash() { return pattern("^0x[0-9a-f]{64}$"); }
json address() { return pattern("^0x[0-9a-fA-F]{40}$"); }
json hex() { return pattern("^0x([0-9a-f]{2})*$"); }
json text(std::string_view description) { return typed("string", description); }
json integer(std::string_view description) { return typed("integer", description); }
json boolean() { return typed("boolean", {}); }
json null() { return typed("null", {}); }

json nullable(json schema) {
  schema["type"] = json::array({schema.at("type"), "null"});
  return schema;
}

json array_of(json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

json object(json members, std::string_view description) {
  auto out = typed("object", description);
  json required = json::array();
  for (const auto& [name, unused] : members.items()) required.push_back(name);
  if (!required.empty()) {
    out["properties"] = std::move(members);
    out["required"] = std::move(required);
  }
  return out;
}

}  // namespace quorate::rpc::methods::schema
