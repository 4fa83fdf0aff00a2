// SPDX-License-Identifier: MIT
#include "engine/modules/web/visit.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "chain/utf8.hpp"

namespace quorate::engine::modules {

namespace {

constexpr int most_redirects = 10;

std::string quoted_url(std::string_view url) { return chain::excerpt(clean_utf8(url), 1024); }

bool is_named(const std::string& header, std::initializer_list<std::string_view> lower_case_names) {
  return std::any_of(lower_case_names.begin(), lower_case_names.end(), [&](std::string_view name) {
    return std::equal(name.begin(), name.end(), header.begin(), header.end(), [](char a, char b) {
      return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
    });
  });
}

/// What the request becomes by a redirect.
void redirect(http_request& request, int status, bool same_origin) {
  if (status == 303 ? request.method != "HEAD" : status < 303 && request.method == "POST") {
    request.method = "GET";
    request.body.clear();
    std::erase_if(request.headers, [](const auto& one) {
      return is_named(one.first, {"content-type", "content-encoding"});
    });
  }
  if (!same_origin) {
    std::erase_if(request.headers, [](const auto& one) {
      return is_named(one.first, {"authorization", "cookie", "proxy-authorization"});
    });
  }
}

class visit_flow : public std::enable_shared_from_this<visit_flow> {
 public:
  visit_flow(job_ptr to, std::shared_ptr<const web_module> by, http_request request, const exchange_limits& limits,
             bool decompress, std::function<void(http_response)> done)
      : to_{std::move(to)},
        by_{std::move(by)},
        request_{std::move(request)},
        limits_{limits},
        decompress_{decompress},
        done_{std::move(done)} {}

  void run() {
    const auto target = by_->policy.check(request_.url);
    if (!target) return to_->finish(target.error());
    request_.url = target->url;
    origin_ = target->origin;
    // All redirects together have the time of one request; what is left of it may be nothing, and is refused then.
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
    to_->fetch({.request = request_,
                .time_limit = std::max(left, std::chrono::milliseconds{1}),
                .most_bytes = limits_.bytes,
                .public_only = !target->trusted,
                .decompress = decompress_},
               [self = shared_from_this()](transport::fetched got) { self->came(std::move(got)); });
  }

 private:
  void came(transport::fetched got) {
    if (!got) return to_->finish(load_failure(request_.url, got.error()));
    if (!is_redirect(*got)) return done_(*std::move(got));
    if (++redirects_ > most_redirects) return to_->finish(load_failure(request_.url, "too many redirects"));
    const auto location = header_of(*got, "location");
    auto next = resolve_url(request_.url, location);
    // What is no URL fails the policy, which says so.
    const auto target = by_->policy.check(next.value_or(location));
    if (!target) return to_->finish(target.error());
    redirect(request_, got->status, target->origin == origin_);
    request_.url = target->url;
    run();
  }

  const job_ptr to_;
  const std::shared_ptr<const web_module> by_;
  http_request request_;
  const exchange_limits limits_;
  const bool decompress_;
  const std::function<void(http_response)> done_;
  const std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::now() + limits_.time;
  std::string origin_;
  int redirects_ = 0;
};

}  // namespace

module_error load_failure(std::string_view url, std::string_view message) {
  return failed("WEBPAGE_LOAD_FAILED", {{"url", quoted_url(url)}, {"message", clean_utf8(message)}}).value();
}

module_error load_failure(std::string_view url, const transport::failure& why) {
  auto out = load_failure(url, why.message);
  if (why.kind == transport::failure_kind::forbidden_address) out.causes = {"ADDRESS_FORBIDDEN"};
  return out;
}

bool is_redirect(const http_response& from) {
  const int status = from.status;
  const bool leads = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  return leads && !header_of(from, "location").empty();
}

bool is_loaded(int status) { return (status >= 200 && status < 300) || status == 304; }

module_error not_loaded(std::string_view url, int status, std::string_view body) {
  return failed("WEBPAGE_LOAD_FAILED",
                {{"url", quoted_url(url)}, {"status", status}, {"body", chain::excerpt(clean_utf8(body), 1024)}})
      .value();
}

void visit(const job_ptr& to, std::shared_ptr<const web_module> by, http_request first, const exchange_limits& limits,
           bool decompress, std::function<void(http_response)> done) {
  std::make_shared<visit_flow>(to, std::move(by), std::move(first), limits, decompress, std::move(done))->run();
}

}  // namespace quorate::engine::modules
