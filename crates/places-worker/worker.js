// Places and shops inside the browser: fetches the gazetteer and the file of all shops, keeps them, and asks them.
//
// The page sends arrays, the first element says what: "start", or "find" and "shops" with a port for the answer. It is told
// "ready" once places can be found here, and "shops" once shops can.

import init, { Gazetteer, Locator } from "./places_worker.js";

/// Set by the build.
const WASM = ENGINE_WASM;
const KEPT = "nearshelf/places/1";
const LOOK_FOR_NEW_ONES_MS = 3_600_000;

let api = "";
/// After a panic nothing can be started again in this worker.
let ended = false;

/// What is kept on the device, where it keeps anything: not in every private window.
const kept = () => self.caches?.open(KEPT).catch(() => null) ?? null;

async function answered(url, options) {
  const answer = await fetch(api + url, options);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer;
}

/// A file that is fetched once and kept: `about` says which is the present one, `open` makes an engine of it.
class Kept {
  engine = null;
  index = "";

  constructor(about, folder, word, open) {
    Object.assign(this, { about, folder, word, open });
  }

  /// Which file is the present one; without a network the one that is kept.
  async present(store) {
    try {
      const answer = await answered(this.about, { cache: "no-cache" });
      await store?.put(this.about, answer.clone()).catch(() => {});
      return await answer.json();
    } catch (error) {
      const known = await store?.match(this.about);
      if (known) return await known.json();
      throw error;
    }
  }

  /// The file: its name says its content, so what is kept under it is never asked for again.
  async file(store, url) {
    const known = await store?.match(url);
    if (known) return known;
    const answer = await answered(url);
    if (store) {
      for (const old of await store.keys()) if (old.url.includes(this.folder)) await store.delete(old);
      await store.put(url, answer.clone()).catch(() => {});
    }
    return answer;
  }

  async refresh() {
    if (ended) return;
    const store = await kept();
    const info = await this.present(store);
    if (info.index === this.index) return;
    let next;
    try {
      next = await this.open(await this.file(store, info.url));
    } catch (error) {
      // What was kept is damaged: the next time it is fetched anew.
      await store?.delete(info.url);
      throw error;
    }
    this.engine?.free();
    [this.engine, this.index] = [next, info.index];
    postMessage(this.word);
  }
}

const places = new Kept("/v1/places", "/v1/places/indexes/", "ready", async (file) => new Gazetteer(new Uint8Array(await file.arrayBuffer())));
const shops = new Kept("/v1/location-index", "/v1/location-indexes/", "shops", async (file) => new Locator(await file.text()));

const number = (text) => (text === "" ? Number.NaN : Number(text));

const ANSWERS = {
  find: ([typed, latitude, longitude, limit]) => places.engine.find(typed, number(latitude), number(longitude), Number(limit)),
  shops: ([words, latitude, longitude, max, openAt, amenities, offset, limit, now]) =>
    shops.engine.search(words, number(latitude), number(longitude), number(max), number(openAt), amenities, Number(offset), Number(limit), Number(now)),
};

function answer(what, rest, port) {
  try {
    port.postMessage(ANSWERS[what](rest) ?? null);
  } catch (error) {
    // A panic ends the engines and not the app: from then on the server answers.
    if (error instanceof WebAssembly.RuntimeError) [places.engine, shops.engine, ended] = [null, null, true];
    port.postMessage(null);
  }
}

/// Without the files the server answers, so what fails here is tried again later and not spoken of.
const quietly = (work) => work().catch((error) => console.info(`places: ${error.message ?? error}`));

async function start() {
  await init({ module_or_path: WASM });
  // Shops first: without them a place is of no use.
  for (const one of [shops, places]) {
    await quietly(() => one.refresh());
    setInterval(() => quietly(() => one.refresh()), LOOK_FOR_NEW_ONES_MS);
  }
}

self.onmessage = ({ data: [what, ...rest], ports: [port] }) => {
  if (what === "start") {
    api = rest[0].replace(/\/$/, "");
    quietly(start);
  } else if (port) {
    answer(what, rest, port);
  }
};
