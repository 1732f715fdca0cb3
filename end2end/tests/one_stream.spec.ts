// One stream for all tabs of a browser, and what is shown when the stream does not come through.

import type { BrowserContext, Page } from "@playwright/test";
import { expect, test as base } from "../fixtures";
import { App } from "../pages/app";
import { Proxy } from "../proxy";

const PRODUCT = "/p/BO-075-GLA";
const STREAM = "**/v1/availability/events?**";

const test = base.extend<{ between: Proxy }>({
  between: async ({ shop }, use) => {
    const proxy = await Proxy.before(shop);
    await use(proxy);
    await proxy.close();
  },
  baseURL: async ({ between }, use) => use(between.url),
});

/** A tab that shows the product near Lyon, where 14 are in stock. */
async function tab(page: Page): Promise<App> {
  const app = new App(page);
  await page.goto(PRODUCT);
  await expect(app.offer("Lyon Bellecour")).toContainText("in stock");
  return app;
}

/** The shopper looks from Lyon, in all tabs of this browser. */
async function settleInLyon(page: Page): Promise<void> {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("Lyon", "Lyon Bellecour");
}

/** So many tabs that are live, and which of them asked for a stream last. */
async function liveTabs(context: BrowserContext, page: Page, count: number) {
  const faults: string[] = [];
  context.on("weberror", (error) => faults.push(String(error.error())));
  let asked: Page | undefined;
  context.on("request", (request) => {
    if (request.url().includes("/v1/availability/events")) asked = request.frame().page();
  });
  await settleInLyon(page);
  const apps: App[] = [];
  for (let n = 0; n < count; n += 1) {
    const app = await tab(n === 0 ? page : await context.newPage());
    await expect(live(app.page), `tab ${n + 1}`).toBeVisible();
    apps.push(app);
  }
  const leader = () => apps.find((app) => app.page === asked) as App;
  return { apps, leader, others: () => apps.filter((app) => app !== leader()), faults };
}

function live(page: Page) {
  return page.getByText(/^live/);
}

test.describe("tabs", () => {
  // A tab takes its time to start where eight of them share a machine.
  test.setTimeout(90_000);

  test("d08 eight tabs have one stream, and each of them sees a change", async ({ context, page, shop, between }) => {
    const { apps, faults } = await liveTabs(context, page, 8);
    await expect.poll(() => between.open).toBe(1);
    await shop.sell("lyo-bellecour", "BO-075-GLA", 3);
    for (const app of apps) await expect(app.offer("Lyon Bellecour")).toContainText("11 in stock");
    // A tab that shows something else is taken into the same stream.
    const other = apps[7] as App;
    await other.page.goto("/");
    await expect(live(other.page)).toBeVisible();
    await expect.poll(() => between.open).toBe(1);
    await shop.sell("lyo-bellecour", "BO-075-GLA");
    await expect((apps[6] as App).offer("Lyon Bellecour")).toContainText("10 in stock");
    expect(faults).toEqual([]);
  });

  test("d08 where tabs cannot speak to each other, each has a stream of its own", async ({ context, page, shop, between }) => {
    await context.addInitScript(() => Object.defineProperty(navigator, "locks", { value: undefined }));
    const { apps } = await liveTabs(context, page, 3);
    await expect.poll(() => between.open).toBe(3);
    await shop.sell("lyo-bellecour", "BO-075-GLA", 3);
    for (const app of apps) await expect(app.offer("Lyon Bellecour")).toContainText("11 in stock");
  });

  test("d09 the leading tab is closed and another takes over", async ({ context, page, shop, between }) => {
    const { leader, others, faults } = await liveTabs(context, page, 4);
    const left = others();
    const asked = between.asked;
    await leader().page.close();
    await expect.poll(() => between.asked, { timeout: 5_000 }).toBe(asked + 1);
    await shop.sell("lyo-bellecour", "BO-075-GLA", 3);
    for (const app of left) {
      await expect(app.offer("Lyon Bellecour")).toContainText("11 in stock");
      await expect(live(app.page)).toBeVisible();
    }
    expect(between.open).toBe(1);
    expect(faults).toEqual([]);
  });

  test("d09 the leading tab is frozen with its lock, and follows when it wakes up", async ({ context, page, shop, between }) => {
    const { leader, others, faults } = await liveTabs(context, page, 3);
    const [frozen, awake] = [leader(), others()];
    const asked = between.asked;
    const debug = await context.newCDPSession(frozen.page);
    await debug.send("Debugger.enable");
    await debug.send("Debugger.pause");
    await expect.poll(() => between.asked, { timeout: 5_000 }).toBe(asked + 1);
    await shop.sell("lyo-bellecour", "BO-075-GLA", 3);
    for (const app of awake) {
      await expect(app.offer("Lyon Bellecour")).toContainText("11 in stock");
      await expect(live(app.page)).toBeVisible();
    }
    await debug.send("Debugger.disable");
    await expect(frozen.offer("Lyon Bellecour")).toContainText("11 in stock");
    await expect(live(frozen.page)).toBeVisible();
    await expect.poll(() => between.open).toBe(1);
    expect(faults).toEqual([]);
  });
});

