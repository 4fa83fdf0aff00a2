// SPDX-License-Identifier: MIT
#include "engine/python/manager/api.hpp"

#include <charconv>

namespace quorate::engine::python {

namespace {

using chain::json;

api_response refused(unsigned status, std::string reason) { return {status, {{"error", std::move(reason)}}}; }
api_response refused(const error& reason) {
  return refused(reason.code == errc::server_busy      ? 503
                 : reason.code == errc::invalid_params ? 400
                                                       : 500,
                 reason.message);
}

std::optional<std::uint64_t> run_number(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

result<json> json_body(chain::bytes_view body) {
  auto parsed = chain::parse_json({reinterpret_cast<const char*>(body.data()), body.size()});
  if (!parsed) return fail(errc::invalid_params, "the body must be JSON");
  return parsed;
}

json log_lines(const std::vector<std::string>& lines) {
  json out = json::array();
  for (const auto& line : lines) out.push_back({{"level", "trace"}, {"message", line}});
  return out;
}

}  // namespace

void manager_api::answer(const api_request& request, std::function<void(api_response)> done) {
  constexpr std::string_view runs = "/genvm/";
  const auto path = request.target.substr(0, request.target.find('?'));
  const bool is_post = request.method == "POST", is_get = request.method == "GET";
  if (path == "/genvm/run" && is_post) return done(start_run(request.body));
  if (path.starts_with(runs) && is_get) return done(show_run(path.substr(runs.size())));
  if (path.starts_with(runs) && request.method == "DELETE") return done(remove_run(path.substr(runs.size())));
  if (path == "/module/start" && is_post) return done(module(true, request.body));
  if (path == "/module/stop" && is_post) return done(module(false, request.body));
  if (path == "/status" && is_get) return done(show_status());
  // What an error's text says is all that there is to say.
  if (path == "/vm-error/describe" && is_get) return done({200, json::object()});
  if (path == "/llm/check" && is_post) {
    auto parsed = json_body(request.body);
    if (!parsed) return done(refused(parsed.error()));
    return modules_.check(*parsed, [done](result<json> checked) {
      done(checked ? api_response{200, std::move(*checked)} : refused(checked.error()));
    });
  }
  done(refused(404, "There is no such resource"));
}

api_response manager_api::start_run(chain::bytes_view body) {
  auto request = decode_request(body);
  if (!request) return refused(request.error());
  const auto id = runs_.start(std::move(*request));
  if (!id) return refused(id.error());
  return {200, {{"id", *id}}};
}

api_response manager_api::show_run(std::string_view id) {
  const auto number = run_number(id);
  const run* found = number ? runs_.find(*number) : nullptr;
  if (!found) return refused(404, "There is no such run");
  const run_outcome* outcome = found->outcome();
  if (!outcome) return {200, {{"status", nullptr}}};
  json result = nullptr;
  if (!outcome->result.empty()) result = outcome->result;
  return {200,
          {{"status",
            {{"stdout", outcome->standard_output},
             {"stderr", outcome->standard_error},
             {"genvm_log", log_lines(outcome->log)},
             {"consumed_result", std::move(result)}}}}};
}

api_response manager_api::remove_run(std::string_view id) {
  const auto number = run_number(id);
  if (!number || !runs_.remove(*number)) return refused(404, "There is no such run");
  return {200, json::object()};
}

api_response manager_api::module(bool start, chain::bytes_view body) {
  const auto parsed = json_body(body);
  if (!parsed) return refused(parsed.error());
  const auto done = start ? modules_.start(*parsed) : modules_.stop(*parsed);
  if (!done) return refused(done.error());
  return {200, {{"result", start ? "module_started" : "module_stopped"}}};
}

api_response manager_api::show_status() {
  return {zygote_.is_ready() ? 200u : 503u,
          {{"ready", zygote_.is_ready()}, {"running", runs_.running()}, {"confinement", text_of(zygote_.layers())}}};
}

}  // namespace quorate::engine::python
