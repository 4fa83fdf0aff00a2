// SPDX-License-Identifier: MIT
#include "tests/unit/rpc/methods/harness.hpp"

#include <algorithm>

#include "rpc/discover.hpp"

namespace quorate::rpc::methods::tests {

namespace {

template <class... Ts>
struct overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
overloaded(Ts...) -> overloaded<Ts...>;

status on_null_transaction(const actors::job& work) {
  db::transaction none{nullptr};
  return work.body(none);
}

}  // namespace

void inline_pool::submit(actors::job_ptr work) {
  labels.push_back(work->label);
  if (refusal) {
    work->finish(tl::unexpected{*refusal});
    return;
  }
  work->finish(run ? run(*work) : on_null_transaction(*work));
}

void inline_pool::configure(actors::pool_settings settings, std::function<void(status)> done) {
  if (refusal) return done(tl::unexpected{*refusal});
  figures.settings = settings;
  done({});
}

void inline_pool::adjust(std::function<result<actors::pool_settings>(actors::pool_settings)> change,
                         std::function<void(status)> done) {
  const auto wanted = change(figures.settings);
  if (!wanted) return done(tl::unexpected{wanted.error()});
  configure(*wanted, std::move(done));
}

void inline_pool::drain(actors::time_point deadline, std::function<void()> done) {
  drained_until = deadline;
  figures.draining = true;
  done();
}

methods_test::methods_test()
    : with{.version = "0.1.0",
           .chain_id = 61999,
           .pool = pool,
           .metrics = metrics,
           .gateway = gateway,
           .now = [this] { return std::chrono::system_clock::time_point{std::chrono::seconds{now}}; },
           .random_bytes = [this](std::span<std::uint8_t> out) { draw(out); },
           .finality_window = [this] { return window; },
           .finality_window_changed = [this](std::int64_t seconds) { window = seconds; },
           .wake_loops = [this] { ++wakes; },
           .telemetry = [this] { return actor_kinds; },
           .draining = [this] { return draining; },
           .check_models = check_by_environment([this](const std::string& name) { return keys.contains(name); }),
           .defaults = std::make_shared<const provider_defaults>()},
      table{make_method_table(with)} {
  add_discovery(table, with.version);
  pool.run = [this](const actors::job& work) {
    return database ? database(work.access, work.body) : on_null_transaction(work);
  };
}

result<std::string> methods_test::call(const std::string& name, std::vector<json> params,
                                       std::optional<db::read_value> value, bool trusted) {
  const auto* found = table.find(name);
  if (!found) return fail(errc::method_not_found, name);
  while (params.size() < found->params.size()) params.push_back(found->params[params.size()].fallback);
  const caller who;
  const rpc::call c{who, std::move(params), actors::clock::now() + std::chrono::seconds{30}, trusted};
  inline_context context{pool};

  return std::visit(overloaded{[&](const immediate& h) { return h.answer(c); },
                               [&](const keyed_read& h) -> result<std::string> {
                                 const auto key = h.key(c);
                                 if (!key) return tl::unexpected{key.error()};
                                 if (value) return h.render(c, *value);
                                 db::read_value read;
                                 const auto done =
                                     database(db::access::single_statement, [&](db::transaction& tx) -> status {
                                       auto rows = db::read_many(tx, {{h.kind, {*key}}});
                                       if (!rows) return tl::unexpected{rows.error()};
                                       if (const auto& of_kind = (*rows)[h.kind]; of_kind.contains(*key))
                                         read = of_kind.at(*key);
                                       return {};
                                     });
                                 if (!done) return tl::unexpected{done.error()};
                                 return h.render(c, read);
                               },
                               [&](const unit& h) -> result<std::string> {
                                 auto work = h.prepare(c);
                                 if (!work) return tl::unexpected{work.error()};
                                 work->start(h.access, context);
                                 return *context.answer;
                               },
                               [&](const steps& h) -> result<std::string> {
                                 h.start(c, context);
                                 if (!context.answer) return fail(errc::internal, "no answer");
                                 return *context.answer;
                               }},
                    found->handler);
}

json methods_test::answer(const std::string& name, std::vector<json> params, std::optional<db::read_value> value) {
  const auto text = call(name, std::move(params), std::move(value));
  if (!text) {
    ADD_FAILURE() << name << ": " << text.error().message << " " << text.error().detail;
    return nullptr;
  }
  const auto parsed = chain::parse_json(*text);
  EXPECT_TRUE(parsed) << *text;
  return parsed ? *parsed : json{};
}

db::transaction_row pending_call() {
  db::transaction_row row;
  row.hash = some_hash;
  row.from_address = row.origin_address = sender;
  row.to_address = recipient;
  row.data = R"({"calldata": "AQIDBA=="})";
  row.nonce = 3;
  row.gaslimit = 3;
  row.value = 0;
  row.type = 2;
  row.created_at = "2026-06-01T10:00:00.123456+00:00";
  row.created_unix = 1780308000;
  row.appeal_failed = row.appeal_processing_time = row.rotation_count = 0;
  row.consensus_history = "{}";
  row.config_rotation_rounds = 3;
  row.num_of_initial_validators = 5;
  row.sim_config = "{}";
  return row;
}

db::read_value stored(db::transaction_row row) { return std::make_shared<const db::transaction_row>(std::move(row)); }

}  // namespace quorate::rpc::methods::tests
