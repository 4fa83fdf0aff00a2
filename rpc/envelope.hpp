// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "chain/json_reader.hpp"
#include "rpc/method.hpp"

/// The JSON-RPC 2.0 envelope (docs/spec/json-rpc.md §2.2, decisions.md Q1, Q7, Q8). Requests are read without building
/// a tree of them, replies are written by appending text.
namespace quorate::rpc {

/// One entry of a request: the whole body, or an element of a batch.
struct entry {
  bool valid = false;         // an object with a string `method`, and `jsonrpc` absent or a string
  bool notification = false;  // without `id`: runs, but is never answered. `"id":null` is a request with that id
  std::string id = "null";    // JSON text, echoed as it came (white space inside objects and arrays left out)
  std::string method;
  json params = nullptr;  // null when absent
};

struct request {
  bool batch = false;
  std::vector<entry> entries;
};

/// errc::parse_error or errc::invalid_request: nothing of the body is run, and the answer is one error with HTTP 400.
result<request> read_request(std::string_view body, const chain::json_limits& limits, std::size_t batch_limit);

/// Appends `{"jsonrpc":"2.0","result":…,"id":…}`. `result` and `id` are JSON text; an empty result is null (Q1).
void append_result(std::string& out, std::string_view result, std::string_view id);
/// Appends `{"jsonrpc":"2.0","error":…,"id":…}`.
void append_error(std::string& out, const error& e, std::string_view id, std::string_view request_id);

}  // namespace quorate::rpc
