// SPDX-License-Identifier: MIT
#include <utility>

#include "engine/modules/mocks.hpp"
#include "engine/modules/web/visit.hpp"
#include "engine/modules/web/web.hpp"

namespace quorate::engine::modules {

namespace {

using chain::calldata_map;
using chain::calldata_value;

calldata_value as_bytes_value(std::string_view text) { return calldata_value{chain::bytes{text.begin(), text.end()}}; }

answer response_answer(chain::integer status, calldata_map headers, calldata_value body) {
  calldata_map response;
  response.emplace("status", std::move(status));
  response.emplace("headers", std::move(headers));
  response.emplace("body", std::move(body));
  calldata_map out;
  out.emplace("response", std::move(response));
  return make_answer(calldata_value{std::move(out)});
}

answer mocked_response(const json& mock) {
  const auto text_of = [](const json& value) {
    return value.is_string() ? value.get<std::string>() : chain::dump_json(value);
  };
  const auto found = mock.find("status");
  const auto status = found == mock.end() ? chain::integer{200} : chain::as_integer(*found).value_or(0);
  calldata_map headers;
  if (const auto given = mock.find("headers"); given != mock.end() && given->is_object()) {
    for (const auto& [name, value] : given->items()) headers.emplace(name, as_bytes_value(text_of(value)));
  }
  const auto body = mock.find("body");
  const bool has_body = body != mock.end() && !body->is_null();
  return response_answer(status, std::move(headers), has_body ? as_bytes_value(text_of(*body)) : calldata_value{});
}

}  // namespace

void answer_request(const job_ptr& to, std::shared_ptr<const web_module> by, http_request asked, const json& host_data,
                    const exchange_limits& limits) {
  if (const json* const mock = mocked_request(host_data, asked.url, asked.method)) {
    return to->finish(mocked_response(*mock));
  }
  const bool wants_body = asked.method != "HEAD";
  visit(to, std::move(by), std::move(asked), limits, false, [to, wants_body](const http_response& got) {
    calldata_map headers;
    for (const auto& [name, value] : got.headers) {
      if (!headers.contains(clean_utf8(name))) headers.emplace(clean_utf8(name), as_bytes_value(header_of(got, name)));
    }
    to->finish(
        response_answer(got.status, std::move(headers), wants_body ? as_bytes_value(got.body) : calldata_value{}));
  });
}

}  // namespace quorate::engine::modules
