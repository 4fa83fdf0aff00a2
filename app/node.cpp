// SPDX-License-Identifier: MIT
#include "app/node.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <mutex>
#include <random>
#include <span>
#include <thread>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "actors/contract_runs.hpp"
#include "actors/event_hub.hpp"
#include "actors/http_front.hpp"
#include "actors/loops.hpp"
#include "actors/metrics.hpp"
#include "actors/pool/handle.hpp"
#include "actors/pool/listener.hpp"
#include "actors/read_gateway.hpp"
#include "actors/submission_gateway.hpp"
#include "actors/supervisor.hpp"
#include "actors/telemetry.hpp"
#include "actors/web3/forwarder.hpp"
#include "app/manager_modules.hpp"
#include "app/settings.hpp"
#include "chain/hex.hpp"
#include "chain/log.hpp"
#include "db/pg_connector.hpp"
#include "db/providers.hpp"
#include "db/schema.hpp"
#include "net/server.hpp"
#include "rpc/discover.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/format/block_format.hpp"
#include "rpc/methods/health.hpp"
#include "rpc/methods/log_feed.hpp"
#include "rpc/methods/model_check.hpp"
#include "rpc/methods/provider_defaults.hpp"
#include "rpc/methods/validator_feed.hpp"

namespace quorate::app {

namespace {

using std::chrono::milliseconds;

/// CAF with the scheduler that was measured best for this load; actors that block have threads of their own.
struct system_config : caf::actor_system_config {
  explicit system_config(std::size_t workers) {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", workers);
    set("scheduler.max-throughput", std::size_t{300});
  }
};

/// The engine's `POST /llm/check`.
rpc::methods::ask_models asker_of(engine::host::executor& engine) {
  return [&engine](chain::json request, milliseconds limit, std::function<void(result<chain::json>)> done) {
    engine.post("/llm/check", std::move(request), limit, std::move(done));
  };
}

std::size_t workers_of(const config::values& v) {
  const auto asked = static_cast<std::size_t>(v.whole("threads.workers"));
  const auto cores = std::max(1u, std::thread::hardware_concurrency());
  return asked > 0 ? asked : std::max(1u, cores - 1);
}

/// Opens the schema on a connection of its own, before anything lives: an unusable database is said at once.
status open_schema(db::connector& connector, const config::values& v, const rpc::methods::provider_defaults& defaults) {
  const auto session = connector.open(v.duration("database.pool.connect_timeout"));
  if (!session) return tl::unexpected{session.error()};
  const auto ready = db::schema::prepare(**session, db::schema::permission::create);
  if (!ready) return tl::unexpected{ready.error()};
  if (ready->created)
    log::event(log::level::info, "node", "created the schema", {{"revision", db::schema::head_revision}});
  // The models that come with this version (docs/spec/database.md §4.2).
  return (*session)->run({}, [&](db::transaction& tx) { return db::providers::sync(tx, defaults.rows()); }).value;
}

/// Seeds and draws are shared by few, rare callers (jitter, faucet hashes): a lock is cheap and every draw is
/// unpredictable.
class random_source {
 public:
  double uniform() {
    const std::scoped_lock lock{mutex_};
    return std::uniform_real_distribution<double>{}(engine_);
  }
  static void bytes(std::span<std::uint8_t> out) {
    for (std::size_t done = 0; done < out.size();) {
      const auto n = ::getrandom(out.data() + done, out.size() - done, 0);
      if (n > 0) done += static_cast<std::size_t>(n);
    }
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_{std::random_device{}()};
};

/// Of this process alone, and gone with it.
class socket_folder {
 public:
  socket_folder() {
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~socket_folder() {
    std::error_code unseen;
    if (!path_.empty()) std::filesystem::remove_all(path_, unseen);
  }
  socket_folder(const socket_folder&) = delete;
  socket_folder& operator=(const socket_folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/quorate-runs-XXXXXX";
};

std::int64_t unix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Waits for a callback that is promised to come, at most `limit`.
template <class Start>
bool wait_for(milliseconds limit, Start start) {
  auto done = std::make_shared<std::promise<void>>();
  auto finished = done->get_future();
  start([done, once = std::make_shared<std::atomic_flag>()] {
    if (!once->test_and_set()) done->set_value();
  });
  return finished.wait_for(limit) == std::future_status::ready;
}

}  // namespace

struct node::parts {
  explicit parts(node_options o) : options{std::move(o)}, random{std::make_shared<random_source>()} {}

