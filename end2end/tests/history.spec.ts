// Back and forward, as an app of the device does it: where one was, as long as it was.

import { chromium, type Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";

// Everywhere else there is less motion.
test.use({ contextOptions: { reducedMotion: "no-preference" } });

const rows = (page: Page) => page.getByRole("region", { name: "Products" }).getByRole("link");
const top = (page: Page) => page.evaluate(() => Math.round(scrollY));

/** Brings a row into the middle of the window, and answers how far down the page is once it stands still. */
async function downTo(page: Page, row: number): Promise<number> {
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await rows(page).nth(row).evaluate((element) => element.scrollIntoView({ block: "center" }));
  let before = -1;
  await expect.poll(async () => before === (before = await top(page))).toBe(true);
  return before;
}

/** A list of 48 rows, of which the 40th is in sight; answers how far down that is. */
async function farDown(page: Page): Promise<number> {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await app.searchIsReady();
  await expect(rows(page)).toHaveCount(24);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(rows(page)).toHaveCount(48);
  await expect(rows(page).nth(47)).toContainText("at Part-Dieu");
  const down = await downTo(page, 39);
  expect(down).toBeGreaterThan(2_000);
  return down;
}

test("back from a product is where one was in the list, as long as it was", async ({ page }) => {
  const down = await farDown(page);
  const title = await rows(page).nth(39).locator(".product-row__title").textContent();
  await rows(page).nth(39).click();
  await expect(page.getByRole("heading", { level: 1, name: title! })).toBeVisible();
  // What a link leads to is read from its top.
  expect(await top(page)).toBe(0);
  await page.goBack();
  await expect(rows(page)).toHaveCount(48);
  await expect.poll(() => top(page)).toBe(down);
  await expect(rows(page).nth(39)).toBeInViewport();
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1, name: title! })).toBeVisible();
  await expect.poll(() => top(page)).toBe(0);
  await page.goBack();
  await expect.poll(() => top(page)).toBe(down);
  // Another link to the same list is a new visit.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Stores" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Search" }).click();
  await expect(rows(page)).toHaveCount(24);
  expect(await top(page)).toBe(0);
});

