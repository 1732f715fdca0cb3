// A catalogue that somebody wrote to do harm, through a real import and on every screen; and catalogues with nothing in them.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";
import { Shop } from "../shop";

const CANARY = "window.__canary=1";
/** All of it may stand in a title, none of it may be more than text. */
const TITLES: [string, string][] = [
  ["EVIL-1", `Tent <script>${CANARY}</script>`],
  ["EVIL-2", `"><img src=x onerror=${CANARY}> tent`],
  ["EVIL-3", `Tent {{constructor.constructor('${CANARY}')()}} \${${CANARY}} <%= 1 %>`],
  ["EVIL-4", "Tent \u202Eevil\u202C \u2066under\u2069 another name"],
  ["EVIL-5", `Tent ${"W".repeat(490)}`],
  ["EVIL-6", `Tent e${"\u0301".repeat(400)}nd`],
  ["EVIL-7", "Tent 👩‍👩‍👧‍👦🏳️‍🌈👩🏽‍🚀".repeat(12)],
  ["EVIL-8", "Tent \u200B\u200C\u200D\uFEFFzero\u00ADwidth"],
  ["EVIL-9", `Tent <svg onload=${CANARY}> <iframe srcdoc="<script>parent.__canary=1</script>">`],
  ["EVIL-10", `Tent [click](javascript:${CANARY}) url(javascript:${CANARY})`],
];
const IMAGES = [
  `javascript:${CANARY}`,
  `data:image/svg+xml,<svg onload=${CANARY}>`,
  "//evil.example/x.png",
  `/media/"onerror="${CANARY}`,
  "https://evil.example/missing.png",
  "/media/missing.svg",
];

const STORES_HEAD =
  "Store code,Business name,Address line 1,Locality,Country / Region,Postal code,Latitude,Longitude,Primary phone,Time zone,Opening hours";
const PRODUCTS_HEAD = "id\ttitle\tdescription\timage_link\tprice\tbrand\tproduct_type\tcolor";
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

const HOSTILE = {
  stores: [
    STORES_HEAD,
    `evil-1,${cell(`Lyon <img src=x onerror=${CANARY}>`)},${cell(`1 <b>rue</b> ${"x".repeat(300)}`)},Lyon,FR,69003,45.76,4.85,+33 4 00 00 00 00,Europe/Paris,${cell(`Mo-Su 08:00-20:00 "${CANARY}"`)}`,
    `evil-2,${cell(`W${"W".repeat(400)}`)},2 rue,Lyon,FR,69002,45.75,4.84,${cell(`javascript:${CANARY}`)},Europe/Paris,Mo-Su 08:00-20:00`,
    // Of a bad place only this row is refused.
    "swapped,Swapped,3 rue,Lyon,FR,69002,4.84,45.75,,Europe/Paris,Mo-Su 08:00-20:00",
    "nowhere,Nowhere,4 rue,Lyon,FR,69002,91,181,,Europe/Paris,Mo-Su 08:00-20:00",
    "",
  ].join("\n"),
  products: [
    PRODUCTS_HEAD,
    ...TITLES.map(
      ([sku, title], n) =>
        `${sku}\t${cell(title)}\t${cell(`<script>${CANARY}</script> ${"long ".repeat(400)}`)}\t${cell(IMAGES[n % IMAGES.length]!)}\t10.00 EUR\t${cell(`<i>${"B".repeat(200)}`)}\t${cell(`Camp<img onerror=${CANARY}> > Tents`)}\t${cell(`<u>${"red".repeat(80)}`)}`,
    ),
    // Longer than any title may be: refused with its line, and the rest stays.
    `TOO-LONG\t${"W".repeat(10_000)}\t\t\t10.00 EUR\t\tCamp\t`,
    "",
  ].join("\n"),
  inventory: [
    "store_code\tid\tquantity\tinstore_product_location",
    ...TITLES.flatMap(([sku]) => ["evil-1", "evil-2"].map((shop) => `${shop}\t${sku}\t5\t${cell(`<img src=x onerror=${CANARY}>${"a".repeat(200)}`)}`)),
    "",
  ].join("\n"),
};

