// Runs in a worker of the page, one engine each: builds or loads, then answers all queries, and measures.

import { create, insertMultiple, search as askOrama } from "@orama/orama";
import uFuzzy from "@leeoniya/ufuzzy";
import * as flexsearch from "flexsearch";
import MiniSearch from "minisearch";
import init, { Searcher } from "search-worker";

const MINI = { fields: ["title", "brand", "type"], storeFields: [], searchOptions: { prefix: true, fuzzy: 0.2, combineWith: "AND", boost: { title: 2 } } };
const line = (row) => `${row.title} ${row.brand} ${row.type}`;

/// `build` prepares, `save` gives what would be sent and `load` takes it; `ask` answers with up to ten rows of `rows`.
const ENGINES = {
  "minisearch prefix+fuzzy AND": {
    build(rows) {
      const index = new MiniSearch(MINI);
      index.addAll(rows);
      return index;
    },
    save: (index) => new TextEncoder().encode(JSON.stringify(index)),
    load: (bytes) => MiniSearch.loadJSON(new TextDecoder().decode(bytes), MINI),
    ask: (index, query) => index.search(query).slice(0, 10).map((hit) => hit.id),
  },
  "flexsearch forward LatinAdvanced": {
    build(rows) {
      const index = new flexsearch.Index({ tokenize: "forward", encoder: flexsearch.Charset.LatinAdvanced });
      for (const row of rows) index.add(row.id, line(row));
      return index;
    },
    ask: (index, query) => index.search(query, { limit: 10 }),
  },
  "orama tolerance 1": {
    most: 300,
    async build(rows) {
      const db = create({ schema: { title: "string", brand: "string", type: "string" } });
      await insertMultiple(db, rows.map(({ id, title, brand, type }) => ({ id: String(id), title, brand, type })), 2000);
      return db;
    },
    ask: async (db, term) => (await askOrama(db, { term, tolerance: 1, limit: 10, threshold: 0 })).hits.map((hit) => Number(hit.id)),
  },
  "uFuzzy intraMode 1": {
    build: (rows) => ({ engine: new uFuzzy({ intraMode: 1 }), lines: rows.map(line) }),
    ask({ engine, lines }, query) {
      const [found, info, order] = engine.search(lines, query, 1, 1e3);
      return order ? order.slice(0, 10).map((place) => info.idx[place]) : (found ?? []).slice(0, 10);
    },
  },
};

const percentile = (times, share) => {
  const sorted = times.toSorted((a, b) => a - b);
  return Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(3));
};

/// Whether the product that was meant, or one of the same title, is among the first ten.
function succeeds(found, query, rows, bySku) {
  const meant = rows[bySku.get(query.sku)];
  return found.slice(0, 10).some((id) => rows[id] === meant || rows[id]?.title === meant?.title);
}

async function measured(ask, { rows, queries, strokes }) {
  const bySku = new Map(rows.map((row) => [row.sku, row.id]));
  const shares = { clean: [0, 0], typo: [0, 0] };
  for (const query of queries.slice(0, 20)) await ask(query.q);
  const times = [];
  for (const query of queries) {
    const begun = performance.now();
    const found = await ask(query.q);
    times.push(performance.now() - begun);
    const share = shares[query.typo ? "typo" : "clean"];
    share[0] += succeeds(found, query, rows, bySku) ? 1 : 0;
    share[1] += 1;
  }
  const typed = [];
  for (const query of queries.slice(0, strokes)) {
    for (let end = 1; end <= query.q.length; end++) {
      const begun = performance.now();
      await ask(query.q.slice(0, end));
      typed.push(performance.now() - begun);
    }
  }
  const share = ([right, all]) => (all ? Number((right / all).toFixed(3)) : null);
  return {
    p50_ms: percentile(times, 0.5),
    p99_ms: percentile(times, 0.99),
    stroke_p50_ms: typed.length ? percentile(typed, 0.5) : null,
    stroke_p99_ms: typed.length ? percentile(typed, 0.99) : null,
    success10_clean: share(shares.clean),
    success10_typo: share(shares.typo),
    n: queries.length,
  };
}

