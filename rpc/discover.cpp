// SPDX-License-Identifier: MIT
#include "rpc/discover.hpp"

#include <memory>
#include <set>

#include "rpc/bind.hpp"

namespace quorate::rpc {

namespace {

/// "eth" of eth_getBalance, "rpc" of rpc.discover; a name without a namespace has no module.
std::string_view module_of(std::string_view name) {
  const auto end = name.find_first_of("_.");
  return end == std::string_view::npos ? std::string_view{} : name.substr(0, end);
}

std::string modules_text(const method_table& table) {
  json modules = json::object();
  for (const auto& [name, m] : table.all()) {
    if (const auto module = module_of(name); !module.empty()) modules[std::string{module}] = "1.0";
  }
  return chain::dump_json(modules);
}

json hex_text(std::string_view pattern) { return {{"type", "string"}, {"pattern", pattern}}; }

json parameter_object(const param& p) {
  json out{{"name", p.name}, {"required", p.required}, {"schema", schema_of(p.type)}};
  if (!p.help.empty()) out["description"] = p.help;
  if (!p.required && !p.fallback.is_null()) out["schema"]["default"] = p.fallback;
  return out;
}

json method_object(const method& m) {
  json params = json::array();
  for (const param& p : m.params) params.push_back(parameter_object(p));
  if (m.gate != gate::open) {
    params.push_back(
        parameter_object({.name = std::string{admin_key_name},
                          .type = param_type::string,
                          .required = false,
                          .fallback = nullptr,
                          .help = "Needed where the server has an admin key; header X-Admin-Key does as well."}));
  }
  const json schema = m.result_schema.is_null() ? json::object() : m.result_schema;
  return {{"name", m.name},
          {"summary", m.summary},
          {"paramStructure", "either"},
          {"params", std::move(params)},
          {"result", {{"name", "result"}, {"schema", schema}}}};
}

}  // namespace

std::string_view to_string(param_type type) {
  switch (type) {
    case param_type::any: return "any";
    case param_type::address: return "address";
    case param_type::hash: return "hash";
    case param_type::string: return "string";
    case param_type::integer: return "integer";
    case param_type::amount: return "amount";
    case param_type::boolean: return "boolean";
    case param_type::object: return "object";
    case param_type::array: return "array";
    case param_type::strings: return "array of strings";
    case param_type::block: return "block";
  }
  return "any";
}

json schema_of(param_type type) {
  switch (type) {
    case param_type::any: return json::object();
    case param_type::address: return hex_text("^(0[xX])?[0-9a-fA-F]{40}$");
    case param_type::hash: return hex_text("^0x[0-9a-fA-F]{64}$");
    case param_type::string: return {{"type", "string"}};
    case param_type::integer: return {{"type", "integer"}};
    case param_type::amount:
      return {{"oneOf", {{{"type", "integer"}, {"minimum", 0}}, hex_text("^([0-9]+|0x[0-9a-fA-F]+)$")}}};
    case param_type::boolean: return {{"type", "boolean"}};
    case param_type::object: return {{"type", "object"}};
    case param_type::array: return {{"type", "array"}};
    case param_type::strings: return {{"type", "array"}, {"items", {{"type", "string"}}}};
    case param_type::block: return hex_text("^(latest|earliest|pending|safe|finalized|(0[xX])?[0-9a-fA-F]+)$");
  }
  return json::object();
}

json openrpc_document(const method_table& table, std::string_view version) {
  json methods = json::array();
  for (const auto& [name, m] : table.all()) methods.push_back(method_object(m));
  return {{"openrpc", "1.2.6"},
          {"info",
           {{"title", "Quorate"},
            {"version", version},
            {"description", "JSON-RPC of a GenLayer Studio backend."},
            {"license", {{"name", "MIT"}}}}},
          {"methods", std::move(methods)}};
}

void add_discovery(method_table& table, std::string_view version) {
  const auto modules = std::make_shared<std::string>(), document = std::make_shared<std::string>();
  const auto constant = [](std::shared_ptr<const std::string> text) {
    return immediate{[text = std::move(text)](const call&) -> result<json_text> { return *text; }};
  };
  table.add({.name = "rpc_modules",
             .summary = "The namespaces this server answers, with their versions.",
             .params = {},
             .result_schema = {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}},
             .handler = constant(modules)});
  table.add({.name = "rpc.discover",
             .summary = "This server's methods as an OpenRPC document.",
             .params = {},
             .result_schema = {{"type", "object"}},
             .handler = constant(document)});
  *modules = modules_text(table);
  *document = chain::dump_json(openrpc_document(table, version));
}

}  // namespace quorate::rpc