/** Nothing is wider than the screen, and nothing of the feed ran or became an element. */
async function isSafe(page: Page, where: string): Promise<void> {
  await expect(page.locator("main .skeleton").filter({ visible: true }), where).toHaveCount(0);
  const found = await page.evaluate(() => ({
    canary: "__canary" in window,
    elements: document.querySelectorAll("main script, main iframe, main b b, main [onerror], main [onload], [href^='javascript:'], [src^='javascript:'], [src^='data:']").length,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    failure: Boolean(document.querySelector("#failure")),
  }));
  expect(found, where).toEqual({ canary: false, elements: 0, wide: 0, failure: false });
}

test("f01 f02 a catalogue that was written to do harm is text on every screen, and fits", async ({ page }) => {
  test.setTimeout(60_000);
  const shop = await Shop.of(HOSTILE);
  try {
    const answer = (await (await fetch(`${shop.url}/v1/products?limit=50`)).json()) as { products: { sku: string; title: string; image?: string }[] };
    expect(answer.products.map((product) => product.sku).sort()).toEqual(TITLES.map(([sku]) => sku).sort());
    for (const { title, image } of answer.products) {
      expect(title).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
      expect(image ?? "/").toMatch(/^(\/[^/\\]|\/$|https:)/);
    }
    const app = new App(page);
    await page.goto(shop.url);
    await app.choosePlaceByName("69003", "Lyon <img");
    await expect(page.getByText("<script>").first()).toBeVisible();
    await isSafe(page, "start");
    const visit = async (path: string) => {
      await page.goto(shop.url + path);
      await expect(page.locator("main h1").first()).toBeAttached();
      await isSafe(page, path);
    };
    await visit("/search?q=tent");
    // A title takes three lines at most, however long it is.
    const heights = await page.locator(".product-row__title").evaluateAll((titles) => titles.map((one) => one.getBoundingClientRect().height));
    expect(heights.length).toBeGreaterThan(5);
    expect(Math.max(...heights)).toBeLessThan(90);
    // No picture can be had: there is a drawing.
    for (const row of await page.locator(".product-row").all()) await row.scrollIntoViewIfNeeded();
    await expect(page.locator(".product-row .picture img").filter({ visible: true })).toHaveCount(0);
    expect(await page.locator(".product-row .picture__drawing").count()).toBeGreaterThan(5);
    await visit(`/search?q=${encodeURIComponent(`<script>${CANARY}</script>`)}`);
    for (const [sku] of TITLES) await visit(`/p/${sku}`);
    await visit("/stores");
    await visit("/stores?view=map");
    await visit("/stores/evil-1");
    await visit("/stores/evil-2");
    await visit("/p/EVIL-5");
    await page.getByRole("button", { name: "Add to basket" }).click();
    await visit("/basket");
    await visit("/reserve?sku=EVIL-2&store=evil-1");
    await app.fillContact(`<img src=x onerror=${CANARY}>`);
    await app.reserveButton.click();
    await app.passCode();
    await isSafe(page, "pass");
    await visit("/pickups");
  } finally {
    await shop.close();
  }
});

test("f01 the control: the canary sings where markup is let in", async ({ page }) => {
  await page.goto("about:blank");
  await page.setContent(`<main>${TITLES[1]![1]}</main>`);
  await expect.poll(() => page.evaluate(() => "__canary" in window)).toBe(true);
});

test("f02 titles of 10,000 letters from another server are cut on the screen", async ({ page }) => {
  const app = new App(page);
  await page.route(/\/(search|places)\/worker-/, (route) => route.abort());
  for (const title of ["W".repeat(10_000), "word ".repeat(2_000), `e${"\u0301".repeat(1_000)} `.repeat(10), "👩‍👩‍👧‍👦".repeat(900)]) {
    await page.route(/\/v1\/products/, async (route) => {
      const answer = await route.fetch();
      const text = (await answer.text()).replace(/"title":"[^"]*"/g, `"title":"${title}"`);
      await route.fulfill({ response: answer, body: text });
    });
    await app.open("/search?q=bottle");
    await expect(page.locator(".product-row__title").first()).toBeVisible();
    await isSafe(page, `search ${title.slice(0, 9)}`);
    const heights = await page.locator(".product-row__title").evaluateAll((titles) => titles.map((one) => one.getBoundingClientRect().height));
    expect(Math.max(...heights)).toBeLessThan(90);
    await app.open("/p/BO-075-GLA");
    await expect(page.locator("main h1")).toBeVisible();
    await isSafe(page, `product ${title.slice(0, 9)}`);
    await page.unroute(/\/v1\/products/);
  }
});

