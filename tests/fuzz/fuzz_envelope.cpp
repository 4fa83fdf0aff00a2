// SPDX-License-Identifier: MIT
#include "rpc/bind.hpp"
#include "rpc/envelope.hpp"
#include "tests/fuzz/check.hpp"

using namespace quorate;
using fuzz::check;

namespace {

/// One parameter of every type, all optional, so that any prefix of arguments gets to the type checks.
rpc::method every_type() {
  rpc::method m;
  m.name = "every_type";
  m.gate = rpc::gate::admin;
  for (int i = 0; i <= static_cast<int>(rpc::param_type::block); ++i) {
    m.params.push_back(
        {.name = std::string(1, static_cast<char>('a' + i)), .type = rpc::param_type(i), .required = false});
  }
  return m;
}

void check_reply(const std::string& text) {
  check(chain::parse_json(text, {.depth = 1000, .elements = 1'000'000}).has_value());
}

}  // namespace

/// Whatever comes in, what goes out is JSON; bound values are checked values: checking them again changes nothing.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const rpc::method method = every_type();
  const auto request = rpc::read_request(fuzz::text_of(data, size), {}, 10);
  if (!request) {
    check(request.error().code == errc::parse_error || request.error().code == errc::invalid_request);
    std::string reply;
    rpc::append_error(reply, request.error(), "null", "id");
    check_reply(reply);
    return 0;
  }
  check(!request->entries.empty() && request->entries.size() <= 10);
  for (const rpc::entry& e : request->entries) {
    std::string reply;
    rpc::append_result(reply, "", e.id);
    auto args = rpc::arrange(method, e.params);
    if (!args) {
      rpc::append_error(reply = {}, args.error(), e.id, e.method);
    } else if (const auto checked = rpc::check_types(method, *args); !checked) {
      rpc::append_error(reply = {}, checked.error(), e.id, e.method);
    } else {
      const auto before = args->values;
      check(args->values.size() == method.params.size());
      check(rpc::check_types(method, *args).has_value() && args->values == before);
    }
    check_reply(reply);
  }
  return 0;
}
