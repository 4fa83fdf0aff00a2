// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "db/providers.hpp"

namespace quorate::rpc::methods {

/// The models that come with Quorate (default_providers.json). Values: nothing changes them (decisions.md Q22).
class provider_defaults {
 public:
  /// `ollama_port`: where the host `ollama` answers; 0: there is none, so its models are no defaults of a database.
  explicit provider_defaults(std::int64_t ollama_port = 0);

  /// What a database gets at its first start and by a reset.
  const std::vector<db::llm_provider>& rows() const { return rows_; }
  /// How to reach a model of which only the name is known: that very default, else the first of the same provider under
  /// the other model's name. errc::invalid_params for a provider without any.
  result<db::llm_provider> find(std::string_view provider, std::string_view model) const;

 private:
  std::vector<db::llm_provider> all_, rows_;
};

}  // namespace quorate::rpc::methods
