# SPDX-License-Identifier: MIT
"""The shape of the backend that stopped: Flask with a thread per connection, and Flask-SQLAlchemy's session per request.

A session takes its connection from the QueuePool at its first statement and keeps it until the request ends, whatever
else the request does meanwhile. `eth_getBalance` reads one row; `bench_slow` reads one row and then works for a while, as a
contract run does. The query and the reply are those of the real method. Written for this benchmark.
"""
import argparse
import time

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

db = SQLAlchemy()


class Account(db.Model):
    """One row of current_state; only the columns this application reads."""

    __tablename__ = "current_state"
    id = db.Column(db.String(255), primary_key=True)
    balance = db.Column(db.Numeric(78, 0), nullable=False)


def balance_of(address):
    """The row is read through the session, as the original's account manager does."""
    balance = db.session.query(Account.balance).filter(Account.id == address).scalar()
    return hex(int(balance or 0))


def make_app(database_url, pool_size, max_overflow, pool_timeout, slow_seconds):
    """Builds the application with one engine of the given pool."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": pool_size,
        "max_overflow": max_overflow,
        "pool_timeout": pool_timeout,
        "connect_args": {"application_name": "original"},
    }
    db.init_app(app)

    @app.post("/api")
    def call():
        body = request.get_json()
        try:
            address = body["params"][0]
            if body["method"] == "bench_slow":
                result = balance_of(address)
                time.sleep(slow_seconds)  # the session, and with it the connection, stays out
            else:
                result = balance_of(address)
            return jsonify({"jsonrpc": "2.0", "id": body["id"], "result": result})
        except Exception as error:  # the original answers any failure this way
            return jsonify({"jsonrpc": "2.0", "id": body["id"], "error": {"code": -32603, "message": str(error)}})

    @app.get("/ready")
    def ready():
        db.session.execute(db.text("SELECT 1"))
        return "ok"

    return app


class KeepAliveHandler(WSGIRequestHandler):
    """Keep-alive and no Nagle delay: the comparison is about the pool, not about connects."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, code="-", size="-"):
        """No access log."""


class Server(ThreadedWSGIServer):
    """A backlog that takes every client of the run."""

    request_queue_size = 2048


def main():
    """Serves until it is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database-url", required=True)
    parser.add_argument("--pool-size", type=int, default=5)
    parser.add_argument("--max-overflow", type=int, default=10)
    parser.add_argument("--pool-timeout", type=float, default=30)
    parser.add_argument("--slow-seconds", type=float, default=3)
    options = parser.parse_args()
    app = make_app(options.database_url, options.pool_size, options.max_overflow, options.pool_timeout, options.slow_seconds)
    Server("127.0.0.1", options.port, app, handler=KeepAliveHandler).serve_forever()


if __name__ == "__main__":
    main()