const DEMO = join(__dirname, "../../demo");

/** Each screen has words, and a way on that is not the bar of the app. */
async function hasWords(page: Page, url: string, door: boolean): Promise<void> {
  await page.goto(url);
  await expect(page.locator("main .skeleton").filter({ visible: true })).toHaveCount(0);
  await expect(page.locator("main")).toContainText(/\w+ \w+ \w+/);
  await expect(page.locator("#failure")).toHaveCount(0);
  if (door) await expect(page.locator("main").locator("a.button, button.button, a.product-row, .notice a, .notice button").filter({ visible: true }).first()).toBeVisible();
}

test("f08 a retailer without shops, or without products, has words on every screen", async ({ page }) => {
  test.setTimeout(60_000);
  for (const feeds of [
    {},
    { stores: await readFile(join(DEMO, "stores.csv"), "utf8") },
    { products: await readFile(join(DEMO, "products.tsv"), "utf8") },
  ]) {
    const shop = await Shop.of(feeds);
    try {
      for (const path of ["/", "/search?q=tent", "/p/BO-075-GLA", "/stores/lyo-part-dieu", "/basket", "/pickups"]) await hasWords(page, shop.url + path, true);
      for (const path of ["/stores", "/stores?view=map"]) await hasWords(page, shop.url + path, !("stores" in feeds));
    } finally {
      await shop.close();
    }
  }
});

test("f08 where everything is sold out, it is said and there is a way on", async ({ page }) => {
  const shop = await Shop.of({
    stores: await readFile(join(DEMO, "stores.csv"), "utf8"),
    products: await readFile(join(DEMO, "products.tsv"), "utf8"),
    inventory: (await readFile(join(DEMO, "inventory.tsv"), "utf8")).replace(/^([^\t\n]+\t[^\t\n]+\t)\d+/gm, "$10"),
  });
  try {
    const app = new App(page);
    await page.goto(shop.url);
    await app.choosePlaceByName("69003", "Lyon Part-Dieu");
    await hasWords(page, `${shop.url}/`, true);
    await hasWords(page, `${shop.url}/search?q=bottle`, false);
    await expect(page.getByText("None nearby").first()).toBeVisible();
    await page.goto(`${shop.url}/p/BO-075-GLA`);
    await expect(page.getByText(/Sold out/).first()).toBeVisible();
    await expect(app.reserveLink).toHaveCount(0);
    await hasWords(page, `${shop.url}/stores/lyo-part-dieu`, true);
  } finally {
    await shop.close();
  }
});

test("f07 prices that are none, free or huge are written as money or not at all", async ({ page }) => {
  const prices = ["0.00 EUR", "-5.00 EUR", "12.345 KWD", "1000000000.00 EUR", "0.30 EUR", "1e3 EUR", "12,50 EUR", "NaN EUR", "10 XXQ"];
  const shop = await Shop.of({
    products: [PRODUCTS_HEAD, ...prices.map((price, n) => `P-${n}\tTent ${n}\t\t\t${price}\t\tCamp\t`), ""].join("\n"),
  });
  try {
    await page.goto(`${shop.url}/search?q=tent`);
    await expect(page.locator(".product-row").first()).toBeVisible();
    const shown = await page.locator(".product-row .price").allInnerTexts();
    for (const price of shown) {
      expect(price).not.toMatch(/NaN|undefined|-|e\d|Infinity/);
      expect(price).toMatch(/\d|^$|Free/);
    }
    expect(shown.join(" ")).toContain("€0.30");
  } finally {
    await shop.close();
  }
});
