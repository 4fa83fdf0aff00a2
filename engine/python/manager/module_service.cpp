// SPDX-License-Identifier: MIT
#include "engine/python/manager/module_service.hpp"

#include <boost/asio/post.hpp>

namespace quorate::engine::python {

namespace {

using chain::json;
using modules::module_kind;

result<module_kind> kind_in(const json& request) {
  const auto found = request.is_object() ? request.find("module_type") : request.end();
  if (request.is_object() && found != request.end() && found->is_string()) {
    for (const auto kind : {module_kind::llm, module_kind::web}) {
      if (*found == std::string{name(kind)}) return kind;
    }
  }
  return fail(errc::invalid_params, "module_type must be Llm or Web");
}

/// What the run's end says of a fatal answer: the error's own members.
module_answer from_service(modules::answer said) {
  module_answer out{said.fatal, {}};
  if (auto* map = std::get_if<chain::calldata_map>(&said.value.held)) out.value = std::move(*map);
  if (!said.fatal) return out;
  const auto error = out.value.find("error");
  auto* details = error == out.value.end() ? nullptr : std::get_if<chain::calldata_map>(&error->second.held);
  if (details) out.value = chain::calldata_map{std::move(*details)};
  return out;
}

}  // namespace

module_service::module_service(boost::asio::io_context& io, const std::string& webdriver)
    : io_{io}, service_{modules::service::settings{}} {
  // Mocks and the web need no configuration; a prompt without a backend says so.
  service_.start_llm({{"backends", json::object()}});
  service_.start_web(webdriver.empty() ? json::object() : json{{"webdriver_host", webdriver}});
}

/// A run brings the models that it may ask. They change seldom, and then the module hears of it before the question.
void module_service::take_backends(const json& host_data) {
  const auto given = host_data.find("backends");
  if (given == host_data.end() || !given->is_object()) return;
  json all = backends_.size() + given->size() > most_backends ? json::object() : backends_;
  all.update(*given);
  if (all == backends_) return;
  if (service_.start_llm({{"backends", all}})) backends_ = std::move(all);
}

std::uint64_t module_service::ask(const chain::calldata_value& request, const json& host_data, on_answer done) {
  const std::uint64_t id = next_++;
  waiting& entry = waiting_.emplace(id, waiting{std::move(done)}).first->second;
  const auto* outer = std::get_if<chain::calldata_map>(&request.held);
  if (!outer || outer->size() != 1) {
    boost::asio::post(io_, [this, id] { answer(id, {}); });
    return id;
  }
  take_backends(host_data);
  const auto& [kind, payload] = *outer->begin();
  const auto ticket = service_.ask(kind, payload, {host_data}, [this, id](modules::answer said) {
    boost::asio::post(io_, [this, id, said = std::move(said)]() mutable { answer(id, from_service(std::move(said))); });
  });
  if (ticket) entry.ticket = *ticket;
  // A malformed request has no answer, which is `2: inval` to the contract.
  if (!ticket) boost::asio::post(io_, [this, id] { answer(id, {}); });
  return id;
}

void module_service::answer(std::uint64_t asked, module_answer said) {
  const auto found = waiting_.find(asked);
  if (found == waiting_.end()) return;
  const auto done = std::move(found->second.done);
  waiting_.erase(found);
  done(std::move(said));
}

void module_service::cancel(std::uint64_t asked) {
  const auto found = waiting_.find(asked);
  if (found == waiting_.end()) return;
  const auto ticket = found->second.ticket;
  waiting_.erase(found);
  if (ticket != 0) service_.cancel(ticket);
}

status module_service::start(const json& request) {
  const auto kind = kind_in(request);
  if (!kind) return tl::unexpected{kind.error()};
  const auto config = request.find("config");
  if (config == request.end() || !config->is_object()) return fail(errc::invalid_params, "config must be an object");
  if (*kind == module_kind::web) return service_.start_web(*config);
  auto started = service_.start_llm(*config);
  if (started && config->contains("backends")) backends_ = config->at("backends");
  return started;
}

status module_service::stop(const json& request) {
  const auto kind = kind_in(request);
  if (!kind) return tl::unexpected{kind.error()};
  service_.stop(*kind);
  return {};
}

void module_service::check(const json& request, std::function<void(result<json>)> done) {
  auto shared = std::make_shared<std::function<void(result<json>)>>(std::move(done));
  auto asked = service_.check_llm(request, [this, shared](json answers) {
    boost::asio::post(io_, [shared, answers = std::move(answers)]() mutable { (*shared)(std::move(answers)); });
  });
  if (!asked) (*shared)(tl::unexpected{std::move(asked.error())});
}

}  // namespace quorate::engine::python