test("back is where one was although the answer comes late, unless somebody scrolls meanwhile", async ({ page }) => {
  const app = new App(page);
  // The server answers: with the search on the device nothing is late.
  await page.route(/\/(search|places)\/worker-/, (route) => route.abort());
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await expect(rows(page)).toHaveCount(24);
  const down = await downTo(page, 20);
  expect(down).toBeGreaterThan(1_000);
  let answer = () => {};
  const hold = async () => {
    const answered = new Promise<void>((done) => (answer = done));
    await page.route("**/v1/products?**", async (route) => {
      await answered;
      await route.continue();
    });
  };

  await rows(page).nth(20).click();
  await expect(page).toHaveURL(/\/p\//);
  await hold();
  await page.goBack();
  await expect(app.search).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
  expect(await top(page)).toBeLessThan(down);
  answer();
  await expect(rows(page)).toHaveCount(24);
  await expect.poll(() => top(page)).toBe(down);

  await page.unroute("**/v1/products?**");
  await rows(page).nth(20).click();
  await expect(page).toHaveURL(/\/p\//);
  await hold();
  await page.goBack();
  await expect(app.search).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
  await page.mouse.move(100, 300);
  await page.mouse.wheel(0, 10);
  answer();
  await expect(rows(page)).toHaveCount(24);
  await expect(rows(page).nth(20)).toContainText("at Part-Dieu");
  expect(await top(page)).toBeLessThan(down);
});

test("loading the page again leaves one where one was", async ({ page }) => {
  const down = await farDown(page);
  await page.reload();
  await expect(rows(page)).toHaveCount(48);
  await expect.poll(() => top(page)).toBe(down);
});

test("a step between two searches keeps filters, rows and place of each", async ({ page }) => {
  const down = await farDown(page);
  const camp = page.getByRole("link", { name: "Camp", exact: true });
  // As a keyboard does it, which need not scroll to it.
  await camp.evaluate((link: HTMLElement) => link.click());
  await expect(page).toHaveURL(/category=Camp/);
  await expect(camp).toHaveAttribute("aria-current", "true");
  await expect(rows(page)).not.toHaveCount(48);
  await page.goBack();
  await expect(camp).not.toHaveAttribute("aria-current", "true");
  await expect(rows(page)).toHaveCount(48);
  await expect.poll(() => top(page)).toBe(down);
});

test("back to a filter that nobody scrolled under is where it was", async ({ page }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await app.searchIsReady();
  const down = await downTo(page, 6);
  expect(down).toBeGreaterThan(300);
  const camp = page.getByRole("link", { name: "Camp", exact: true });
  const before = await rows(page).nth(6).textContent();
  await camp.evaluate((link: HTMLElement) => link.click());
  await expect(page).toHaveURL(/category=Camp/);
  await expect(rows(page).nth(6)).not.toHaveText(before!);
  // The filter is a step of its own, at the same place.
  expect(await top(page)).toBe(down);
  const row = rows(page).nth(6);
  const title = await row.locator(".product-row__title").textContent();
  await row.evaluate((link: HTMLElement) => link.click());
  await expect(page.getByRole("heading", { level: 1, name: title! })).toBeVisible();
  await page.goBack();
  await expect(camp).toHaveAttribute("aria-current", "true");
  await expect.poll(() => top(page)).toBe(down);
});

test("after two steps back at once a link to where one was is a step of its own", async ({ page }) => {
  const app = new App(page);
  const tabs = page.getByRole("navigation", { name: "Main" });
  const pickups = page.getByRole("heading", { level: 1, name: "Pickups" });
  await app.open();
  await tabs.getByRole("link", { name: "Stores" }).click();
  await expect(page).toHaveURL(/\/stores$/);
  await tabs.getByRole("link", { name: "Pickups" }).click();
  await expect(page).toHaveURL(/\/pickups$/);
  await expect(pickups).toBeVisible();
  await page.evaluate(() => history.go(-2));
  await expect(page).toHaveURL(/\/$/);
  await expect(app.search).toBeVisible();
  await tabs.getByRole("link", { name: "Pickups" }).click();
  await expect(pickups).toBeVisible();
  await expect(page).toHaveURL(/\/pickups$/);
  await page.goBack();
  await expect(app.search).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
});

/** Whether one screen still fades into another. */
const fades = (page: Page) =>
  page.evaluate(() => document.getAnimations().some((one) => (one.effect as KeyframeEffect).pseudoElement?.startsWith("::view-transition") && one.playState === "running"));

test("a screen fades into the next, and a tap meanwhile goes where it was meant", async ({ page }) => {
  const app = new App(page);
  await app.open();
  const browser = await page.context().newCDPSession(page);
  await browser.send("Animation.enable");
  await browser.send("Animation.setPlaybackRate", { playbackRate: 0.01 });
  const tabs = page.getByRole("navigation", { name: "Main" });
  expect(await fades(page)).toBe(false);
  await tabs.getByRole("link", { name: "Stores" }).click();
  await expect(page).toHaveURL(/\/stores$/);
  await expect.poll(() => fades(page)).toBe(true);
  const pickups = (await tabs.getByRole("link", { name: "Pickups" }).boundingBox())!;
  await page.touchscreen.tap(pickups.x + pickups.width / 2, pickups.y + pickups.height / 2);
  await expect(page.getByRole("heading", { level: 1, name: "Pickups" })).toBeVisible();
  await expect(page).toHaveURL(/\/pickups$/);
  await page.goBack();
  await page.goBack();
  await expect(app.search).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
});

test("whoever wants less motion gets none", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.addInitScript(() => (document.startViewTransition = () => Promise.reject(new Error("a transition")) as never));
  await new App(page).open();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Pickups" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Pickups" })).toBeVisible();
  await expect(page).toHaveURL(/\/pickups$/);
});

test("a page that is fetched from the browser's memory is live again", async ({ shop }) => {
  // Playwright switches that memory off.
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 360, height: 740 }, locale: "en-GB", serviceWorkers: "block" });
    await page.addInitScript(() => addEventListener("pageshow", (event) => document.documentElement.setAttribute("data-persisted", String(event.persisted))));
    const app = new App(page);
    await app.open(`${shop.url}/`);
    await app.choosePlaceByName("69003", "Lyon Part-Dieu");
    await app.open(`${shop.url}/p/BO-075-GLA`);
    const stock = app.offer("Part-Dieu");
    await expect(stock).toContainText(/\d/);
    await expect(page.getByText(/^live/)).toBeVisible();
    // To somebody else's page, and back.
    await page.goto(`http://localhost:${new URL(shop.url).port}/robots.txt`);
    await page.goBack({ waitUntil: "commit" });
    await expect(page.locator("html[data-persisted=true]")).toBeAttached();
    await shop.count("lyo-part-dieu", "BO-075-GLA", 41);
    await expect(stock).toContainText("41");
  } finally {
    await browser.close();
  }
});
