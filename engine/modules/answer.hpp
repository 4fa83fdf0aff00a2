// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "chain/calldata.hpp"
#include "chain/json.hpp"

/// What answers contracts' requests to language models and the web (docs/spec/genvm.md §4). It lives in the engine's
/// manager process; contract processes have neither the network nor the keys.
namespace quorate::engine::modules {

using chain::json;

/// Why a module could not do what it was asked. The contract gets it as an exception; a fatal one ends the whole run
/// as an internal error (§1.6).
struct module_error {
  std::vector<std::string> causes;  // codes such as NO_PROVIDER_FOR_PROMPT, the outermost first
  json ctx = json::object();        // the circumstances; never a key
  bool fatal = false;
};

template <class T>
using outcome = tl::expected<T, module_error>;

/// `return failed("EMPTY_PROMPT");` in a function that returns an outcome.
tl::unexpected<module_error> failed(std::string cause, json ctx = json::object(), bool fatal = false);

/// What the run gets: `{"ok": …}` or `{"error": {"causes", "fatal", "ctx"}}`.
struct answer {
  bool fatal = false;
  chain::calldata_value value;
};

answer make_answer(chain::calldata_value ok);
answer make_answer(const module_error& error);

/// For circumstances: fractions, which calldata has not, become text; what is no UTF-8 is replaced; what is nested more
/// than 64 deep is left out.
chain::calldata_value lenient_calldata(const json& value);

/// `text` with U+FFFD for what is not UTF-8.
std::string clean_utf8(std::string_view text);

}  // namespace quorate::engine::modules