  // In the order of construction; destruction is the same list upwards.
  node_options options;
  std::shared_ptr<random_source> random;
  std::shared_ptr<const rpc::methods::provider_defaults> defaults;
  actors::metrics::registry metrics;
  actors::telemetry telemetry{metrics};
  actors::pooling::parts_ptr pool_parts = std::make_shared<actors::pooling::parts>();
  actors::pool_handle pool{pool_parts};
  std::atomic<int> failure{0};
  std::optional<system_config> caf_config;
  std::optional<caf::actor_system> system;
  std::unique_ptr<actors::http_front> front;
  std::unique_ptr<actors::read_gateway> reads;
  std::shared_ptr<rpc::methods::log_feed> logs;
  std::shared_ptr<rpc::methods::validator_feed> validators;
  std::unique_ptr<actors::event_hub> events;
  std::optional<actors::finality_window> window;
  std::unique_ptr<actors::loops> loops;
  std::unique_ptr<actors::submission_gateway> gateway;
  std::unique_ptr<actors::web3::forwarder> forwarder;  // only with a node to forward to
  std::unique_ptr<socket_folder> sockets;
  std::unique_ptr<engine::host::executor> executor;  // only with an engine, as runs
  std::unique_ptr<actors::contract_runs> runs;
  std::shared_ptr<manager_modules> modules;  // only with a manager that is not ours
  std::unique_ptr<actors::supervisor> supervisor;
  std::optional<rpc::method_table> methods;
  std::unique_ptr<rpc::dispatcher> dispatcher;
  std::unique_ptr<net::server> server;

