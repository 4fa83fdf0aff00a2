// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>

#include "engine/modules/web/browser/page_fetches.hpp"
#include "engine/modules/web/web.hpp"

namespace quorate::engine::modules {

/// A page that is to be shown.
struct page_request {
  std::string url{};  // as the policy gives it
  render_mode mode = render_mode::text;
  std::chrono::milliseconds wait{0};
  std::size_t most_bytes = 16u << 20;
  std::chrono::steady_clock::time_point deadline{};
  std::shared_ptr<const web_module> by{};
};

/// Why there is nothing to see: the page's fault, or there is no browser, and then the page can be read without one.
struct page_failure {
  bool no_browser = false;
  module_error why{};
};
/// Text, HTML or a PNG.
using page_content = tl::expected<std::string, page_failure>;

/// Shows a page in a browser of its own, and blocks until that is done. Every request of the page, its own included, is
/// answered by `fetches`, under the rules for contracts' requests; the browser itself has no network. `fetches.stop()`
/// from another thread ends it.
page_content show_page(const std::string& program, const page_request& what, page_fetches& fetches);

}  // namespace quorate::engine::modules
