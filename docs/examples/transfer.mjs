// A funded account sends half an ether to another: npm install viem && node transfer.mjs
import { createPublicClient, createWalletClient, defineChain, formatEther, http, parseEther } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

const url = process.env.QUORATE_URL ?? "http://127.0.0.1:4000/api";
const chain = defineChain({ id: 61127, name: "Quorate", nativeCurrency: { name: "GEN", symbol: "GEN", decimals: 18 }, rpcUrls: { default: { http: [url] } } });
const [sender, recipient] = [generatePrivateKey(), generatePrivateKey()].map(privateKeyToAccount);
const client = createPublicClient({ chain, transport: http() });
await client.request({ method: "sim_fundAccount", params: [sender.address, Number(parseEther("1"))] });
const hash = await createWalletClient({ account: sender, chain, transport: http() }).sendTransaction({ to: recipient.address, value: parseEther("0.5") });
await client.waitForTransactionReceipt({ hash });
while ((await client.request({ method: "gen_getTransactionStatus", params: [hash] })).status !== "FINALIZED");
console.log(`${hash}: the recipient has ${formatEther(await client.getBalance({ address: recipient.address }))}`);
