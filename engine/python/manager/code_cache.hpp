// SPDX-License-Identifier: MIT
#pragma once

#include <list>
#include <map>

#include "chain/keccak.hpp"

namespace quorate::engine::python {

/// Code objects of contracts, by the SHA-256 of their code; those that were not used for longest go first. They are
/// made by processes that are shut in, and never looked into here.
class code_cache {
 public:
  explicit code_cache(std::size_t most_bytes) : most_bytes_{most_bytes} {}

  /// Null when it is not there; empty when the code does not compile.
  const chain::bytes* find(const chain::hash256& code);
  void keep(const chain::hash256& code, chain::bytes objects);

 private:
  struct entry {
    chain::bytes objects;
    std::list<chain::hash256>::iterator used;
  };

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::list<chain::hash256> used_{};  // last used first
  std::map<chain::hash256, entry> entries_{};
};

}  // namespace quorate::engine::python
