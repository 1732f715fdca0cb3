// Which large functions the first screens do not run: what somebody needs who comes by the front door is the start of the
// program, what a link to a product or a shop leads to besides is its next part, and everything else the last.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, NOW, test } from "../fixtures";
import { App } from "../pages/app";
import { Shop } from "../shop";

const folder = join(process.cwd(), "..", "target", "profile");

/** What a device keeps of somebody who has chosen a shop. */
const kept = JSON.stringify({
  place: { label: "Lyon Part-Dieu", position: { latitude: 45.7606, longitude: 4.8594 } },
  store: "lyo-part-dieu",
  recent: ["tent"],
});

/** Runs in the page: no later part ever comes. */
function holdParts() {
  let page: { part?: () => Promise<void> };
  Object.defineProperty(globalThis, "nearshelf", {
    get: () => page,
    set(made) {
      page = made;
      page.part = () => new Promise(() => {});
    },
  });
}

test("what the first screens do not run", async ({ shop, browser }) => {
  const prints = JSON.parse(await readFile(join(folder, "names.json"), "utf8")) as string[];

  type Page = import("@playwright/test").Page;
  type More = { at?: string; locale?: string; held?: boolean };
  const visit = async (path: string, known: boolean, act: (page: Page) => Promise<void>, more: More = {}) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, locale: more.locale ?? "en-GB", serviceWorkers: "block", reducedMotion: "no-preference" });
    const page = await context.newPage();
    await page.clock.install({ time: more.at ?? NOW });
    if (more.held) await page.addInitScript(holdParts);
    const there = more.at ? await Shop.open("demo", ["--clock", more.at]) : shop;
    if (known) await page.addInitScript((kept) => localStorage.setItem("nearshelf/1", kept), kept);
    await page.goto(there.url + path);
    await act(page);
    await page.clock.runFor(5_000);
    const places = await page.evaluate(() => [...((globalThis as { __ran?: Set<number> }).__ran ?? [])]);
    await context.close();
    if (there !== shop) await there.close();
    expect(places.length).toBeGreaterThan(500);
    return places.map((place) => prints[place]!);
  };
  const quiet = (page: Page) => page.waitForLoadState("networkidle").catch(() => {});
  const settled = async (page: Page) => {
    await expect(page.locator("html[data-search=ready][data-shops=ready]")).toBeAttached();
    await quiet(page);
  };
  /** The same screen once more, where the API answers late or not at all. */
  const badly = (fails: boolean) => async (page: Page) => {
    await page.route("**/v1/**", async (route) => (fails ? route.abort() : page.clock.runFor(700).then(() => route.continue())));
    await page.reload();
    if (fails) await expect(page.getByRole("button", { name: "Try again" }).first()).toBeVisible();
    else await quiet(page);
  };
  const offline = async (page: Page) => {
    await settled(page);
    await page.context().setOffline(true);
    await page.clock.runFor(20_000);
    await page.context().setOffline(false);
    await settled(page);
  };
  // Shops are open, closed until later, until tomorrow, over a Sunday, over a holiday.
  const TIMES = ["2026-11-25T06:30:00Z", "2026-11-20T22:30:00Z", "2026-11-22T10:00:00Z", "2026-12-25T09:00:00Z"];
  const each = async <T>(of: T[], run: (one: T) => Promise<string[]>) => {
    const all: string[][] = [];
    for (const one of of) all.push(await run(one));
    return all.flat();
  };
  // What runs at any address before its screen waits for its part.
  const ADDRESSES = [
    "/p/BO-075-GLA",
    "/p/BO-075-GLA?store=lyo-bellecour&utm_source=news&utm_campaign=summer",
    "/stores",
    "/stores?q=lyon&open=1",
    "/stores/lyo-part-dieu",
    "/basket",
    "/reserve",
    "/reserve?sku=BO-075-GLA&location_id=lyo-part-dieu",
    "/pickups",
    "/pickups/r_1#t",
    "/01/2000052461116",
    "/take?i=BO-075-GLA*2",
    "/nowhere",
  ];
  const waiting = async (page: Page) => {
    await page.waitForFunction(() => ((globalThis as { __ran?: Set<number> }).__ran?.size ?? 0) > 500);
    await page.clock.runFor(2_000);
    await quiet(page);
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
    await visit("/?q=bottle", false, settled),
    await each(TIMES, (at) => visit("/", true, settled, { at })),
    await each(ADDRESSES, (path) => visit(path, true, waiting, { held: true })),
    await each(ADDRESSES, (path) => visit(path, false, waiting, { held: true })),
    await visit("/", false, settled, { locale: "pl-PL" }),
    await visit("/", true, settled, { locale: "fr-FR" }),
    await visit("/", false, badly(false)),
    await visit("/", true, badly(false)),
    await visit("/", false, badly(true)),
    await visit("/", true, badly(true)),
    await visit("/", true, offline),
  ];
  const landing = [
    await visit("/p/BO-075-GLA", true, settled),
    await visit("/p/BO-075-GLA", false, settled),
    await visit("/stores/lyo-part-dieu", true, settled),
    await visit("/stores", true, settled),
    await visit("/stores", false, settled),
    await each(TIMES, (at) => visit("/p/BO-075-GLA", true, settled, { at })),
    await each(TIMES, (at) => visit("/stores/lyo-part-dieu", false, settled, { at })),
    await each(TIMES, (at) => visit("/stores", true, settled, { at })),
    await visit("/p/BO-075-GLA", true, badly(false)),
    // The first tap of many.
    await visit("/", false, async (page) => {
      await settled(page);
      await new App(page).choosePlaceByName("69003", "Lyon Part-Dieu");
      await settled(page);
      await page.getByRole("region", { name: "Products" }).getByRole("link").first().click();
      await expect(page).toHaveURL(/\/p\//);
      await settled(page);
      await page.goBack();
      await settled(page);
    }),
  ];
  const ran = (visits: string[][]) => new Set(visits.flat());
  const [first, next] = [ran(start), ran(landing)];
  const rest = [...new Set(prints)].filter((print) => print && !first.has(print)).sort();
  const group = (name: string, members: string[]) => `[${name}]\n${members.join("\n")}\n`;
  const text = group("landing", rest.filter((print) => next.has(print))) + group("rest", rest.filter((print) => !next.has(print)));
  await writeFile(join(folder, "ran.profile"), text);
});
