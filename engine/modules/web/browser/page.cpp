// SPDX-License-Identifier: MIT
#include "engine/modules/web/browser/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "chain/base64.hpp"
#include "engine/modules/web/browser/devtools.hpp"
#include "engine/modules/web/browser/process.hpp"
#include "engine/modules/web/html_text.hpp"
#include "engine/modules/web/visit.hpp"

namespace quorate::engine::modules {

namespace {

using chain::json;

constexpr std::size_t most_requests = 500;
constexpr std::size_t most_total_bytes = std::size_t{64} << 20;
/// A message with a page in it: an image is base64, and escapes make a text longer.
std::size_t longest_message(std::size_t page) { return 6 * page + (std::size_t{1} << 20); }

/// As upstream's webdriver shows pages (docs/spec/genvm.md §4.4).
constexpr int viewport_width = 960, viewport_height = 540;

/// A page may hold half characters, which JSON cannot carry.
constexpr const char* text_of_page = "(document.body ? document.body.innerText : '').toWellFormed()";
constexpr const char* html_of_page = "(document.body ? document.body.innerHTML : '').toWellFormed()";

std::string text_in(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

const json& member_in(const json& object, const char* name) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

/// What the connection itself says, or libcurl has undone.
bool is_of_connection(std::string_view name) {
  constexpr std::array<std::string_view, 8> names{"connection",      "content-encoding",  "content-length", "host",
                                                  "accept-encoding", "transfer-encoding", "keep-alive",     "upgrade"};
  return std::ranges::any_of(names, [&](std::string_view one) {
    return std::ranges::equal(one, name, [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
  });
}

http_request request_of(const json& asked) {
  http_request out{.method = text_in(asked, "method"), .url = text_in(asked, "url")};
  if (const auto& headers = member_in(asked, "headers"); headers.is_object()) {
    for (const auto& [name, value] : headers.items()) {
      if (value.is_string() && !is_of_connection(name)) out.headers.emplace_back(name, value.get<std::string>());
    }
  }
  if (const auto& entries = member_in(asked, "postDataEntries"); entries.is_array()) {
    for (const auto& one : entries) {
      const auto part = chain::from_base64(text_in(one, "bytes"));
      if (part) out.body.append(part->begin(), part->end());
    }
  }
  return out;
}

json answer_of(const std::string& request, const http_response& from) {
  json headers = json::array();
  for (const auto& [name, value] : from.headers) {
    if (!is_of_connection(name)) headers.push_back({{"name", name}, {"value", clean_utf8(value)}});
  }
  return {{"requestId", request},
          {"responseCode", from.status},
          {"responseHeaders", std::move(headers)},
          {"body", chain::to_base64(chain::as_bytes(from.body))}};
}

/// One page from its start to its picture.
class page_view {
 public:
  page_view(const page_request& what, page_fetches& fetches, const browser_process& browser)
      : what_{what}, fetches_{fetches}, tools_{browser.channel(), fetches.waking(), longest_message(what.most_bytes)} {}

  page_content show() {
    if (!open() || !load()) return tl::unexpected{*failure_};
    if (what_.mode == render_mode::screenshot) return picture();
    auto text = evaluate(what_.mode == render_mode::html ? html_of_page : text_of_page);
    if (!text) return tl::unexpected{*failure_};
    if (what_.mode == render_mode::text) *text = tidy_text(*text);
    return within_limit(*std::move(text));
  }

 private:
  /// A tab whose requests come here.
  bool open() {
    const auto tab = call("Target.createTarget", {{"url", "about:blank"}});
    if (!tab) return no_browser();
    const auto session = call("Target.attachToTarget", {{"targetId", text_in(*tab, "targetId")}, {"flatten", true}});
    if (!session) return no_browser();
    session_ = text_in(*session, "sessionId");
    call("Browser.setDownloadBehavior", {{"behavior", "deny"}});
    call("Emulation.setDeviceMetricsOverride",
         {{"width", viewport_width}, {"height", viewport_height}, {"deviceScaleFactor", 1}, {"mobile", false}});
    call("Page.enable", json::object());
    const auto frames = call("Page.getFrameTree", json::object());
    if (!frames) return no_browser();
    frame_ = text_in(member_in(member_in(*frames, "frameTree"), "frame"), "id");
    return call("Fetch.enable", {{"patterns", {{{"urlPattern", "*"}}}}}).has_value() || no_browser();
  }

  bool load() {
    const auto went = call("Page.navigate", {{"url", what_.url}});
    if (!went) return false;
    if (const auto why = text_in(*went, "errorText"); !why.empty()) return fail_with("the browser says " + why);
    while (!is_loaded_) {
      if (!listen()) return false;
    }
    if (what_.wait.count() == 0) return true;
    // Scripts go on for as long as the contract asked for.
    return evaluate(fmt::format("new Promise(go => setTimeout(() => go(''), {}))", what_.wait.count())).has_value();
  }

  page_content picture() {
    const auto shot = call("Page.captureScreenshot", {{"format", "png"}});
    if (!shot) return tl::unexpected{*failure_};
    const auto image = chain::from_base64(text_in(*shot, "data"));
    if (!image || image->empty()) {
      fail_with("the browser gave no picture");
      return tl::unexpected{*failure_};
    }
    return within_limit(std::string{image->begin(), image->end()});
  }

  page_content within_limit(std::string content) {
    if (content.size() <= what_.most_bytes) return content;
    fail_with(fmt::format("the page is larger than {} bytes", what_.most_bytes));
    return tl::unexpected{*failure_};
  }

  std::optional<std::string> evaluate(std::string expression) {
    const auto said = call("Runtime.evaluate",
                           {{"expression", std::move(expression)}, {"returnByValue", true}, {"awaitPromise", true}});
    if (!said) return std::nullopt;
    const auto& value = member_in(member_in(*said, "result"), "value");
    if (value.is_string()) return value.get<std::string>();
    fail_with("the page's scripts are in the way");
    return std::nullopt;
  }

  /// Waits for the answer, and does meanwhile what the page asks for. Empty: failure_ says why.
  std::optional<json> call(const char* method, json params) {
    const auto id = tools_.send(method, std::move(params), session_);
    while (!answers_.contains(id)) {
      if (!listen()) return std::nullopt;
    }
    const auto answer = std::move(answers_.extract(id).mapped());
    if (const auto& wrong = member_in(answer, "error"); wrong.is_object()) {
      fail_with(fmt::format("the browser refuses {}: {}", method, text_in(wrong, "message")));
      return std::nullopt;
    }
    return member_in(answer, "result");
  }

  /// One message, or what was fetched. False: failure_ says why.
  bool listen() {
    if (failure_) return false;
    auto message = tools_.next(what_.deadline);
    if (!message) {
      return fail_with(message.error().code == errc::query_timeout ? "timeout: the page has not loaded in its time"
                                                                   : message.error().message);
    }
    if (!*message) {
      if (fetches_.is_stopped()) return fail_with("nobody waits for it");
      for (auto& one : fetches_.take()) fetched(std::move(one));
    } else if (const auto id = chain::as_integer(member_in(**message, "id"))) {
      answered(static_cast<std::uint64_t>(*id), **message);
    } else {
      happened(text_in(**message, "method"), member_in(**message, "params"));
    }
    return !failure_;
  }

  void answered(std::uint64_t id, const json& message) {
    const auto fulfilled = fulfilled_.extract(id);
    if (!fulfilled) {
      answers_.emplace(id, message);
    } else if (message.contains("error")) {
      refuse(fulfilled.mapped(), "Failed");
    }
  }

  void happened(const std::string& event, const json& params) {
    if (event == "Page.domContentEventFired") is_loaded_ = true;
    if (event == "Fetch.requestPaused") asked(params);
    // It would stand in the way of everything.
    if (event == "Page.javascriptDialogOpening")
      tools_.send("Page.handleJavaScriptDialog", {{"accept", false}}, session_);
  }

  void asked(const json& params) {
    const auto request = text_in(params, "requestId");
    const auto& wanted = member_in(params, "request");
    const bool is_page = text_in(params, "frameId") == frame_ && text_in(params, "resourceType") == "Document";
    auto what = request_of(wanted);
    const auto target = what_.by->policy.check(what.url);
    if (!target && is_page) return give_up(target.error());
    if (!target || ++requests_ > most_requests || fetched_bytes_ > most_total_bytes)
      return refuse(request, "BlockedByClient");
    if (is_page) page_requests_.emplace(request, what.url);
    what.url = target->url;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(what_.deadline - devtools::clock::now());
    fetches_.start(request, {.request = std::move(what),
                             .time_limit = std::max(left, std::chrono::milliseconds{1}),
                             .most_bytes = what_.most_bytes,
                             .public_only = !target->trusted,
                             .decompress = true});
  }

  void fetched(page_fetches::fetched what) {
    const auto page = page_requests_.extract(what.request);
    if (!what.outcome) {
      if (page) return give_up(load_failure(page.mapped(), what.outcome.error()));
      return refuse(what.request, "Failed");
    }
    const auto& response = *what.outcome;
    fetched_bytes_ += response.body.size();
    if (page && !is_redirect(response) && !is_loaded(response.status))
      return give_up(not_loaded(page.mapped(), response.status, response.body));
    const auto id = tools_.send("Fetch.fulfillRequest", answer_of(what.request, response), session_);
    fulfilled_.emplace(id, what.request);
  }

  void refuse(const std::string& request, const char* reason) {
    tools_.send("Fetch.failRequest", {{"requestId", request}, {"errorReason", reason}}, session_);
  }

  /// The first reason counts.
  void give_up(module_error why) {
    if (!failure_) failure_ = page_failure{false, std::move(why)};
  }
  bool fail_with(std::string_view message) {
    give_up(load_failure(what_.url, message));
    return false;
  }
  /// It does not even show an empty page, unless nobody waits or no time was left.
  bool no_browser() {
    fail_with("the browser does not start");
    failure_->no_browser = !fetches_.is_stopped() && devtools::clock::now() < what_.deadline;
    return false;
  }

  const page_request& what_;
  page_fetches& fetches_;
  devtools tools_;
  std::string session_{}, frame_{};
  std::map<std::uint64_t, json> answers_{};
  std::map<std::uint64_t, std::string> fulfilled_{};    // requests by the number of what answers them
  std::map<std::string, std::string> page_requests_{};  // the page's own, with its URL
  std::size_t requests_ = 0, fetched_bytes_ = 0;
  bool is_loaded_ = false;
  std::optional<page_failure> failure_{};
};

}  // namespace

page_content show_page(const std::string& program, const page_request& what, page_fetches& fetches) {
  const auto browser = browser_process::start(program);
  if (!browser) return tl::unexpected{page_failure{true, load_failure(what.url, browser.error().message)}};
  return page_view{what, fetches, **browser}.show();
}

}  // namespace quorate::engine::modules
