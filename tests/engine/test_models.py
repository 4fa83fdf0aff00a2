# SPDX-License-Identifier: MIT
"""Language models and the web through the whole engine (docs/spec/genvm.md §4): a provider played by a server of ours, mocks, and
what is refused. Only for the real engine."""
import http.server
import json
import threading
import unittest

from support import CONTRACT, Chain, ContractTest

ASK = (
    "class C(gl.Contract):\n    def __init__(self):\n        def leader():\n            try:\n"
    "                return str({})\n            except gl.nondet.NondetException as e:\n                return 'error ' + ' '.join(e.error['causes'])\n"
    "        raise gl.vm.UserError(gl.vm.run_nondet_unsafe(leader, lambda result: True))\n"
)


class Provider(http.server.BaseHTTPRequestHandler):
    """An openai-compatible API that answers as the test says."""

    reply = (200, "hello")
    seen: list = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Provider.seen.append((self.path, self.headers.get("Authorization"), body))
        status, text = Provider.reply
        answer = json.dumps({"choices": [{"message": {"content": text}}]} if status == 200 else {"error": {"message": text}}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_arguments):
        pass


@unittest.skipIf(Chain.is_double, "needs QUORATE_ENGINE")
class models(ContractTest):
    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        Provider.seen, Provider.reply = [], (200, "hello")
        self.chain.host_data = {
            "studio_llm_id": "node-0x1",
            "backends": {
                "node-0x1": {
                    "host": f"http://127.0.0.1:{self.server.server_port}",
                    "provider": "openai-compatible",
                    "key": "secret",
                    "models": {"gpt-test": {"supports_json": True}},
                }
            },
        }

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def ask(self, expression):
        return self.deploy(ASK.format(expression), to=CONTRACT)

    def test_a_prompt_reaches_the_provider_and_its_answer_the_contract(self):
        self.assert_user_error(self.ask("gl.nondet.exec_prompt('Who?')"), "hello")
        ((path, key, body),) = Provider.seen
        self.assertEqual(("/v1/chat/completions", "Bearer secret", "gpt-test"), (path, key, body["model"]))
        self.assertIn("Who?", json.dumps(body["messages"]))

    def test_json_is_an_object(self):
        Provider.reply = (200, '```json\n{"a": 1.5}\n```')
        self.assert_user_error(self.ask("gl.nondet.exec_prompt('Who?', response_format='json')['a']"), "1.5")

    def test_a_provider_that_fails_ends_the_run_as_the_engines_failure(self):
        for status in (429, 500):
            Provider.reply = (status, "no")
            outcome = self.ask("gl.nondet.exec_prompt('Who?')")
            self.assertEqual(("InternalError", ["NO_PROVIDER_FOR_PROMPT"]), (outcome.kind, outcome.value["causes"]))
            self.assertNotIn("secret", repr(outcome.value))

    def test_an_empty_prompt_is_the_contracts_own_error(self):
        self.assert_user_error(self.ask("gl.nondet.exec_prompt('  ')"), "error EMPTY_PROMPT")

    def test_mocks_stand_in(self):
        self.chain.host_data["mock_response"] = {"response": {"weather": "sunny"}}
        self.assert_user_error(self.ask("gl.nondet.exec_prompt('How is the weather?')"), "sunny")
        self.chain.host_data["mock_web_response"] = {
            "nondet_web_request": {"https://a.com": {"method": "GET", "status": 200, "body": "page"}}
        }
        self.assert_user_error(self.ask("gl.nondet.web.get('https://a.com').body"), "b'page'")
        self.assertEqual([], Provider.seen)

    def test_addresses_that_nobody_may_go_to(self):
        port = self.server.server_port
        for url, cause in [
            (f"http://127.0.0.1:{port}/", "PORT_FORBIDDEN"),
            ("http://127.0.0.1/", "FORBIDDEN"),
            ("file:///etc/passwd", "SCHEMA_FORBIDDEN"),
            ("https://localhost/", "FORBIDDEN"),
        ]:
            outcome = self.ask(f"gl.nondet.web.get({url!r})")
            self.assertEqual("Rollback", outcome.kind, outcome)
            self.assertIn(cause, outcome.value)


if __name__ == "__main__":
    unittest.main()
