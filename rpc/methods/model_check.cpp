// SPDX-License-Identifier: MIT
#include "rpc/methods/model_check.hpp"

#include <utility>

#include "chain/json.hpp"

namespace quorate::rpc::methods {

namespace {

using registry_rows = std::vector<db::llm_provider_row>;

/// Empty: none.
std::string key_variable(const db::llm_provider& model) {
  const auto config = chain::parse_json(model.plugin_config);
  if (!config || !config->is_object()) return {};
  const auto name = config->find("api_key_env_var");
  return name != config->end() && name->is_string() ? name->get<std::string>() : std::string{};
}

result<std::vector<checked_model>> with_flags(registry_rows rows, const std::vector<bool>& flags) {
  if (flags.size() != rows.size()) return fail(errc::internal, {}, {}, "the check of models has lost some of them");
  std::vector<checked_model> out;
  out.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) out.push_back({std::move(rows[i]), flags[i]});
  return out;
}

}  // namespace

model_check check_by_environment(std::function<bool(const std::string& name)> is_set) {
  return [is_set = std::move(is_set)](const std::vector<db::llm_provider>& models, actors::time_point,
                                      const std::function<void(std::vector<bool>)>& done) {
    std::vector<bool> flags;
    flags.reserve(models.size());
    for (const auto& one : models) {
      const auto name = key_variable(one);
      flags.push_back(name.empty() || is_set(name));
    }
    done(std::move(flags));
  };
}

void read_and_check(const model_check& check, actors::request_context& context,
                    std::function<result<registry_rows>(registry_rows)> wanted,
                    std::function<void(result<std::vector<checked_model>>)> then) {
  context.run<registry_rows>(
      db::access::single_statement, db::providers::all,
      [&context, check, wanted = std::move(wanted), then = std::move(then)](result<registry_rows> read) {
        auto rows = std::move(read).and_then(wanted);
        if (!rows) return then(tl::unexpected{std::move(rows.error())});
        std::vector<db::llm_provider> models;
        models.reserve(rows->size());
        for (const auto& row : *rows) models.push_back(row.what);
        check(std::move(models), context.deadline(),
              [resume = context.resumer(), rows = std::move(*rows), then](std::vector<bool> flags) {
                resume([rows, then, flags = std::move(flags)] { then(with_flags(rows, flags)); });
              });
      });
}

}  // namespace quorate::rpc::methods
