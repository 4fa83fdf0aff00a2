// SPDX-License-Identifier: MIT
#include "engine/python/confinement/layers.hpp"

namespace quorate::engine::python {

std::string text_of(const active_layers& layers) {
  std::string out = "resource limits, no new privileges";
  if (layers.seccomp) out += ", seccomp";
  if (layers.landlock) out += ", landlock " + std::to_string(layers.landlock);
  if (layers.user_namespace) out += ", user namespace";
  if (layers.network_namespace) out += ", network namespace";
  if (layers.process_namespace) out += ", process namespace";
  if (layers.own_user) out += ", a user for each run";
  return out;
}

}  // namespace quorate::engine::python
