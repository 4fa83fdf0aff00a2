// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include "net/detail/client_address.hpp"
#include "net/detail/cors.hpp"
#include "net/detail/request_id.hpp"
#include "net/detail/request_reader.hpp"
#include "net/detail/router.hpp"
#include "tests/fuzz/check.hpp"

using namespace quorate;
using namespace quorate::net::detail;
using fuzz::check;

namespace {

using state = request_reader::state;
constexpr reader_limits limits{512, 256};

/// Everything that a connection's bytes came to, as text; what is not used yet is offered again with more, `step` bytes
/// at a time.
std::string read_all(std::string_view bytes, std::size_t step) {
  request_reader reader(limits);
  std::string seen;
  std::string waiting;
  while (true) {
    const auto used = reader.feed(waiting);
    check(used <= waiting.size());
    waiting.erase(0, used);
    check(reader.body().size() <= limits.body);
    if (reader.where() == state::refused) {
      check(reader.refusal() >= 400 && reader.refusal() < 600);
      return seen;
    }
    if (reader.where() == state::complete) {
      const auto& head = reader.head();
      check(head.target.size() <= limits.head);
      std::string lines;
      is_preflight(head) ? append_preflight(lines, head) : append_cors(lines, head);
      // Nothing that came from a header may end the line it is written into.
      for (std::size_t i = 0; i < lines.size(); ++i) check((lines[i] == '\n') == (i > 0 && lines[i - 1] == '\r'));
      if (is_valid_request_id(head.request_id)) check(head.request_id.find_first_of("\r\n \"") == std::string::npos);
      find_route(head);
      seen += head.target + '|' + reader.body() + '|' + head.origin + '|' + head.admin_key + '\n';
      reader.next();
      continue;
    }
    if (bytes.empty()) return seen;
    waiting.append(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
  }
}

}  // namespace

/// However the bytes are cut, the same requests are read (what is refused at once in one piece may be waited on in
/// many); no limit is exceeded; no header breaks out of its line.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto whole = read_all(text, size + 1);
  for (const std::size_t step : {1, 7}) {
    const auto cut = read_all(text, step);
    check(cut.starts_with(whole) || whole.starts_with(cut));
  }
  if (const auto address = parse_ip(text)) check(parse_ip(to_text(*address)) == address);
  return 0;
}
