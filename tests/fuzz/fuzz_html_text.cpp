// SPDX-License-Identifier: MIT
// Any bytes are a page: its text is tidy UTF-8, no longer than the page allows, and its body lies within it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "chain/utf8.hpp"
#include "engine/modules/web/html_text.hpp"
#include "tests/fuzz/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quorate::engine::modules;
  using quorate::fuzz::check;
  const auto document = decode_page(quorate::fuzz::text_of(data, size), "");
  check(quorate::chain::is_utf8(document));
  const auto text = html_to_text(document);
  check(quorate::chain::is_utf8(text) && text.size() <= 2 * document.size());
  check(text.find("\n\n\n") == std::string::npos && text.find("  ") == std::string::npos);
  check(tidy_text(text) == text);

  const auto body = html_body(document);
  check(body.data() >= document.data() && body.data() + body.size() <= document.data() + document.size());
  return 0;
}
