// node places.mjs {options}: sizes as they travel, and the same questions in a browser as natively, in the program that the app
// uses. Prints one line of JSON a measurement; fails over the limits that are given with `gate`.

import { createServer } from "node:http";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const options = JSON.parse(process.argv[2]);
const { chromium } = createRequire(join(options.end2end, "package.json"))("@playwright/test");

const brotli = (bytes, quality) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;
const failures = [];
const tell = (line, limits = {}) => {
  console.log(JSON.stringify(line));
  for (const [name, most] of Object.entries(limits)) if (line[name] > most) failures.push(`${line.name}: ${name} is ${line[name]}, over ${most}`);
};

const files = Object.fromEntries(readdirSync(options.scratch).map((name) => [`/${name}`, readFileSync(join(options.scratch, name))]));
for (const name of ["places_worker.js", "places_worker_bg.wasm"]) files[`/${name}`] = readFileSync(join(options.engine, name));
const countries = Object.keys(files).filter((name) => name.endsWith(".places")).map((name) => name.slice(1, -7));
for (const country of countries) {
  const bytes = files[`/${country}.places`];
  const line = { name: `file of postcodes ${country}`, raw_kB: Math.round(bytes.length / 1000), br9_kB: brotli(bytes, 9) / 1000, br11_kB: brotli(bytes, 11) / 1000 };
  tell(line, country === "US" ? { br9_kB: 250 } : {});
}
tell({ name: "file of 20,000 shops", raw_kB: Math.round(files["/shops.txt"].length / 1000), br9_kB: brotli(files["/shops.txt"], 9) / 1000 });

const types = { js: "text/javascript", wasm: "application/wasm" };
const server = createServer((request, response) => {
  const body = files[request.url];
  response.writeHead(body ? 200 : request.url === "/" ? 200 : 404, { "content-type": types[request.url.split(".").pop()] ?? "text/html" });
  response.end(body ?? "<!doctype html><title>places</title>");
}).listen(0, "127.0.0.1");
await new Promise((ready) => server.once("listening", ready));

const browser = await chromium.launch({ executablePath: options.chromium, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
const lines = await page.evaluate(async ([countries, now]) => {
  const { default: init, Gazetteer, Locator } = await import("/places_worker.js");
  await init({ module_or_path: "/places_worker_bg.wasm" });
  const get = async (name) => await fetch(name);
  // The clock of a browser is coarse (0.1 ms): what is quicker is measured in rounds of ten.
  const measure = (questions, ask) => {
    for (const question of questions.slice(0, 200)) ask(question);
    const times = questions.map((question) => {
      const begin = performance.now();
      for (let n = 0; n < 10; n++) ask(question);
      return (performance.now() - begin) / 10;
    });
    times.sort((a, b) => a - b);
    const at = (part) => Number(times[Math.floor(times.length * part)].toFixed(3));
    return { p50_ms: at(0.5), p99_ms: at(0.99) };
  };
  const lines = [];
  for (const country of countries) {
    const bytes = new Uint8Array(await (await get(`/${country}.places`)).arrayBuffer());
    const begin = performance.now();
    const gazetteer = new Gazetteer(bytes);
    const open_ms = Number((performance.now() - begin).toFixed(1));
    const typed = (await (await get(`/${country}.typed`)).text()).split("\n");
    lines.push({ name: `postcodes ${country} in the browser`, open_ms, ...measure(typed, (words) => gazetteer.find(words, NaN, NaN, 5)) });
    gazetteer.free();
  }
  const text = await (await get("/shops.txt")).text();
  const begin = performance.now();
  const locator = new Locator(text);
  const open_ms = Number((performance.now() - begin).toFixed(1));
  const origins = Array.from({ length: 1000 }, (_, n) => [((n * 7919) % 1700) / 10 - 85, ((n * 104729) % 3590) / 10 - 179]);
  for (const [filter, openAt, amenities] of [["none", NaN, ""], ["open now with repair", now, "repair"]]) {
    const ask = ([north, east]) => locator.search("", north, east, NaN, openAt, amenities, 0, 20, now);
    if (!ask(origins[0])) throw new Error("no answer");
    lines.push({ name: "20 nearest of 20,000 shops in the browser", filter, open_ms, ...measure(origins, ask) });
  }
  return lines;
}, [countries, 1795172400000]);
await browser.close();
server.close();
for (const line of lines) tell(line, line.name.startsWith("postcodes") ? { p99_ms: 2 } : { p99_ms: 1 });
for (const failure of failures) console.error(failure);
if (options.gate && failures.some((failure) => failure.includes("kB"))) process.exit(1);
