// SPDX-License-Identifier: MIT
// A language model of the tests' own, which speaks the API of openai-compatible providers.
import { createServer } from "node:http";

/** `answer(prompt, model)`: text, a number for a status, or a promise of either. */
export async function modelServer(answer) {
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const piece of request) text += piece;
    const { model, messages } = JSON.parse(text);
    const content = messages.at(-1).content;
    const prompt = typeof content === "string" ? content : content.map((part) => part.text ?? "").join("");
    const said = request.headers.authorization === "Bearer local-key" ? await answer(prompt, model) : 401;
    response.statusCode = typeof said === "number" ? said : 200;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ choices: [{ message: { role: "assistant", content: String(said) } }] }));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** The parameters of a provider, or of a validator behind its stake. */
export const providerAt = (url, model) => ["local", model, {}, "openai-compatible", { api_key_env_var: "LOCAL_MODEL_KEY", api_url: url }];
