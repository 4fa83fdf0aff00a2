// SPDX-License-Identifier: MIT
#include <cstdio>
#include <cstring>

#include "engine/python/zygote/zygote.hpp"

/// `quorate-python`: what quorate-engine forks contracts from (engine/python/zygote/launch.cpp starts it). It has
/// Python, and no library that only the engine needs.
int main(int count, char** words) {
  using namespace quorate::engine::python;
  constexpr int orders = 3;
  const bool confined = count == 2 && std::strcmp(words[1], "confined") == 0;
  const bool unconfined = count == 2 && std::strcmp(words[1], "unconfined") == 0;
  // Nothing else may run before Python starts.
  if (confined || unconfined) return serve_zygote(orders, unconfined);
  std::fprintf(stderr, "quorate-python is started by quorate-engine, which lies beside it\n");
  return 2;
}
