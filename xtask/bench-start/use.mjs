// What half an hour of use leaves behind: a shopper who goes round and round through the app, without loading it anew.

import { SHOPPER } from "./shop.mjs";
import { phone, rounded } from "./browser.mjs";

const WORDS = ["bottle", "tent", "jacket", "lamp", "mug", "botel"];
export const GOALS = { growth_percent: 10 };

export async function measure(shop, browser, options) {
  const { context, page, cdp, faults } = await phone(browser, SHOPPER, { quiet: true });
  await cdp.send("HeapProfiler.enable");
  await cdp.send("Performance.enable");
  await page.goto(`${shop.url}/`);
  await page.locator("html[data-search=ready][data-shops=ready]").waitFor({ state: "attached", timeout: 60_000 });
  const tills = shop.tills(await shop.shelves("bottle", 45.76, 4.86, 3), 10);
  const begun = performance.now();
  const samples = [];
  let [screens, rounds] = [0, 0];
  for (; rounds < options.rounds; rounds++) {
    screens += await round(page, WORDS[rounds % WORDS.length]);
    // What a program sets up once is there after the first ones.
    if (rounds + 1 === options.warm || (rounds + 1 > options.warm && (rounds + 1) % options.every === 0) || rounds + 1 === options.rounds) {
      samples.push({ round: rounds + 1, ...(await weigh(page, cdp)) });
    }
  }
  const seconds = (performance.now() - begun) / 1_000;
  await tills.stop();
  await context.close();
  if (faults.length) throw new Error(`the app ended: ${faults[0]}`);
  const [first, last] = [samples[0], samples[samples.length - 1]];
  const grown = (of) => rounded((of(last) / of(first) - 1) * 100, 1);
  return {
    name: "use",
    rounds,
    warm: options.warm,
    screens,
    seconds: rounded(seconds),
    heap_kB: [first.heap, last.heap].map((bytes) => rounded(bytes / 1_000)),
    wasm_kB: [first.wasm, last.wasm].map((bytes) => rounded(bytes / 1_000)),
    nodes: [first.nodes, last.nodes],
    listeners: [first.listeners, last.listeners],
    growth_percent: grown(({ heap, wasm }) => heap + wasm),
    heap_growth_percent: grown(({ heap }) => heap),
    samples: samples.map(({ round, heap, wasm }) => [round, rounded(heap / 1_000), rounded(wasm / 1_000)]),
  };
}

/** Start, search, a product, into the basket and out of it, the shops, one shop, and back: seven screens. */
async function round(page, words) {
  const tab = (name) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name });
  const main = page.locator("main");
  await page.getByRole("combobox").first().fill(words);
  await main.locator(".product-row mark").first().waitFor();
  await main.locator(".product-row").first().click();
  await page.locator(".offer").first().waitFor();
  const add = page.getByRole("button", { name: "Add to basket" });
  const there = page.getByRole("link", { name: "In your basket" });
  await add.or(there).first().waitFor();
  if (await add.isVisible()) await add.click();
  await there.first().click();
  await page.getByRole("list", { name: "What you want" }).waitFor();
  await page.getByRole("button", { name: /^Remove|^Take out/ }).first().click({ timeout: 2_000 }).catch(() => {});
  await tab(/^Stores/).click();
  await main.locator(".store-row").first().click();
  await page.waitForURL(/\/stores\/./);
  await main.getByRole("heading", { level: 1 }).waitFor();
  await page.goBack();
  await main.locator(".store-row").first().waitFor();
  await tab(/^Search/).click();
  await main.locator(".product-row").first().waitFor();
  return 7;
}

/** What is left after everything that may go has gone, in bytes; of the page, not of the workers beside it. */
async function weigh(page, cdp) {
  for (let time = 0; time < 3; time++) await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const metric = (wanted) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  const wasm = await page.evaluate(() => [...bench.memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0));
  return { heap: usedSize, wasm, nodes: metric("Nodes"), listeners: metric("JSEventListeners") };
}
