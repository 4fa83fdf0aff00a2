// SPDX-License-Identifier: MIT
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "engine/modules/web/browser/browser.hpp"
#include "engine/modules/web/html_text.hpp"
#include "engine/modules/web/visit.hpp"
#include "engine/modules/web/web.hpp"

namespace quorate::engine::modules {

namespace {

using chain::calldata_map;
using chain::calldata_value;

answer rendered(const char* key, calldata_value value) {
  calldata_map out;
  out.emplace(key, std::move(value));
  return make_answer(calldata_value{std::move(out)});
}

answer rendered_content(render_mode mode, std::string content) {
  if (mode != render_mode::screenshot) return rendered("text", calldata_value{clean_utf8(content)});
  return rendered("image", calldata_value{chain::bytes{content.begin(), content.end()}});
}

std::string query_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// The page's own status, which the service reports in a header of its answer.
int status_of(const http_response& from) {
  const auto header = header_of(from, "resulting-status");
  int out = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), out);
  return !header.empty() && error == std::errc{} && end == header.data() + header.size() ? out : from.status;
}

void render_there(const job_ptr& to, const web_module& by, const render_request& asked, const std::string& url,
                  exchange_limits limits) {
  limits.time += asked.wait;
  const auto seconds = fmt::format("{}", static_cast<double>(asked.wait.count()) / 1000);
  const auto target = fmt::format("{}/render?url={}&mode={}&waitAfterLoaded={}", by.webdriver, query_value(url),
                                  name(asked.mode), seconds);
  to->fetch({.request = {.method = "GET", .url = target}, .time_limit = limits.time, .most_bytes = limits.bytes},
            [to, url, mode = asked.mode](const transport::fetched& got) {
              if (!got)
                return to->finish(
                    load_failure(url, {.kind = got.error().kind, .message = "webdriver: " + got.error().message}));
              // The service itself must have done its part; the page's status is another matter.
              const int status = is_loaded(got->status) ? status_of(*got) : got->status;
              if (!is_loaded(status)) return to->finish(not_loaded(url, status, got->body));
              to->finish(rendered_content(mode, got->body));
            });
}

std::string page_text(const http_response& page, render_mode mode) {
  const auto type = header_of(page, "content-type");
  const auto document = decode_page(page.body, type);
  const bool is_html = type.empty() || type.find("html") != std::string::npos;
  if (mode == render_mode::html) return std::string{is_html ? html_body(document) : std::string_view{document}};
  return is_html ? html_to_text(document) : tidy_text(document);
}

void render_as_text(const job_ptr& to, std::shared_ptr<const web_module> by, const render_request& asked,
                    const std::string& url, const exchange_limits& limits) {
  if (asked.mode == render_mode::screenshot)
    return to->finish(load_failure(url, "there is no browser, which screenshots need"));
  http_request page{.method = "GET", .url = url, .headers = {{"Accept", "text/html,*/*;q=0.8"}}};
  visit(to, std::move(by), std::move(page), limits, true, [to, url, mode = asked.mode](const http_response& got) {
    if (!is_loaded(got.status)) return to->finish(not_loaded(url, got.status, got.body));
    to->finish(rendered("text", calldata_value{page_text(got, mode)}));
  });
}

void render_in_browser(const job_ptr& to, const std::shared_ptr<const web_module>& by, const render_request& asked,
                       const std::string& url, const exchange_limits& limits) {
  const auto deadline = std::chrono::steady_clock::now() + limits.time + asked.wait;
  to->wait_for(by->shown_by->show(
      {.url = url, .mode = asked.mode, .wait = asked.wait, .most_bytes = limits.bytes, .deadline = deadline, .by = by},
      [to, by, asked, url, limits](page_content content) {
        to->go_on([&] {
          if (content) return to->finish(rendered_content(asked.mode, *std::move(content)));
          if (!content.error().no_browser) return to->finish(content.error().why);
          render_as_text(to, by, asked, url, limits);
        });
      }));
}

}  // namespace

void answer_render(const job_ptr& to, std::shared_ptr<const web_module> by, const render_request& asked,
                   const exchange_limits& limits) {
  const auto target = by->policy.check(asked.url);
  if (!target) return to->finish(target.error());
  if (!by->webdriver.empty()) return render_there(to, *by, asked, target->url, limits);
  if (by->shown_by != nullptr) return render_in_browser(to, by, asked, target->url, limits);
  render_as_text(to, std::move(by), asked, target->url, limits);
}

}  // namespace quorate::engine::modules
