// What of a first visit does not depend on the machine: for the tests.

import { phone, rounded } from "./browser.mjs";

/** One load of the start page from an empty profile, up to its first products. */
export async function measure(shop, browser) {
  const { context, page, cdp, faults } = await phone(browser);
  const requests = new Map();
  await cdp.send("Network.enable");
  cdp.on("Network.requestWillBeSent", ({ requestId, request }) => requests.set(requestId, { address: request.url.replace(shop.url, ""), bytes: 0 }));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => requests.has(requestId) && (requests.get(requestId).bytes = encodedDataLength));
  await page.goto(`${shop.url}/`);
  await page.locator(".product-row").first().waitFor();
  // Pictures come as they are seen, workers and later parts once the page is idle: their time is the machine's. A part that the
  // first screen waited for is told apart, below.
  const needed = [...requests.values()].filter(({ address }) => !/^(data:|\/(media|icons|search|places)\/)|_part\d+\.wasm$/.test(address));
  await page.locator("html[data-search=ready][data-shops=ready]").waitFor({ state: "attached", timeout: 20_000 });
  // Everything that arrives later must find its place as well.
  const seen = await page.evaluate(async () => {
    await new Promise((later) => setTimeout(later, 500));
    return { cls: bench.shifts, shifted: [...new Set(bench.shifted)], early: globalThis.nearshelf?.early ?? [] };
  });
  await context.close();
  return {
    name: "first visit",
    requests_before_products: needed.length,
    kB_before_products: rounded(needed.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000, 1),
    cls: rounded(seen.cls, 4),
    shifted: seen.shifted,
    early: seen.early,
    faults,
    requests: needed.map(({ address, bytes }) => `${address} ${bytes}`),
  };
}
