// SPDX-License-Identifier: MIT
#include "rpc/bind.hpp"

#include <algorithm>

#include "chain/utf8.hpp"

namespace quorate::rpc {

namespace {

bool takes_admin_key(const method& m) { return m.gate != gate::open; }

tl::unexpected<error> refuse(std::string message) { return fail(errc::invalid_params, std::move(message)); }

void take_admin_key(arguments& args, json& value) {
  if (value.is_string()) args.admin_key = std::move(value.get_ref<std::string&>());
}

status by_position(const method& m, json::array_t& given, arguments& args) {
  const std::size_t declared = m.params.size(), room = declared + (takes_admin_key(m) ? 1 : 0);
  if (given.size() > room && !m.ignore_extra_params) return refuse("Too many parameters provided");
  for (std::size_t i = 0; i < std::min(given.size(), declared); ++i) {
    args.values[i] = std::move(given[i]);
    args.given[i] = true;
  }
  if (takes_admin_key(m) && given.size() > declared) take_admin_key(args, given[declared]);
  return {};
}

status by_name(const method& m, json::object_t& given, arguments& args, std::string& unexpected) {
  for (auto& [name, value] : given) {
    const auto found =
        std::find_if(m.params.begin(), m.params.end(), [&wanted = name](const param& p) { return p.name == wanted; });
    if (found != m.params.end()) {
      const auto at = static_cast<std::size_t>(found - m.params.begin());
      args.values[at] = std::move(value);
      args.given[at] = true;
    } else if (takes_admin_key(m) && name == admin_key_name) {
      take_admin_key(args, value);
    } else if (unexpected.empty()) {
      unexpected = name;
    }
  }
  return {};
}

}  // namespace

result<arguments> arrange(const method& m, json params) {
  arguments args;
  args.values.resize(m.params.size());
  args.given.resize(m.params.size());
  std::string unexpected;
  status arranged;
  if (params.is_array()) {
    arranged = by_position(m, params.get_ref<json::array_t&>(), args);
  } else if (params.is_object()) {
    arranged = by_name(m, params.get_ref<json::object_t&>(), args, unexpected);
  } else if (!params.is_null() && m.params.size() == 1) {
    args.values[0] = std::move(params);
    args.given[0] = true;
  } else if (!params.is_null() && !m.ignore_extra_params) {
    return refuse("Positional params require a single argument");
  }
  if (!arranged) return tl::unexpected{std::move(arranged.error())};
  for (std::size_t i = 0; i < m.params.size(); ++i) {
    const param& declared = m.params[i];
    if (!args.given[i] && declared.required) return refuse("Missing required parameter: " + declared.name);
    // An explicit null stands for "as if omitted" (Q17, Q39), except where anything is welcome.
    if (!declared.required && args.values[i].is_null() && declared.type != param_type::any) args.given[i] = false;
    if (!args.given[i]) args.values[i] = declared.fallback;
  }
  if (!unexpected.empty() && !m.ignore_extra_params)
    return refuse("Unexpected parameter: " + chain::excerpt(unexpected));
  return args;
}

status check_types(const method& m, arguments& args) {
  for (std::size_t i = 0; i < m.params.size(); ++i) {
    if (!args.given[i]) continue;
    if (auto checked = check_type(m.params[i], args.values[i]); !checked) return checked;
  }
  return {};
}

}  // namespace quorate::rpc
