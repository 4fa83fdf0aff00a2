// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "engine/modules/prompt.hpp"

/// What the equivalence principles ask a model, in our words. The values come from contracts, and so from anybody: the
/// system text says that they are material, and where each begins.
namespace quorate::engine::modules {

/// What a prompt that wants JSON says besides.
extern const std::string_view json_instruction;

struct prompt_template {
  struct part {
    std::string_view member;  // of the payload
    std::string_view title;   // what stands over it
  };
  std::string_view id;
  prompt_source source;
  answer_format format;
  std::string_view system;
  std::vector<part> parts;
};

/// EqComparative, EqNonComparativeLeader, EqNonComparativeValidator; null for any other.
const prompt_template* find_template(std::string_view id);

}  // namespace quorate::engine::modules