test("d07 where a proxy holds the stream back, the page asks and says so", async ({ page, shop, between }) => {
  test.setTimeout(60_000);
  await settleInLyon(page);
  between.buffers = true;
  const app = await tab(page);
  await expect(page.getByText(/^as of 11:00/)).toBeVisible();
  await shop.sell("lyo-bellecour", "BO-075-GLA", 3);
  await page.clock.runFor(25_000);
  await expect.poll(() => between.open).toBe(1);
  // Once may be bad luck; nothing is asked for yet, and nothing came through.
  await expect(app.offer("Lyon Bellecour")).toContainText("14 in stock");
  await page.clock.runFor(25_000);
  await expect(page.getByText(/^updates every 15 s/)).toBeVisible();
  await expect(app.offer("Lyon Bellecour")).toContainText("11 in stock");

  const questions = between.questions;
  await shop.sell("lyo-bellecour", "BO-075-GLA");
  await page.clock.runFor(16_000);
  await expect(app.offer("Lyon Bellecour")).toContainText("10 in stock");
  expect(between.questions).toBeGreaterThan(questions);

  // The proxy learns better: the stream is tried again, and believed once it has lived for a while.
  between.buffers = false;
  const asked = between.asked;
  await expect(async () => {
    await page.clock.runFor(10_000);
    expect(between.asked).toBeGreaterThan(asked);
  }).toPass();
  await expect(live(page)).toBeVisible({ timeout: 25_000 });
  await shop.sell("lyo-bellecour", "BO-075-GLA");
  await expect(app.offer("Lyon Bellecour")).toContainText("9 in stock");
});

const AWAY: [string, (page: Page, away: boolean) => Promise<unknown>][] = [
  [
    "hidden",
    (page, away) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
      }, away),
  ],
  [
    "put away for the back button",
    (page, away) =>
      page.evaluate((away) => {
        window.dispatchEvent(new PageTransitionEvent(away ? "pagehide" : "pageshow", { persisted: true }));
      }, away),
  ],
  ["off the network", (page, away) => page.context().setOffline(away)],
];

for (const [what, go] of AWAY) {
  test(`d10 a page that was ${what} is live again only with numbers that are true`, async ({ page, shop, between }) => {
    await settleInLyon(page);
    const app = await tab(page);
    await expect(live(page)).toBeVisible();
    await go(page, true);
    await expect.poll(() => between.open).toBe(0);
    await expect(page.getByText(/^as of 11:00/)).toBeVisible();
    await shop.sell("lyo-bellecour", "BO-075-GLA", 3);
    await expect(app.offer("Lyon Bellecour")).toContainText("14 in stock");
    // Looks at each change of the page: "live" beside the number from before would be a lie.
    await page.evaluate(() => {
      const told = window as unknown as { lies: number; looks: number };
      Object.assign(told, { lies: 0, looks: 0 });
      new MutationObserver(() => {
        const text = document.querySelector(".pickup-near")?.textContent ?? "";
        told.looks += 1;
        if (/live · /.test(text) && text.includes("14 in stock")) told.lies += 1;
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    await go(page, false);
    await expect(live(page)).toBeVisible();
    await expect(app.offer("Lyon Bellecour")).toContainText("11 in stock");
    const { lies, looks } = await page.evaluate(() => {
      const { lies, looks } = window as unknown as { lies: number; looks: number };
      return { lies, looks };
    });
    expect(lies).toBe(0);
    expect(looks).toBeGreaterThan(0);
  });
}

const BAD: [string, Parameters<import("@playwright/test").Route["fulfill"]>[0]][] = [
  ["204", { status: 204 }],
  ["301 to a page", { status: 301, headers: { location: "/" } }],
  ["403", { status: 403, contentType: "application/problem+json", body: "{}" }],
  ["500", { status: 500, body: "no" }],
  ["200 with a page", { status: 200, contentType: "text/html", body: "<!doctype html><title>Sign in</title>" }],
  ["200 with JSON", { status: 200, contentType: "application/json", body: "{}" }],
  ["200 with a stream that ends at once", { status: 200, contentType: "text/event-stream", body: ": nothing\n\n" }],
];

for (const [what, answer] of BAD) {
  test(`d15 a stream that is answered with ${what} is tried again in peace`, async ({ page, shop }) => {
    await settleInLyon(page);
    const tries: number[] = [];
    await page.route(STREAM, async (route) => {
      tries.push(performance.now());
      await route.fulfill(answer);
    });
    const app = await tab(page);
    await expect(page.getByText(/^as of 11:00/)).toBeVisible();
    await expect(app.offer("Lyon Bellecour")).toContainText("14 in stock");
    // It does not give up, and never tries in a tight loop.
    await expect.poll(() => tries.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
    const [first = 0, last = 0] = [tries[0], tries.at(-1)];
    expect((tries.length - 1) / ((last - first) / 1000), "tries a second").toBeLessThan(3);
    await expect(page.getByText(/^as of 11:00/)).toBeVisible();

    await page.unroute(STREAM);
    await page.clock.runFor(31_000);
    await expect(live(page)).toBeVisible();
    await shop.sell("lyo-bellecour", "BO-075-GLA", 3);
    await expect(app.offer("Lyon Bellecour")).toContainText("11 in stock");
  });
}
