// The app in a dead spot: opened without a network, and changed for a newer version.

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";

test.use({ serviceWorkers: "allow" });

/** The service worker keeps the whole app now. */
async function isKept(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller))).toBe(true);
}

test("a closed app opens without a network, and so does the pass @desktop", async ({ page, place, context }) => {
  const app = new App(page);
  await place.is(45.761, 4.845);
  await app.open("/p/BO-075-COA");
  await app.useMyLocation();
  await app.reserveLink.click();
  await app.fillContact();
  await app.reserveButton.click();
  const code = await app.passCode();
  await isKept(page);
  await app.open();
  await app.searchIsReady();
  await page.close();

  await context.setOffline(true);
  const later = await context.newPage();
  const again = new App(later);
  await again.open("/pickups");
  await expect(later.getByText("You are offline")).toBeVisible();
  await later.getByRole("link", { name: new RegExp(code) }).click();
  expect(await again.passCode()).toBe(code);
  // A search as well: the index is on the device.
  await again.open("/search?q=tent");
  await expect(again.product("Ridge 2 trekking tent")).toBeVisible();
});

test.describe("a newer version", () => {
  test("E17: takes over when the shopper says so, in all tabs, and no form is lost", async ({ page, context, release }) => {
    const { shop } = release;
    await page.goto(shop.url);
    await isKept(page);
    await page.reload();
    const other = await context.newPage();
    await other.goto(`${shop.url}/reserve?sku=BO-075-COA&store=lyo-part-dieu`);
    await other.getByLabel("Name").fill("Ada Lovelace");

    await release.renew();

    const version = page.locator('meta[name="version"]');
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.update());
    await expect(page.getByRole("button", { name: "Load it" })).toBeVisible();
    // Until then everything is of the old set, also what is opened anew.
    await page.goto(`${shop.url}/stores`);
    await expect(version).toHaveCount(0);
    await page.getByRole("button", { name: "Load it" }).click();
    await expect(version).toHaveCount(1);
    await expect(other.getByLabel("Name")).toHaveValue("Ada Lovelace");
    await other.getByLabel("Name").fill("");
    await expect(other.locator('meta[name="version"]')).toHaveCount(1);
  });

  test("E17: one that cannot be had whole changes nothing", async ({ page, release: { dist, shop } }) => {
    await page.goto(shop.url);
    await isKept(page);
    const worker = join(dist, "service-worker.js");
    const text = await readFile(worker, "utf8");
    await writeFile(worker, text.replace("/app/", "/app/2-").replace('"/"', '"/","/missing-0123456789abcdef.js"'));
    for (const twin of [".br", ".gz"]) await rm(worker + twin, { force: true });
    await page.evaluate(async () => {
      const registration = (await navigator.serviceWorker.getRegistration())!;
      const failed = new Promise<void>((done) => {
        registration.addEventListener("updatefound", () => {
          const next = registration.installing!;
          next.addEventListener("statechange", () => next.state === "redundant" && done());
        });
      });
      await registration.update();
      await failed;
    });
    expect((await page.evaluate(() => caches.keys())).filter((name) => name.includes("/app/2-"))).toEqual([]);
    await page.context().setOffline(true);
    await page.goto(shop.url);
    await expect(page.getByRole("heading", { name: "Find a product" })).toBeAttached();
  });

  test("E17: the switch turns it off and leaves the pickups", async ({ page, release: { dist, shop } }) => {
    await page.goto(shop.url);
    await isKept(page);
    await page.evaluate(() => localStorage.setItem("mine", "kept"));
    await writeFile(join(dist, "service-worker.js"), await readFile(join(dist, "service-worker-off.js")));
    for (const twin of [".br", ".gz"]) await rm(join(dist, `service-worker.js${twin}`), { force: true });
    // As it comes to one who opens the app: the page may be loaded anew meanwhile.
    await page.evaluate(async () => void (await navigator.serviceWorker.getRegistration())!.update());
    await expect(async () => {
      // The search keeps its index again as soon as the page is back; the app itself is kept no more.
      const names = await page.evaluate(() => caches.keys());
      expect(names.filter((name) => name.startsWith("nearshelf/app/"))).toEqual([]);
      expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
    }).toPass({ timeout: 15_000 });
    expect(await page.evaluate(() => localStorage.getItem("mine"))).toBe("kept");
  });
});
