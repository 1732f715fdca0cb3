// The search inside the browser: fetches the index and the stock of shops, keeps them, and asks the engine.
//
// The page sends arrays, the first element says what: "start", "shops", "change", or "products" with a port for the answer.
// It is told "ready" once questions can be answered here.

import init, { Searcher } from "./search_worker.js";

/// Set by the build.
const WASM = ENGINE_WASM;
const KEPT = "nearshelf/search/1";
const LOOK_FOR_A_NEW_INDEX_MS = 600_000;
const ASK_FOR_STOCK_MS = 60_000;

let api = "";
let searcher = null;
let index = "";
let shops = [];
/// After a panic the engine cannot be started again in this worker.
let ended = false;

/// What is kept on the device, where it keeps anything: not in every private window.
const kept = () => self.caches?.open(KEPT).catch(() => null) ?? null;

async function answered(url, options) {
  const answer = await fetch(api + url, options);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer;
}

/// Which index is the present one; without a network the one that is kept.
async function present(store) {
  try {
    const answer = await answered("/v1/search", { cache: "no-cache" });
    await store?.put("info", answer.clone()).catch(() => {});
    return await answer.json();
  } catch (error) {
    const known = await store?.match("info");
    if (known) return await known.json();
    throw error;
  }
}

/// The bytes of an index: its name says its content, so what is kept under it is never asked for again.
async function bytesOf(store, url) {
  const known = await store?.match(url);
  if (known) return await known.arrayBuffer();
  const bytes = await (await answered(url)).arrayBuffer();
  if (store) {
    for (const old of await store.keys()) if (old.url.includes("/v1/search/indexes/")) await store.delete(old);
    await store.put(url, new Response(bytes)).catch(() => {});
  }
  return bytes;
}

async function open() {
  if (ended) return;
  const store = await kept();
  const info = await present(store);
  if (info.index === index) return;
  const bytes = await bytesOf(store, info.url);
  let next;
  try {
    next = new Searcher(new Uint8Array(bytes));
  } catch (error) {
    // What was kept is damaged: the next time it is fetched anew.
    await store?.delete(info.url);
    throw error;
  }
  searcher?.free();
  [searcher, index] = [next, info.index];
  await askForStock();
  postMessage("ready");
}

async function askForStock() {
  if (!searcher || shops.length === 0) return;
  const asked = index;
  const ids = encodeURIComponent(shops.join(","));
  const answer = await answered(`/v1/search/stock?index=${asked}&location_id=${ids}`).catch(() => null);
  const stock = await answer?.json();
  if (asked !== index) return;
  for (const shop of stock?.locations ?? []) {
    searcher.set_stock(shop.location_id, Uint8Array.from(atob(shop.products), (c) => c.charCodeAt(0)));
  }
}

function products(query, port) {
  try {
    port.postMessage(searcher.products(query));
  } catch (error) {
    // A panic ends the engine and not the search: from then on the server answers.
    if (error instanceof WebAssembly.RuntimeError) [searcher, ended] = [null, true];
    port.postMessage(null);
  }
}

/// Without the index the server answers, so what fails here is tried again later and not spoken of.
const quietly = (work) => work().catch((error) => console.info(`search: ${error.message ?? error}`));

async function start() {
  await init({ module_or_path: WASM });
  await open();
}

self.onmessage = ({ data: [what, ...rest], ports: [port] }) => {
  if (what === "start") {
    api = rest[0].replace(/\/$/, "");
    quietly(start);
    setInterval(() => quietly(open), LOOK_FOR_A_NEW_INDEX_MS);
    setInterval(() => quietly(askForStock), ASK_FOR_STOCK_MS);
  } else if (what === "shops") {
    shops = rest;
    quietly(askForStock);
  } else if (what === "change") {
    const [shop, sku, available] = rest;
    searcher?.set_available(shop, sku, available === "1");
  } else if (what === "products") {
    products(rest[0], port);
  }
};
