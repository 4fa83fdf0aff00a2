// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/commands/node_client.hpp"
#include "config/values.hpp"

/// The parts of `quorate doctor`. Nothing here changes anything.
namespace quorate::app {

/// One thing that a person could have got wrong: what was found, and how to mend it when it is bad.
struct finding {
  enum class grade { good, warning, bad } grade;
  std::string what, remedy;
};
using findings = std::vector<finding>;

inline finding good(std::string what) { return {finding::grade::good, std::move(what), {}}; }
inline finding warning(std::string what, std::string remedy) {
  return {finding::grade::warning, std::move(what), std::move(remedy)};
}
inline finding bad(std::string what, std::string remedy) {
  return {finding::grade::bad, std::move(what), std::move(remedy)};
}

/// Address and port, proxies, open files, the log, who may administrate. `node`: the one that runs already.
findings check_service(const config::values& v, const std::optional<node_address>& node);
/// Bounds and sense of the pool's figures.
findings check_pool(const config::values& v);
/// The node that is forwarded to: whether it answers, knows the contract, or could be started.
findings check_hardhat(const config::values& v);
findings check_engine(const config::values& v);
/// The data directory and the programs of the private PostgreSQL.
findings check_embedded(const config::values& v, const std::filesystem::path& data,
                        const std::optional<node_address>& node);
/// What a connection shows: server, rights, schema, and whether the pool's connections fit.
findings check_database(const config::values& v, const std::string& conninfo, const std::optional<node_address>& node);

}  // namespace quorate::app
