// How long a first visit takes where the network and the processor really are slow, as the tools for developers make them.

import { SHOPPER } from "./shop.mjs";
import { phone, quantile, rounded } from "./browser.mjs";

/** What Chromium calls "3G" and "Slow 4G"; delay of each request in ms, kilobits a second. */
const NETWORKS = [
  { network: "slow 3G", latency: 2_000, down: 400, up: 400 },
  { network: "slow 4G", latency: 562.5, down: 1_440, up: 675 },
];
const PAGES = [
  ["start", "/", undefined],
  ["start, shop chosen", "/", SHOPPER],
  ["product, shop chosen", "/p/BO-075-GLA", SHOPPER],
];

export async function measure(shop, browser, options) {
  const results = [];
  for (const { network, latency, down, up } of NETWORKS) {
    for (const [name, address, kept] of PAGES) {
      const runs = [];
      for (let run = 0; run < options.runs; run++) runs.push(await once(shop.url + address, browser, kept, { latency, down, up }));
      const middle = (of) => rounded(quantile(runs.map(of), 0.5));
      results.push({
        name: `${network}: ${name}`,
        first_paint_ms: middle((run) => run.paint),
        first_text_ms: middle((run) => run.text),
        lcp_ms: middle((run) => run.lcp),
        first_screen_ms: middle((run) => run.screen),
        first_stock_ms: kept ? middle((run) => run.stock) : null,
        cls: Math.max(...runs.map((run) => run.shifts)),
        runs: options.runs,
      });
    }
  }
  return results;
}

async function once(url, browser, kept, { latency, down, up }) {
  // What goes through a service worker is not slowed down.
  const { context, page, cdp, faults } = await phone(browser, kept, { alone: true });
  await cdp.send("Network.enable");
  const bytes = (kilobits) => (kilobits * 1_000) / 8;
  await cdp.send("Network.emulateNetworkConditions", { offline: false, latency, downloadThroughput: bytes(down), uploadThroughput: bytes(up) });
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.goto(url, { waitUntil: "commit", timeout: 60_000 });
  await page.waitForFunction((stock) => bench.screen && (bench.stock || !stock), Boolean(kept), { timeout: 120_000 });
  // The last picture of what is there by now.
  await page.waitForTimeout(kept ? 500 : 4_000);
  const seen = await page.evaluate(() => {
    const paint = (name) => performance.getEntriesByName(name)[0]?.startTime ?? 0;
    return { paint: paint("first-paint"), text: paint("first-contentful-paint"), lcp: bench.lcp?.[0] ?? 0, screen: bench.screen, stock: bench.stock, shifts: bench.shifts };
  });
  await context.close();
  if (faults.length) throw new Error(`the app ended: ${faults[0]}`);
  return seen;
}
