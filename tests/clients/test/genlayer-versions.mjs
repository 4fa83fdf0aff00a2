// SPDX-License-Identifier: MIT
import * as current from "genlayer-js";
import * as currentChains from "genlayer-js/chains";
import * as older from "genlayer-js-0.18";
import * as olderChains from "genlayer-js-0.18/chains";

/** The versions of genlayer-js in use, each with the networks it can be told to be on. */
export const versions = [
  { version: "1.2.0", ...current, ...currentChains },
  { version: "0.18.10", ...older, ...olderChains },
].flatMap((of) => ["localnet", "studionet"].map((name) => ({ ...of, label: `genlayer-js ${of.version}, ${name}`, chain: of[name] })));
