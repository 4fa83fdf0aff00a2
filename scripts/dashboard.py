#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes config/grafana-dashboard.json: the panels below, two to a row. `./dev format` runs it; import the result in Grafana."""
import json
from pathlib import Path

RATE = "[$__rate_interval]"

# Title, unit, and pairs of (expression, legend).
PANELS = [
    ("Calls", "reqps", [(f'sum by (outcome) (rate(quorate_rpc_calls_total{{instance=~"$instance"}}{RATE}))', "{{outcome}}")]),
    ("Time of a call", "s", [
        (f'histogram_quantile({q}, sum by (le) (rate(quorate_rpc_call_seconds_bucket{{instance=~"$instance"}}{RATE})))', f"p{name}")
        for q, name in ((0.5, "50"), (0.95, "95"), (0.99, "99"))]),
    ("Connections", "short", [
        ('sum by (state) (quorate_pool_connections{instance=~"$instance"})', "{{state}}"),
        ('sum(quorate_pool_max{instance=~"$instance"})', "most allowed")]),
    ("Waiting for a connection", "short", [('sum by (class) (quorate_pool_waiters{instance=~"$instance"})', "{{class}}")]),
    ("Time until a connection is there, p99", "s", [
        (f'histogram_quantile(0.99, sum by (class, le) (rate(quorate_pool_acquire_seconds_bucket{{instance=~"$instance"}}{RATE})))',
         "{{class}}")]),
    ("Time a connection is held, p99", "s", [
        (f'histogram_quantile(0.99, sum by (class, le) (rate(quorate_pool_lease_seconds_bucket{{instance=~"$instance"}}{RATE})))',
         "{{class}}")]),
    ("Connections opened and closed", "ops", [
        (f'sum(rate(quorate_pool_connect_seconds_count{{instance=~"$instance"}}{RATE}))', "opened"),
        (f'sum(rate(quorate_pool_connect_failures_total{{instance=~"$instance"}}{RATE}))', "failed"),
        (f'sum by (why) (rate(quorate_pool_closed_total{{instance=~"$instance"}}{RATE}))', "closed: {{why}}")]),
    ("Breaker (0 closed, 1 open, 2 half open)", "short", [('quorate_pool_breaker_state{instance=~"$instance"}', "{{instance}}")]),
    ("Reads per statement", "short", [
        (f'sum(rate(quorate_read_gateway_reads_total{{instance=~"$instance"}}{RATE})) / '
         f'sum(rate(quorate_read_gateway_batches_total{{instance=~"$instance"}}{RATE}))', "coalesced reads")]),
    ("HTTP answers", "reqps", [(f'sum by (code) (rate(quorate_http_requests_total{{instance=~"$instance"}}{RATE}))', "{{code}}")]),
    ("Client connections", "short", [('sum by (instance) (quorate_http_connections{instance=~"$instance"})', "{{instance}}")]),
    ("Load that was refused", "reqps", [
        (f'sum(rate(quorate_calls_shed_total{{instance=~"$instance"}}{RATE}))', "calls shed"),
        (f'sum by (why) (rate(quorate_http_refused_total{{instance=~"$instance"}}{RATE}))', "HTTP: {{why}}")]),
    ("Turns of the loops", "ops", [(f'sum by (loop) (rate(quorate_loop_turns_total{{instance=~"$instance"}}{RATE}))', "{{loop}}"),
                                   (f'sum by (loop) (rate(quorate_loop_errors_total{{instance=~"$instance"}}{RATE}))',
                                    "{{loop}} failed")]),
    ("From wake-up to result of a transaction", "s", [
        (f'histogram_quantile({q}, sum by (le) (rate(quorate_transaction_lag_seconds_bucket{{instance=~"$instance"}}{RATE})))', f"p{name}")
        for q, name in ((0.5, "50"), (0.99, "99"))]),
    ("WebSockets", "short", [('sum by (instance) (quorate_socket_connections{instance=~"$instance"})', "{{instance}}")]),
    ("Events", "ops", [
        (f'sum(rate(quorate_events_delivered_total{{instance=~"$instance"}}{RATE}))', "delivered"),
        (f'sum(rate(quorate_events_dropped_total{{instance=~"$instance"}}{RATE}))', "dropped"),
        (f'sum by (why) (rate(quorate_socket_closed_total{{instance=~"$instance"}}{RATE}))', "sockets closed: {{why}}")]),
    ("Recorded on the node", "ops", [
        (f'sum by (outcome) (rate(quorate_rollup_forwards_total{{instance=~"$instance"}}{RATE}))', "{{outcome}}"),
        (f'sum by (fault) (rate(quorate_rollup_faults_total{{instance=~"$instance"}}{RATE}))', "fault: {{fault}}")]),
    ("Waiting to be recorded", "short", [('max(quorate_rollup_open{instance=~"$instance"})', "waiting"),
                                         ('sum(quorate_rollup_not_mined{instance=~"$instance"})', "not mined")]),
    ("Mailboxes", "short", [('quorate_actor_mailbox{instance=~"$instance"} > 0', "{{actor}}")]),
    ("Restarts of actors", "short", [('increase(quorate_actor_restarts_total{instance=~"$instance"}[1h]) > 0', "{{actor}}")]),
]


def panel(number, title, unit, targets):
    return {
        "id": number + 1, "type": "timeseries", "title": title,
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "gridPos": {"h": 8, "w": 12, "x": 12 * (number % 2), "y": 8 * (number // 2)},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "targets": [{"refId": chr(ord("A") + i), "expr": expr, "legendFormat": legend} for i, (expr, legend) in enumerate(targets)],
    }


def dashboard():
    return {
        "title": "Quorate", "uid": "quorate", "schemaVersion": 38, "version": 1, "refresh": "10s", "tags": ["quorate"],
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [
            {"name": "datasource", "type": "datasource", "query": "prometheus"},
            {"name": "instance", "type": "query", "datasource": {"type": "prometheus", "uid": "${datasource}"},
             "query": "label_values(quorate_pool_max, instance)", "includeAll": True, "multi": True,
             "current": {"text": "All", "value": "$__all"}}]},
        "panels": [panel(number, *one) for number, one in enumerate(PANELS)],
    }


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[1] / "config" / "grafana-dashboard.json"
    target.write_text(json.dumps(dashboard(), indent=1) + "\n")
