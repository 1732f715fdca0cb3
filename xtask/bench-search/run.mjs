// Ours and the peers, one after the other in workers of the same page of a headless Chromium.
//
// run.mjs <options as JSON>; see `xtask/src/bench/search.rs` for what is in them.

import { createServer } from "node:http";
import { readFile, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { brotliCompressSync, constants, gunzipSync } from "node:zlib";
import path from "node:path";
import { knownItems } from "./queries.mjs";

const options = JSON.parse(process.argv[2]);
const SEED = 42;
/// The goal was 40: lower it with each saving, never raise it.
const WORKER_RATCHET_KB = 37;
const { chromium } = createRequire(path.join(options.end2end, "package.json"))("@playwright/test");

const raw = await readFile(options.feed);
const text = (options.feed.endsWith(".gz") ? gunzipSync(raw) : raw).toString();
const rows = text.split("\n").slice(1).filter(Boolean).map((row, id) => {
  const column = row.split("\t");
  return { id, sku: column[0], title: column[1], brand: column[7], type: column[10] };
});
const queries = options.queries
  ? (await readFile(options.queries, "utf8")).split("\n").filter((row) => row.trim()).map((row) => JSON.parse(row))
  : knownItems(rows, options.quick ? 300 : 1000, SEED);

const feed = path.join(options.scratch, "products.tsv");
await writeFile(feed, text);
const build = (target, repeat) => execFileSync(options.indexer, ["index", feed, target, "--repeat", String(repeat)]);
const [index, large] = ["index.bin", "large.bin"].map((name) => path.join(options.scratch, name));
build(index, 1);
const repeat = options.quick ? 0 : Math.ceil(200_000 / rows.length);
if (repeat) build(large, repeat);

const brotli = (bytes, quality, window) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, ...(window && { [constants.BROTLI_PARAM_LGWIN]: window }) } }).length;
const files = {
  "/engines.js": [options.bundle, "text/javascript"],
  "/engine.wasm": [options.engine, "application/wasm"],
  "/index.bin": [index, "application/octet-stream"],
  ...(repeat && { "/large.bin": [large, "application/octet-stream"] }),
};
const server = createServer(async (request, response) => {
  // Isolated, so that clocks are as fine as the browser has them.
  const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  const [file, type] = files[request.url] ?? [null, "text/html"];
  response.writeHead(200, { ...headers, "content-type": type });
  response.end(file ? await readFile(file) : "<!doctype html><title>search</title>");
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

const browser = await chromium.launch({
  executablePath: options.chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
if (!(await page.evaluate(() => crossOriginIsolated))) throw new Error("the page is not isolated");

const job = { rows, queries, strokes: options.quick ? 10 : 100 };
await page.evaluate((job) => { globalThis.job = job; }, job);
const one = (name) =>
  page.evaluate(async (name) => {
    const bytes = async (url) => (await fetch(url)).arrayBuffer();
    const files = name === "nearshelf" && { engine: await bytes("/engine.wasm"), index: await bytes("/index.bin"), large: job.large && await bytes("/large.bin") };
    const worker = new Worker("/engines.js", { type: "module" });
    const answer = await new Promise((answered, failed) => {
      worker.onmessage = ({ data }) => (data.error ? failed(new Error(data.error)) : answered(data));
      worker.onerror = (event) => failed(new Error(event.message));
      worker.postMessage({ ...job, ...files, name });
    });
    worker.terminate();
    // Through the protocol of the browser, bytes travel as text.
    return { figures: answer.figures, bytes: answer.bytes && new TextDecoder("latin1").decode(answer.bytes) };
  }, name);
await page.evaluate((large) => { job.large = large; }, repeat > 0);

const peers = options.quick ? ["minisearch prefix+fuzzy AND"] : ["minisearch prefix+fuzzy AND", "uFuzzy intraMode 1", "flexsearch forward LatinAdvanced", "orama tolerance 1"];
const results = [];
for (const name of ["nearshelf", ...peers]) {
  const { figures, bytes } = await one(name);
  const sent = name === "nearshelf" ? await readFile(index) : bytes && Buffer.from(bytes, "latin1");
  const kB = (size) => Math.round(size / 1e3);
  const result = {
    name,
    index_br_kB: sent ? kB(brotli(sent, 9)) : null,
    ...(name === "nearshelf" && {
      index_br11_kB: kB(brotli(sent, 11, 24)),
      index_raw_kB: kB(sent.length),
      worker_br_kB: Number((brotli(await readFile(options.engine), 11) / 1e3).toFixed(1)),
      large_products: repeat * rows.length || null,
    }),
    ...figures,
    seed: options.queries ? null : SEED,
    products: rows.length,
  };
  results.push(result);
  process.stderr.write(`      ${name}\n`);
}
await browser.close();
server.close();

const COLUMNS = ["name", "index_br_kB", "load_ms", "p50_ms", "p99_ms", "stroke_p99_ms", "success10_clean", "success10_typo"];
const cell = (value) => (value === null || value === undefined ? "-" : String(value));
const widths = COLUMNS.map((column) => Math.max(column.length, ...results.map((result) => cell(result[column]).length)));
const row = (cells) => console.log(cells.map((text, at) => (at ? text.padStart(widths[at]) : text.padEnd(widths[at]))).join("  "));
row(COLUMNS);
for (const result of results) row(COLUMNS.map((column) => cell(result[column])));
for (const result of results) console.log(JSON.stringify(result));

// What does not depend on the machine is a gate; the times are for people.
const [own] = results;
const floors = [
  ["success10_clean", own.success10_clean >= 0.97],
  ["success10_typo", own.success10_typo >= 0.93],
  ["index_br_kB", own.index_br_kB <= 950],
  ["worker_br_kB", own.worker_br_kB <= WORKER_RATCHET_KB],
  ["memory_ratio", own.memory_ratio <= 3],
];
const missed = floors.filter(([, kept]) => !kept).map(([name]) => `${name} ${own[name]}`);
if (missed.length && options.gate) {
  console.error(`missed: ${missed.join(", ")}`);
  process.exit(1);
}
