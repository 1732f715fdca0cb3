// What the first screens run: the start of the program is what somebody needs who comes by the front door, and the next part
// what a link to a product or a shop leads to.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "../fixtures";

const folder = join(process.cwd(), "..", "target", "profile");

/** What a device keeps of somebody who has chosen a shop. */
const kept = JSON.stringify({
  place: { label: "Lyon Part-Dieu", position: { latitude: 45.7606, longitude: 4.8594 } },
  store: "lyo-part-dieu",
  recent: ["tent"],
});

test("what the first screens run", async ({ shop, browser }) => {
  const prints = JSON.parse(await readFile(join(folder, "names.json"), "utf8")) as string[];

  const visit = async (path: string, known: boolean, act: (page: import("@playwright/test").Page) => Promise<void>) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, locale: "en-GB", serviceWorkers: "block" });
    const page = await context.newPage();
    if (known) await page.addInitScript((kept) => localStorage.setItem("nearshelf/1", kept), kept);
    await page.goto(shop.url + path);
    await act(page);
    const places = await page.evaluate(() => [...((globalThis as { __ran?: Set<number> }).__ran ?? [])]);
    await context.close();
    expect(places.length).toBeGreaterThan(500);
    return places.map((place) => prints[place]!);
  };
  const settled = async (page: import("@playwright/test").Page) => {
    await expect(page.locator("html[data-search=ready][data-shops=ready]")).toBeAttached();
    await page.waitForLoadState("networkidle").catch(() => {});
  };

  const start = [
    await visit("/", false, async (page) => {
      await expect(page.getByRole("link", { name: /Boreal/ }).first()).toBeVisible();
      await settled(page);
    }),
    await visit("/", true, async (page) => {
      await expect(page.locator(".product-row__stock").getByText(/Part-Dieu/).first()).toBeVisible();
      // A change arrives while somebody looks.
      await expect(page.locator("html[data-search=ready]")).toBeAttached();
      await shop.sell("lyo-part-dieu", "BO-075-GLA");
      await page.clock.install();
      await page.clock.runFor(61_000);
      await settled(page);
    }),
    await visit("/", true, async (page) => {
      const field = page.getByRole("combobox");
      await field.click();
      await field.pressSequentially("botel");
      await expect(page.locator("mark").first()).toBeVisible();
      await settled(page);
      await field.pressSequentially("s");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Escape");
      await field.fill("qqqqqqqq");
      await expect(page.getByRole("status").first()).toBeVisible();
      await page.goBack();
    }),
  ];
  const landing = [
    await visit("/p/BO-075-GLA", true, settled),
    await visit("/p/BO-075-GLA", false, settled),
    await visit("/stores/lyo-part-dieu", true, settled),
    await visit("/stores", true, settled),
  ];
  const group = (name: string, visits: string[][]) => `[${name}]\n${[...new Set(visits.flat())].sort().join("\n")}\n`;
  await writeFile(join(folder, "ran.profile"), group("start", start) + group("landing", landing));
});