async function peer(name, job) {
  const engine = ENGINES[name];
  let begun = performance.now();
  let index = await engine.build(job.rows);
  const build_ms = performance.now() - begun;
  const bytes = engine.save?.(index) ?? null;
  let load_ms = null;
  if (bytes) {
    begun = performance.now();
    index = engine.load(bytes);
    await engine.ask(index, job.queries[0].q);
    load_ms = performance.now() - begun;
  }
  const queries = job.queries.slice(0, engine.most ?? job.queries.length);
  const figures = await measured((query) => engine.ask(index, query), { ...job, queries, strokes: engine.save ? job.strokes : 0 });
  return { figures: { name, build_ms: Math.round(build_ms), load_ms: load_ms && Math.round(load_ms), ...figures }, bytes };
}

/// Ten rows with all that they show, and the counts of all facets, as JSON that is read: what the app does.
const asked = (searcher, bySku) => (query) => {
  const page = JSON.parse(searcher.products(`limit=10&q=${encodeURIComponent(query)}`));
  return page.products.map((product) => bySku.get(product.sku));
};

/// What no shopper asks, strings that are no text of Unicode among it.
const ODD = [
  "", " ", "x".repeat(10_000), "steel ".repeat(1_700), "!?.,;:-_", "\0\u0001\u007F\u009F", "\uD800", "a\uDC00b \uD83D", "\u{1F600}",
  ".*+?^${}()|[]\\", "'; DROP TABLE product; --", "%_", "%ED%A0%80", "&=&?",
];

/// Asks all of it as it is and percent-encoded, and answers how long the slowest took. A refusal is a text; anything else that
/// is thrown is a panic, and ends the bench.
function slowestOdd(searcher) {
  let slowest = 0;
  for (const words of ODD) {
    for (const query of [`q=${words}`, `q=${encodeURIComponent(words.toWellFormed())}`]) {
      const begun = performance.now();
      try {
        JSON.parse(searcher.products(query));
      } catch (refusal) {
        if (typeof refusal !== "string") throw refusal;
      }
      slowest = Math.max(slowest, performance.now() - begun);
    }
  }
  return Number(slowest.toFixed(3));
}

async function ours({ engine, index, large, ...job }) {
  let begun = performance.now();
  const module = await WebAssembly.compile(engine);
  const wasm_compile_ms = performance.now() - begun;
  const fresh = async (bytes) => {
    // A memory of its own for each index: it only ever grows.
    const exports = await init({ module_or_path: module });
    return { exports, bytes: new Uint8Array(bytes) };
  };
  const { exports, bytes } = await fresh(index);
  const bySku = new Map(job.rows.map((row) => [row.sku, row.id]));
  begun = performance.now();
  let searcher = new Searcher(bytes);
  asked(searcher, bySku)(job.queries[0].q);
  const load_ms = performance.now() - begun;
  const figures = await measured(asked(searcher, bySku), job);
  const odd_max_ms = slowestOdd(searcher);
  // The build gives exports names of a letter or two.
  const memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  const memory_ratio = Number((memory.buffer.byteLength / bytes.length).toFixed(2));
  let p99_ms_large = null;
  if (large) {
    searcher.free();
    searcher = new Searcher(new Uint8Array(large));
    p99_ms_large = (await measured(asked(searcher, bySku), { ...job, strokes: 0 })).p99_ms;
  }
  const name = "nearshelf";
  const round = (ms) => Number(ms.toFixed(1));
  return {
    figures: { name, build_ms: null, load_ms: round(load_ms), wasm_compile_ms: round(wasm_compile_ms), ...figures, odd_max_ms, memory_ratio, p99_ms_large },
    bytes: null,
  };
}

self.onmessage = async ({ data: { name, ...job } }) => {
  try {
    postMessage(await (name === "nearshelf" ? ours(job) : peer(name, job)));
  } catch (error) {
    postMessage({ error: `${name}: ${error.stack ?? error}` });
  }
};
