// SPDX-License-Identifier: MIT
#include "engine/modules/web/browser/browser.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "engine/modules/service.hpp"
#include "tests/common/web_server.hpp"
#include "tests/unit/engine/modules/waiting.hpp"

namespace quorate::engine::modules {
namespace {

using quorate::tests::web_server;
using namespace std::chrono_literals;

const std::map<std::string, std::string> html{{"Content-Type", "text/html; charset=utf-8"}};

/// Pages that only a browser can show.
std::optional<web_server::reply> site(const web_server::request& seen) {
  const auto page = [](std::string body) {
    return web_server::reply{.body = "<!doctype html><html><body>" + body + "</body></html>", .headers = html};
  };
  const auto& target = seen.target;
  if (target == "/size") return page("<p id=a></p><script>a.textContent = innerWidth + ' x ' + innerHeight</script>");
  if (target == "/parts")
    return page(
        "<p>one</p><script src='/code.js'></script><script>fetch('/moved', {method: 'POST', body: 'b\\u00e9'})"
        ".then(r => r.text()).then(t => document.body.append(t))</script>");
  if (target == "/code.js")
    return web_server::reply{.body = "document.body.append('two')", .headers = {{"Content-Type", "text/javascript"}}};
  if (target == "/moved") return web_server::reply{.status = 307, .headers = {{"Location", "/echo"}}};
  if (target == "/echo") return web_server::reply{.body = seen.method + " " + seen.body};
  if (target == "/away") return web_server::reply{.status = 302, .headers = {{"Location", "http://10.0.0.1/"}}};
  if (target == "/later")
    return page("<p id=a>soon</p><script>setTimeout(() => a.textContent = 'later', 100)</script>");
  if (target == "/endless") return page("<script>while (true) {}</script>");
  if (target == "/asks") return page("<script>alert('?'); document.write(confirm('!'))</script>");
  if (target == "/half") return page("<script>document.write('\\ud800')</script>");
  if (target == "/missing") return web_server::reply{.status = 404, .body = "not here", .headers = html};
  if (target == "/silent") return std::nullopt;
  return page("<p>nothing</p>");
}

/// A service whose pages are shown by `program`.
class browser_test : public ::testing::Test {
 protected:
  void SetUp() override {
    if (find_browser().empty()) GTEST_SKIP() << "there is no Chromium";
    if (const auto can = browser_process::start(find_browser()); !can) GTEST_SKIP() << can.error().message;
    start(find_browser());
  }
  void start(const std::string& program, std::chrono::milliseconds time = 1min) {
    service_.reset();
    service_ =
        std::make_unique<service>(service::settings{.web_time = time, .most_bytes = 1'000'000, .browser = program});
    ASSERT_TRUE(service_->start_web({{"always_allow_hosts", {"127.0.0.1"}}}));
  }
  std::string show(const std::string& url, const char* mode = "text", const char* wait = "0ms") {
    tests::waiting<answer> got;
    const auto asked = chain::calldata_from_json(json{{"url", url}, {"mode", mode}, {"wait_after_loaded", wait}});
    const auto begun = service_->ask("WebRender", asked.value(), {}, got.taker());
    if (!begun) return begun.error().message;
    last_ = got.get().value_or(answer{});
    EXPECT_FALSE(last_.fatal);
    return chain::calldata_text(last_.value);
  }
  json error() const { return chain::calldata_to_json(last_.value).at("error"); }

