// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/io_context.hpp>
#include <unordered_map>

#include "engine/modules/service.hpp"
#include "engine/python/manager/module_port.hpp"

namespace quorate::engine::python {

/// The modules, which have a thread of their own, as the manager's thread sees them. Both run from the start; the
/// models that a run may ask come with it (host_data.backends), or by `POST /module/start`.
class module_service final : public module_port {
 public:
  /// `webdriver`: a service that shows pages; empty: a browser of ours.
  explicit module_service(boost::asio::io_context& io, const std::string& webdriver = {});

  std::uint64_t ask(const chain::calldata_value& request, const chain::json& host_data, on_answer done) override;
  void cancel(std::uint64_t asked) override;
  status start(const chain::json& request) override;
  status stop(const chain::json& request) override;
  void check(const chain::json& request, std::function<void(result<chain::json>)> done) override;

 private:
  struct waiting {
    on_answer done;
    modules::service::ticket ticket = 0;
  };
  /// Backends that are remembered; more, and those of old runs are forgotten.
  static constexpr std::size_t most_backends = 1000;

  void take_backends(const chain::json& host_data);
  void answer(std::uint64_t asked, module_answer said);

  boost::asio::io_context& io_;
  chain::json backends_ = chain::json::object();
  std::unordered_map<std::uint64_t, waiting> waiting_{};
  std::uint64_t next_ = 1;
  modules::service service_;  // last: its thread ends first
};

}  // namespace quorate::engine::python
