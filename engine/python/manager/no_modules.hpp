// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "engine/python/manager/module_port.hpp"

namespace quorate::engine::python {

/// Stands where no module was started: every question is answered by an error that the contract can catch.
class no_modules final : public module_port {
 public:
  explicit no_modules(boost::asio::io_context& io) : io_{io} {}

  std::uint64_t ask(const chain::calldata_value&, const chain::json&, on_answer done) override {
    chain::calldata_array causes;
    causes.emplace_back("MODULE_NOT_STARTED");
    chain::calldata_map error;
    error.emplace("causes", std::move(causes));
    error.emplace("fatal", false);
    error.emplace("ctx", chain::calldata_map{});
    chain::calldata_map out;
    out.emplace("error", std::move(error));
    boost::asio::post(io_, [done = std::move(done), out = std::move(out)]() mutable { done({false, std::move(out)}); });
    return 1;
  }
  void cancel(std::uint64_t) override {}
  status start(const chain::json&) override { return fail(errc::internal, "This engine has no modules"); }
  status stop(const chain::json&) override { return {}; }
  void check(const chain::json&, std::function<void(result<chain::json>)> done) override {
    done(fail(errc::internal, "This engine has no modules"));
  }

 private:
  boost::asio::io_context& io_;
};

}  // namespace quorate::engine::python
