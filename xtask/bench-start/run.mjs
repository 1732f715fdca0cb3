// How fast the app starts and stays, with the real server and the app as it is served, in a headless Chromium.
//
// run.mjs <options as JSON>; see `xtask/src/bench/start.rs` for what is in them. Lighthouse is loaded only where it is needed:
// the tests do without.

import { cpus, loadavg } from "node:os";
import { launch } from "./browser.mjs";
import { Shop } from "./shop.mjs";
import * as gate from "./gate.mjs";
import * as events from "./events.mjs";
import * as use from "./use.mjs";
import * as load from "./load.mjs";

const options = JSON.parse(process.argv[2]);
/** Requests and bytes until the start page shows products: ratchets, lower them with each saving. */
const MOST = { requests_before_products: 7, kB_before_products: 251, cls: 0 };

const results = [];
/** Runs one part and prints it as a table. */
async function part(name, columns, goals, measure) {
  if (options.only && options.only !== name) return;
  const shop = await Shop.open(options);
  try {
    const rows = [await measure(shop)].flat();
    const load = loadavg()[0].toFixed(1);
    for (const row of rows) results.push({ ...row, goals, load: Number(load) });
    console.log(`\n${name}, load of the machine ${load} on ${cpus().length} cores`);
    table(["name", ...columns], goals, rows);
  } finally {
    await shop.close();
  }
}

function table(columns, goals, rows) {
  const cell = (value) => (value === null || value === undefined ? "-" : String(value));
  const goal = Object.fromEntries(columns.map((column) => [column, column === "name" ? "goal" : goals[column]]));
  const lines = [Object.fromEntries(columns.map((column) => [column, column])), ...rows, ...(Object.keys(goals).length ? [goal] : [])];
  const widths = columns.map((column) => Math.max(...lines.map((line) => cell(line[column]).length)));
  for (const line of lines) console.log(columns.map((column, at) => (at ? cell(line[column]).padStart(widths[at]) : cell(line[column]).padEnd(widths[at]))).join("  "));
}

/** A part with a browser of its own. */
const inBrowser = (measure, ...words) => async (shop) => {
  const browser = await launch(options);
  try {
    return await measure(shop, browser, ...words);
  } finally {
    await browser.close();
  }
};

const quick = options.quick;
await part("first visit", ["requests_before_products", "kB_before_products", "cls"], MOST, inBrowser(gate.measure));
if (!quick || options.only) {
  await part(
    "lighthouse",
    ["performance", "accessibility", "best_practices", "seo", "fcp_ms", "lcp_ms", "tbt_ms", "cls", "speed_index_ms", "total_kB", "machine"],
    { performance: 100, accessibility: 100, best_practices: 100, seo: 100, lcp_ms: 1_500, tbt_ms: 50, cls: 0 },
    async (shop) => (await import("./lighthouse.mjs")).measure(shop, { ...options, runs: quick ? 1 : 3 }),
  );
  await part(
    "events",
    ["events_a_second", "changes_of_the_list", "longest_task_looking_ms", "longest_task_ms", "long_tasks", "strokes", "typing_p50_ms", "typing_p99_ms"],
    events.GOALS,
    inBrowser(events.measure, { rate: 200, seconds: quick ? 8 : 20 }),
  );
  await part("load", ["first_paint_ms", "first_text_ms", "lcp_ms", "first_screen_ms", "first_stock_ms", "cls"], { cls: 0 }, inBrowser(load.measure, { runs: quick ? 1 : 3 }));
  await part(
    "use",
    ["rounds", "screens", "seconds", "heap_kB", "wasm_kB", "nodes", "growth_percent"],
    use.GOALS,
    // A person takes about half a minute for a round of seven screens: sixty rounds are half an hour.
    inBrowser(use.measure, quick ? { rounds: 4, warm: 2, every: 2 } : { rounds: options.rounds, warm: 10, every: 10 }),
  );
}

console.log();
for (const { found, samples, requests, ...result } of results) console.log(JSON.stringify({ ...result, found, samples, requests }));

// What does not depend on the machine is a gate; the times are for people.
const visit = results.find(({ name }) => name === "first visit");
const over = visit ? Object.entries(MOST).filter(([name, most]) => visit[name] > most).map(([name, most]) => `${name} is ${visit[name]}, over ${most}`) : [];
if (visit?.early.length) over.push(`the first screen fetched parts ${visit.early} that it should not need`);
if (visit?.faults.length) over.push(`the app ended: ${visit.faults[0]}`);
const grown = results.find(({ name }) => name === "use");
if (grown && !quick && grown.growth_percent > use.GOALS.growth_percent) over.push(`growth_percent is ${grown.growth_percent}`);
for (const line of over) console.error(line);
if (over.length) process.exitCode = 1;