  status build();
  status build_forwarder();
  status build_runs();
  std::vector<actors::child_spec> children();
  std::vector<actors::pooling::subscription> subscriptions();
  actors::event_hub_hooks event_hooks();
  rpc::methods::services services();
};

status node::parts::build() {
  const auto& v = options.settings;
  auto connector = db::make_pg_connector(connect_settings_of(v, options.conninfo));
  if (!connector) return tl::unexpected{connector.error()};
  defaults = std::make_shared<const rpc::methods::provider_defaults>(v.whole("providers.ollama_port"));
  if (auto ok = open_schema(**connector, v, *defaults); !ok) return ok;

  pool_parts->connector = std::move(*connector);
  pool_parts->counters = &metrics;
  pool_parts->random = [r = random] { return r->uniform(); };
  pool_parts->probes = [this](const char* name) { return telemetry.watch(name); };
  pool_parts->settings(pool_settings_of(v));

  caf_config.emplace(workers_of(v));
  system.emplace(*caf_config);
  front = std::make_unique<actors::http_front>(*system, pool, telemetry, metrics, front_settings_of(v));
  reads = std::make_unique<actors::read_gateway>(*system, pool, telemetry, metrics, read_settings_of(v));
  logs = std::make_shared<rpc::methods::log_feed>(*reads);
  validators = std::make_shared<rpc::methods::validator_feed>(pool);
  if (auto ok = build_runs(); !ok) return ok;
  events =
      std::make_unique<actors::event_hub>(*system, telemetry, metrics, actors::event_hub_settings{}, event_hooks());
  logs->publish_to(*events);
  validators->publish_to(*events);
  window.emplace(std::chrono::duration_cast<std::chrono::seconds>(v.duration("consensus.finality_window")));
  loops = std::make_unique<actors::loops>(*system, pool, telemetry, metrics, *window, loop_settings_of(v), unix_now);
  gateway = std::make_unique<actors::submission_gateway>(pool, metrics, [this] { loops->wake(); });
  if (auto ok = build_forwarder(); !ok) return ok;
  supervisor = std::make_unique<actors::supervisor>(
      *system, telemetry, actors::supervisor_settings{}, children(), [this](int code, const std::string& why) {
        log::event(log::level::error, "node", "giving up", {{"reason", why}});
        failure.store(code);
      });
  const auto with = services();
  methods.emplace(rpc::make_method_table(with));
  if (options.extend) options.extend(*methods);
  rpc::add_discovery(*methods, with.version);
  rpc::get_routes routes;
  for (auto& [path, answer] : rpc::methods::make_health_routes(with))
    routes[path] = [answer = answer](rpc::endpoint::done_function done) {
      answer(std::move(done));
      return rpc::endpoint::started{};
    };
  rpc::dispatcher::parts calls{*methods,          rpc_settings_of(v),        *reads, *front, metrics,
                               std::move(routes), std::to_string(::getpid())};
  calls.events = events.get();
  dispatcher = std::make_unique<rpc::dispatcher>(std::move(calls));
  server = std::make_unique<net::server>(server_settings_of(v), *dispatcher, metrics);
  if (modules) modules->start();
  return server->start();
}

status node::parts::build_forwarder() {
  const auto& v = options.settings;
  if (!forwards(v)) return {};
  auto address = node_address_of(v);
  if (!address) return tl::unexpected{std::move(address.error())};
  auto with = web3_settings_of(v);
  if (!with) return tl::unexpected{std::move(with.error())};
  // Two processes must never have one name, also where a container gives every one the same number.
  std::array<std::uint8_t, 8> mark{};
  random_source::bytes(mark);
  with->holder = std::to_string(::getpid()) + "-" + chain::to_hex(mark);
  forwarder = std::make_unique<actors::web3::forwarder>(*system, pool, telemetry, metrics, std::move(*with),
                                                        net::make_node_link(std::move(*address)),
                                                        [r = random] { return r->uniform(); });
  return {};
}

status node::parts::build_runs() {
  const auto& v = options.settings;
  // Whoever starts an engine of its own names its address here.
  if (!runs_contracts(v) || embeds_engine(v)) return {};
  auto with = executor_settings_of(v);
  if (!with) return tl::unexpected{std::move(with.error())};
  sockets = std::make_unique<socket_folder>();
  if (sockets->path().empty())
    return fail(errc::internal, "no folder for the sockets of contract runs can be made in /tmp");
  with->socket_folder = sockets->path();
  executor = engine::host::make_executor(std::move(*with));
  runs = std::make_unique<actors::contract_runs>(*executor, pool, metrics, contract_run_limits_of(v));
  if (!options.owns_engine)
    modules = std::make_shared<manager_modules>(*executor, pool, v.text("engine.webdriver_url"));
  return {};
}

std::vector<actors::child_spec> node::parts::children() {
  std::vector<actors::child_spec> out;
  out.push_back(
      {"pool_supervisor", [this] { return pool.spawn(*system); }, [this](const caf::actor& a) { pool.publish(a); }});
  out.push_back({"listener", [this] { return actors::pooling::spawn_listener(*system, pool_parts, subscriptions()); },
                 [](const caf::actor&) {}, false});
  out.push_back(front->child());
  out.push_back(reads->child());
  out.push_back(events->child());
  for (auto& loop : loops->children()) out.push_back(std::move(loop));
  if (forwarder) out.push_back(forwarder->child());
  return out;
}

std::vector<actors::pooling::subscription> node::parts::subscriptions() {
  const auto hear = loops->hearer();
  std::vector<actors::pooling::subscription> out{{std::string{db::channels::transactions}, hear},
                                                 {std::string{db::channels::settings}, hear},
                                                 {std::string{db::channels::events}, events->hearer()}};
  if (forwarder) out.push_back({std::string{db::channels::forwards}, forwarder->hearer()});
  return out;
}

actors::event_hub_hooks node::parts::event_hooks() {
  return {[] { return std::chrono::system_clock::now(); },
          [](std::int64_t second) { return rpc::methods::format_head(static_cast<std::uint64_t>(second)); },
          [feed = logs](const std::string& hash) { feed->stored(hash); },
          [feed = validators, manager = modules](const db::change& what) {
            feed->changed(what);
            if (manager) manager->changed(what);
          }};
}

rpc::methods::services node::parts::services() {
  rpc::methods::services s{QUORATE_VERSION,
                           static_cast<std::uint64_t>(options.settings.whole("rpc.chain_id")),
                           pool,
                           metrics,
                           *gateway,
                           {},
                           {},
                           {},
                           {},
                           {},
                           {},
                           {}};
  s.submissions = submission_rules_of(options.settings);
  s.now = [] { return std::chrono::system_clock::now(); };
  s.random_bytes = random_source::bytes;
  s.finality_window = [this] { return window->get().count(); };
  s.finality_window_changed = [this](std::int64_t seconds) { loops->window_changed(std::chrono::seconds{seconds}); };
  s.wake_loops = [this] { loops->wake(); };
  if (forwarder) {
    s.wake_forwarder = [this] { forwarder->wake(); };
    s.await_forward = [this](std::string hash, actors::time_point until, std::function<void()> then) {
      forwarder->await(std::move(hash), until, std::move(then));
    };
  }
  s.runs = runs.get();
  s.defaults = defaults;
  const auto has_key = [](const std::string& name) {
    // The environment changes no more once threads run.
    const char* const value = std::getenv(name.c_str());
    return value != nullptr && *value != '\0';
  };
  s.check_models = executor ? rpc::methods::check_by_asking(asker_of(*executor), has_key)
                            : rpc::methods::check_by_environment(has_key);
  s.telemetry = [this] { return telemetry.snapshot(); };
  s.draining = [this] { return front->draining(); };
  return s;
}

result<std::unique_ptr<node>> node::start(node_options options) {
  std::unique_ptr<node> made{new node{std::make_unique<parts>(std::move(options))}};
  if (auto ok = made->parts_->build(); !ok) {
    made->shutdown(milliseconds{1000});
    return tl::unexpected{ok.error()};
  }
  return made;
}

node::node(std::unique_ptr<parts> p) : parts_{std::move(p)} {}
node::~node() = default;

std::uint16_t node::port() const { return parts_->server->port(); }

void node::reload(const config::values& settings) {
  parts_->pool.configure(pool_settings_of(settings), [](status done) {
    if (!done) log::event(log::level::error, "node", "pool settings refused", {{"error", done.error().message}});
  });
}

std::optional<int> node::failed() const {
  const int code = parts_->failure.load();
  return code == 0 ? std::nullopt : std::optional{code};
}

bool node::shutdown(milliseconds deadline) {
  auto& p = *parts_;
  const auto end = actors::clock::now() + deadline;
  const auto left = [&] {
    return std::max(milliseconds{50}, std::chrono::duration_cast<milliseconds>(end - actors::clock::now()));
  };
  bool in_time = true;
  // New calls first, then sockets: what is in flight still finds its way out.
  if (p.front && p.supervisor)
    in_time &= wait_for(left() + milliseconds{500}, [&](auto done) { p.front->drain(left(), std::move(done)); });
  if (p.server) {
    in_time &= wait_for(left() + milliseconds{500}, [&](auto done) { p.server->drain(left(), std::move(done)); });
    p.server->stop();
  }
  if (p.supervisor) {
    // While the pool still works: the lease goes to another process at once.
    if (p.forwarder)
      in_time &= wait_for(left() + milliseconds{500}, [&](auto done) { p.forwarder->stop(std::move(done)); });
    in_time &= wait_for(left() + milliseconds{500}, [&](auto done) { p.pool.drain(end, std::move(done)); });
    // A server that is silent must not hold an attempt to reach it, or the process, any longer.
    p.pool_parts->connector->stop();
    in_time &= wait_for(left() + milliseconds{500}, [&](auto done) {
      p.supervisor->stop(left(), [done = std::move(done)](bool) mutable { done(); });
    });
  }
  p.server.reset();
  p.dispatcher.reset();
  if (p.logs) p.logs->close();
  if (p.validators) p.validators->close();
  if (p.modules) p.modules->close();
  p.supervisor.reset();
  p.forwarder.reset();
  p.gateway.reset();
  p.loops.reset();
  p.events.reset();
  p.reads.reset();
  p.front.reset();
  p.pool.publish({});
  if (p.system) p.system->await_all_actors_done();
  // Runs that end until then tell `runs`, and calls that end cancel theirs.
  p.executor.reset();
  p.runs.reset();
  return in_time;
}

}  // namespace quorate::app
