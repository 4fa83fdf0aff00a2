// SPDX-License-Identifier: MIT
#include "rpc/methods/provider_defaults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "chain/json.hpp"
#include "chain/utf8.hpp"
#include "rpc/embedded_providers.hpp"
#include "rpc/methods/provider_rules.hpp"

namespace quorate::rpc::methods {

namespace {

constexpr std::string_view ollama = "ollama";

/// A file of ours that breaks the rules is a programming error.
std::vector<db::llm_provider> read_shipped(std::int64_t ollama_port) {
  auto file = chain::parse_json(embedded::default_providers);
  if (!file) throw std::logic_error{"default_providers.json: " + file.error().detail};
  std::vector<db::llm_provider> out;
  for (auto& one : *file) {
    if (ollama_port != 0 && one["plugin"] == ollama)
      one["plugin_config"]["api_url"] = fmt::format("http://ollama:{}", ollama_port);
    auto read = read_provider(one, fmt::format("[{}]", out.size()));
    if (!read) throw std::logic_error{"default_providers.json: " + read.error().message};
    out.push_back(std::move(*read));
  }
  return out;
}

}  // namespace

provider_defaults::provider_defaults(std::int64_t ollama_port) : all_{read_shipped(ollama_port)} {
  std::copy_if(all_.begin(), all_.end(), std::back_inserter(rows_),
               [&](const db::llm_provider& one) { return ollama_port != 0 || one.plugin != ollama; });
}

result<db::llm_provider> provider_defaults::find(std::string_view provider, std::string_view model) const {
  const db::llm_provider* sibling = nullptr;
  for (const auto& one : all_) {
    if (one.provider != provider) continue;
    if (one.model == model) return one;
    if (sibling == nullptr) sibling = &one;
  }
  if (sibling == nullptr) {
    return fail(errc::invalid_params, fmt::format("Invalid parameter provider: No default provider found for {} and {}",
                                                  chain::excerpt(provider), chain::excerpt(model)));
  }
  auto found = *sibling;
  found.model = model;
  return found;
}

}  // namespace quorate::rpc::methods
