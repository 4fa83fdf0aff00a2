// SPDX-License-Identifier: MIT
#include "rpc/discover.hpp"

#include <fmt/format.h>

namespace quorate::rpc {

namespace {

std::string_view gate_text(gate g) {
  switch (g) {
    case gate::open: return {};
    case gate::admin:
      return "Needs the admin key where one is set; refused on a hosted server without one. The key goes last, by name "
             "(`admin_key`) or in the header `X-Admin-Key`.";
    case gate::admin_or_signature:
      return "Needs the admin key or a signature where a key is set or the server is hosted.";
    case gate::hosted_only: return "Open, except on a hosted server, where it needs the admin key.";
  }
  return {};
}

/// How the method reaches the database, in the words of docs/design.md §2.
std::string_view work_text(const handler& h) {
  struct words {
    std::string_view operator()(const immediate&) const { return "answered without the database"; }
    std::string_view operator()(const keyed_read&) const { return "one row by key, coalesced with its neighbours"; }
    std::string_view operator()(const unit& u) const {
      return u.access == db::access::read_write ? "one transaction that writes" : "one transaction that reads";
    }
    std::string_view operator()(const steps&) const { return "several steps, no connection held between them"; }
  };
  return std::visit(words{}, h);
}

/// A vertical bar would end the table's cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

void append_method(std::string& out, const method& m) {
  out += fmt::format("\n## `{}`\n\n{}\n", m.name, m.summary);
  if (!m.params.empty()) {
    out += "\n| parameter | type | default | |\n|---|---|---|---|\n";
    for (const param& p : m.params) {
      out += fmt::format("| `{}` | {} | {} | {} |\n", p.name, to_string(p.type),
                         p.required ? "required" : cell('`' + chain::dump_json(p.fallback) + '`'), cell(p.help));
    }
  }
  out += fmt::format("\nResult: `{}`. Work: {}.\n",
                     m.result_schema.is_null() ? "any" : chain::dump_json(m.result_schema), work_text(m.handler));
  if (m.ignore_extra_params) out += "Further parameters are ignored.\n";
  if (const auto text = gate_text(m.gate); !text.empty()) out += fmt::format("\n{}\n", text);
}

}  // namespace

std::string methods_markdown(const method_table& table) {
  std::string out =
      "# Methods\n\n"
      "<!-- Generated from the method table; UPDATE_DOCS=1 with the test methods_page.* writes it anew. -->\n\n"
      "Every method takes its parameters by position or by name. `POST /api`, JSON-RPC 2.0, batches of up to 100 (a "
      "setting).\n"
      "Types: *address* 40 hex digits with or without `0x`, any letter case; *hash* `0x` and 64 hex digits; *amount* "
      "wei as a\n"
      "whole JSON number of any size, decimal text or `0x` hex; *block* `latest`, `earliest`, `pending`, `safe`, "
      "`finalized`\n"
      "or a hex number.\n";
  for (const auto& [name, m] : table.all()) append_method(out, m);
  return out;
}

}  // namespace quorate::rpc
