// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "engine/modules/job.hpp"
#include "engine/modules/llm.hpp"
#include "engine/modules/web/request.hpp"
#include "engine/modules/web/url_policy.hpp"

/// Requests to the web and pages from it (docs/spec/genvm.md §4.4). No error of theirs is fatal: those of url_policy,
/// ADDRESS_FORBIDDEN (the host resolves to an address that is not a public one; ctx: url, message), and
/// WEBPAGE_LOAD_FAILED (ctx: url, and status and body or message).
namespace quorate::engine::modules {

class browser;

struct web_module {
  url_policy policy;
  std::string webdriver;        // the URL of a service that renders pages; empty: none
  browser* shown_by = nullptr;  // what renders them without one; null: they are read as text
};

/// `{"webdriver_host"?: url or null, "extra_tld"?: [str], "always_allow_hosts"?: [str]}`. errc::invalid_params names
/// the member that is wrong.
result<web_module> read_web_config(const json& config);

/// Answers `{"response": {"status", "headers", "body"}}`, whatever the status is. Redirects are followed, ten at most,
/// and each is checked as the first URL was.
void answer_request(const job_ptr& to, std::shared_ptr<const web_module> by, http_request asked, const json& host_data,
                    const exchange_limits& limits);

/// Answers `{"text": str}`, or `{"image": bytes}`. With a webdriver its `/render` shows the page, and otherwise the
/// browser, when there is one; without either the page is fetched, no script runs, and there are no screenshots.
void answer_render(const job_ptr& to, std::shared_ptr<const web_module> by, const render_request& asked,
                   const exchange_limits& limits);

}  // namespace quorate::engine::modules
