-- SPDX-License-Identifier: MIT
-- Sends ready-made JSON-RPC bodies, one per line of the file named by QUORATE_BENCH_BODIES, and reports as one JSON line.
-- Everything is built before the run: per request the script only indexes a table.

local requests = {}
local count = 0
local at = 0

function init(args)
  local headers = { ["Content-Type"] = "application/json" }
  for line in io.lines(os.getenv("QUORATE_BENCH_BODIES")) do
    count = count + 1
    requests[count] = wrk.format("POST", "/api", headers, line:match("\t(.*)$"))
  end
end

function request()
  at = at % count + 1
  return requests[at]
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    '\nQUORATE_BENCH {"calls":%d,"seconds":%.6f,"p50_ms":%.3f,"p90_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(90) / 1000,
    latency:percentile(99) / 1000, latency.max / 1000, e.connect + e.read + e.write + e.status + e.timeout))
end