  web_server server_{site};
  std::unique_ptr<service> service_;
  answer last_;
};

TEST_F(browser_test, runs_scripts_on_a_page_of_a_fixed_size) {
  EXPECT_EQ(show(server_.url("/size")), R"({"ok":{"text":"960 x 540"}})");
  const auto shown = show(server_.url("/size"), "html");
  EXPECT_EQ(shown.find(R"({"ok":{"text":"<p id=\"a\">960 x 540</p>)"), 0u) << shown;
}

TEST_F(browser_test, gives_a_picture) {
  show(server_.url("/size"), "screenshot");
  const auto& ok = std::get<chain::calldata_map>(std::get<chain::calldata_map>(last_.value.held).at("ok").held);
  const auto& image = std::get<chain::bytes>(ok.at("image").held);
  ASSERT_GT(image.size(), 24u);
  EXPECT_EQ(chain::to_hex(chain::bytes_view{image}.first(8)), "89504e470d0a1a0a");
  // IHDR: width and height.
  EXPECT_EQ(chain::to_hex(chain::bytes_view{image}.subspan(16, 8)), "000003c00000021c");
}

TEST_F(browser_test, brings_what_a_page_is_made_of) {
  EXPECT_EQ(show(server_.url("/parts"), "text", "5s"), R"({"ok":{"text":"one\n\ntwoPOST b\u00e9"}})");
  EXPECT_TRUE(server_.requests().at(0).headers.at("user-agent").find("Chrome") != std::string::npos);
}

TEST_F(browser_test, lets_a_page_go_nowhere_that_contracts_may_not) {
  const auto port = std::to_string(server_.port()) + "/";
  const auto page =
      "<body><script>const say = t => document.body.append(t + ' ');"
      "fetch('http://10.0.0.1/').catch(() => say('fetch'));"
      "new Image().src = 'http://localhost:" +
      port +
      "image';"
      "const s = new WebSocket('ws://127.0.0.1:" +
      port + "socket'); s.onerror = () => say('socket')</script>";
  web_server outer{[&](const web_server::request&) { return web_server::reply{.body = page, .headers = html}; }};
  const auto shown = show(outer.url("/"), "text", "6s");
  EXPECT_NE(shown.find("fetch"), std::string::npos) << shown;
  EXPECT_NE(shown.find("socket"), std::string::npos) << shown;
  EXPECT_EQ(server_.requests().size(), 0u);
}

TEST_F(browser_test, says_why_a_page_does_not_come) {
  show(server_.url("/missing"));
  EXPECT_EQ(error(), (json{{"causes", {"WEBPAGE_LOAD_FAILED"}},
                           {"fatal", false},
                           {"ctx", {{"url", server_.url("/missing")}, {"status", 404}, {"body", "not here"}}}}));
  show("http://127.0.0.1:1/");
  EXPECT_EQ(error().at("ctx").at("message"), "the host does not take connections");
  show(server_.url("/away"));
  EXPECT_EQ(error().at("causes"), json::array({"TLD_FORBIDDEN"}));
}

TEST_F(browser_test, waits_as_long_as_it_was_asked_to) {
  EXPECT_EQ(show(server_.url("/later"), "text", "5s"), R"({"ok":{"text":"later"}})");
}

TEST_F(browser_test, answers_dialogs_and_replaces_half_characters) {
  EXPECT_EQ(show(server_.url("/asks")), R"({"ok":{"text":"false"}})");
  EXPECT_EQ(show(server_.url("/half")), R"({"ok":{"text":"\ufffd"}})");
}

TEST_F(browser_test, ends_a_page_that_does_not_end) {
  start(find_browser(), 5s);
  show(server_.url("/endless"));
  EXPECT_EQ(error().at("ctx").at("message"), "timeout: the page has not loaded in its time");
}

TEST_F(browser_test, is_stopped_when_nobody_waits) {
  const auto asked = chain::calldata_from_json(
      json{{"url", server_.url("/silent")}, {"mode", "text"}, {"wait_after_loaded", nullptr}});
  tests::waiting<answer> got;
  const auto begun = service_->ask("WebRender", asked.value(), {}, got.taker());
  ASSERT_TRUE(begun);
  ASSERT_TRUE(server_.wait_for_requests(1));
  service_->cancel(*begun);
  EXPECT_TRUE(server_.wait_for_hang_ups(1));
  service_.reset();
  EXPECT_FALSE(got.has_come());
}

TEST_F(browser_test, shows_pages_one_after_the_other_when_there_are_many) {
  std::vector<std::unique_ptr<tests::waiting<answer>>> all;
  for (int i = 0; i < 4; ++i) {
    all.push_back(std::make_unique<tests::waiting<answer>>());
    const auto asked = chain::calldata_from_json(
        json{{"url", server_.url("/size")}, {"mode", "text"}, {"wait_after_loaded", nullptr}});
    ASSERT_TRUE(service_->ask("WebRender", asked.value(), {}, all.back()->taker()));
  }
  for (auto& one : all)
    EXPECT_EQ(chain::calldata_text(one->get().value_or(answer{}).value), R"({"ok":{"text":"960 x 540"}})");
}

/// A program that is no browser.
class no_browser_test : public browser_test {
 protected:
  void SetUp() override {
    const char* const name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    program_ = (std::filesystem::temp_directory_path() / ("quorate-" + std::string{name})).string();
  }
  void TearDown() override { std::filesystem::remove(program_); }
  void says(const std::string& script) {
    std::ofstream{program_} << "#!/bin/sh\n" << script << "\n";
    ::chmod(program_.c_str(), 0755);
    start(program_);
  }
  std::string program_;
};

TEST_F(no_browser_test, that_ends_leaves_pages_to_be_read) {
  says("exit 1");
  EXPECT_EQ(show(server_.url("/")), R"({"ok":{"text":"nothing"}})");
  show(server_.url("/"), "screenshot");
  EXPECT_EQ(error().at("ctx").at("message"), "there is no browser, which screenshots need");
}

TEST_F(no_browser_test, that_talks_rubbish_leaves_pages_to_be_read) {
  says("printf 'rubbish\\0' >&4; exec sleep 1000");
  EXPECT_EQ(show(server_.url("/")), R"({"ok":{"text":"nothing"}})");
  says("printf '{\"id\":1,\"error\":{\"message\":\"no\"}}\\0' >&4; exec sleep 1000");
  EXPECT_EQ(show(server_.url("/")), R"({"ok":{"text":"nothing"}})");
}

}  // namespace
}  // namespace quorate::engine::modules
