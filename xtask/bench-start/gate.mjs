// What of a first visit does not depend on the machine: for the tests.

import { phone, rounded } from "./browser.mjs";
import { SHOPPER } from "./shop.mjs";

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
  const seen = await settled(page);
  await context.close();
  const again = await returning(shop, browser);
  return {
    name: "first visit",
    requests_before_products: needed.length,
    kB_before_products: rounded(needed.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000, 1),
    cls: rounded(seen.cls, 4),
    shifted: seen.shifted,
    early: [...seen.early, ...again.early],
    faults: [...faults, ...again.faults],
    requests: needed.map(({ address, bytes }) => `${address} ${bytes}`),
  };
}

/** What shifted, and which parts were fetched in the middle of a call. */
const settled = (page) =>
  page.evaluate(async () => {
    await new Promise((later) => setTimeout(later, 500));
    return { cls: bench.shifts, shifted: [...new Set(bench.shifted)], early: globalThis.nearshelf?.early ?? [] };
  });

/** Somebody with a shop of their own, who comes by the front door or by a link: live stock belongs to each of these starts. */
async function returning(shop, browser) {
  const seen = { early: [], faults: [] };
  for (const [path, there] of [["/", ".product-row__stock"], ["/p/BO-075-GLA", "[role=radiogroup] label"], ["/stores/lyo-part-dieu", "h1"]]) {
    const { context, page, faults } = await phone(browser, SHOPPER);
    await page.goto(shop.url + path);
    await page.locator(there).getByText(/Part-Dieu/).first().waitFor();
    const { early } = await settled(page);
    await context.close();
    seen.early.push(...early.map((part) => `${part} at ${path}`));
    seen.faults.push(...faults);
  }
  return seen;
}
