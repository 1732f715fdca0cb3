// Postcodes and towns inside the browser: fetches the gazetteer, keeps it, and asks it.
//
// The page sends arrays, the first element says what: "start", or "find" with a port for the answer. It is told "ready" once
// questions can be answered here.

import init, { Gazetteer } from "./places_worker.js";

/// Set by the build.
const WASM = ENGINE_WASM;
const KEPT = "nearshelf/places/1";
const LOOK_FOR_A_NEW_ONE_MS = 3_600_000;

let api = "";
let gazetteer = null;
let index = "";
/// After a panic nothing can be started again in this worker.
let ended = false;

/// What is kept on the device, where it keeps anything: not in every private window.
const kept = () => self.caches?.open(KEPT).catch(() => null) ?? null;

async function answered(url, options) {
  const answer = await fetch(api + url, options);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer;
}

/// Which gazetteer is the present one; without a network the one that is kept.
async function present(store) {
  try {
    const answer = await answered("/v1/places", { cache: "no-cache" });
    await store?.put("info", answer.clone()).catch(() => {});
    return await answer.json();
  } catch (error) {
    const known = await store?.match("info");
    if (known) return await known.json();
    throw error;
  }
}

/// The bytes of a gazetteer: its name says its content, so what is kept under it is never asked for again.
async function bytesOf(store, url) {
  const known = await store?.match(url);
  if (known) return await known.arrayBuffer();
  const bytes = await (await answered(url)).arrayBuffer();
  if (store) {
    for (const old of await store.keys()) if (old.url.includes("/v1/places/indexes/")) await store.delete(old);
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
    next = new Gazetteer(new Uint8Array(bytes));
  } catch (error) {
    // What was kept is damaged: the next time it is fetched anew.
    await store?.delete(info.url);
    throw error;
  }
  gazetteer?.free();
  [gazetteer, index] = [next, info.index];
  postMessage("ready");
}

function find([typed, latitude, longitude, limit], port) {
  try {
    const degrees = (text) => (text === "" ? Number.NaN : Number(text));
    port.postMessage(gazetteer.find(typed, degrees(latitude), degrees(longitude), Number(limit)));
  } catch (error) {
    // A panic ends the gazetteer and not the sheet: from then on the server answers.
    if (error instanceof WebAssembly.RuntimeError) [gazetteer, ended] = [null, true];
    port.postMessage(null);
  }
}

/// Without the file the server answers, so what fails here is tried again later and not spoken of.
const quietly = (work) => work().catch((error) => console.info(`places: ${error.message ?? error}`));

async function start() {
  await init({ module_or_path: WASM });
  await open();
}

self.onmessage = ({ data: [what, ...rest], ports: [port] }) => {
  if (what === "start") {
    api = rest[0].replace(/\/$/, "");
    quietly(start);
    setInterval(() => quietly(open), LOOK_FOR_A_NEW_ONE_MS);
  } else if (what === "find") {
    find(rest, port);
  }
};
