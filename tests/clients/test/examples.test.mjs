// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// As text on the command line, so that its imports are looked for here.
test("docs/examples/transfer.mjs does what README says", () => {
  const source = readFileSync(new URL("../../../docs/examples/transfer.mjs", import.meta.url), "utf8");
  const said = execFileSync(process.execPath, ["--input-type=module", "--eval", source], {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, QUORATE_URL: process.env.QUORATE_URL },
  });
  assert.match(said, /^0x[0-9a-f]{64}: the recipient has 0\.5\n$/);
});
