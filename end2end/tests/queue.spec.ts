// Reservations on a bad network: kept, sent once, asked about when they are old, and never called "reserved" before the
// server said so. What exists is read from the server's stock: each reservation takes one unit of five.

import type { BrowserContext, Page, Route } from "@playwright/test";
import { expect, NOW, test } from "../fixtures";
import { App } from "../pages/app";
import type { Shop } from "../shop";

const SKU = "BO-075-COA";
const STORE = "lyo-part-dieu";
const DESK = `/reserve?sku=${SKU}&store=${STORE}`;
const RESERVE = "**/v1/reservations";

/** Units that the server may promise there. */
async function units(shop: Shop): Promise<number> {
  const answer = await fetch(`${shop.url}/v1/availability`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ items: [{ sku: SKU, quantity: 1 }], location_ids: [STORE] }),
  });
  return ((await answer.json()) as { rows: { quantity: number }[] }).rows[0]!.quantity;
}

async function atTheDesk(page: Page): Promise<App> {
  const app = new App(page);
  await app.open(DESK);
  await expect(app.reserveButton).toBeEnabled();
  await app.fillContact();
  return app;
}

/** Taps "Reserve", gets no answer, and leaves it to the app. */
async function leaveForLater(app: App): Promise<void> {
  await app.reserveButton.click();
  // The form may be taller than the screen: what went wrong comes into sight by itself.
  const later = app.page.getByRole("alert").getByRole("button", { name: "Send it when I am back online" });
  await expect(later).toBeInViewport();
  await later.click();
  await expect(app.page.getByRole("heading", { name: "Your pickups" })).toBeVisible();
}

async function queuedOffline(page: Page, context: BrowserContext): Promise<App> {
  const app = await atTheDesk(page);
  await context.setOffline(true);
  await leaveForLater(app);
  await expect(unsent(page)).toContainText("Not sent yet");
  return app;
}

const unsent = (page: Page) => page.getByRole("list", { name: "Your reservations that are not sent yet" });
const pickups = (page: Page) => page.locator("a.pickup-row");
/** The device says that it has a network again; the app does not wait for the next try by itself. */
const hurry = (page: Page) => page.evaluate(() => void window.dispatchEvent(new Event("online")));

async function lost(route: Route): Promise<void> {
  await route.fetch();
  await route.abort("connectionfailed");
}

test.beforeEach(async ({ shop }) => {
  await shop.count(STORE, SKU, 5);
});

test("e07 offline at the desk it is not sent yet and never reserved, and it is sent once", async ({ page, context, shop, noBarriers }) => {
  await queuedOffline(page, context);
  await expect(page.getByText("Reserved", { exact: true })).toHaveCount(0);
  await expect(pickups(page)).toHaveCount(0);
  await noBarriers();
  const app = new App(page);
  await app.openTab("Search");
  await page.getByRole("link", { name: "1 reservation not sent yet" }).click();
  expect(await units(shop)).toBe(5);

  await context.setOffline(false);
  await expect(pickups(page)).toHaveCount(1);
  await expect(unsent(page)).toHaveCount(0);
  await pickups(page).click();
  await app.passCode();
  expect(await units(shop)).toBe(4);
});

test("e07 what waits can be dropped", async ({ page, context, shop }) => {
  await queuedOffline(page, context);
  await page.getByRole("button", { name: "Do not send it" }).click();
  await expect(page.getByRole("heading", { name: "Nothing put aside yet" })).toBeVisible();
  await context.setOffline(false);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Nothing put aside yet" })).toBeVisible();
  expect(await units(shop)).toBe(5);
});

test("e07 a captive portal that answers in place of the shop reserves nothing", async ({ page, shop }) => {
  const app = await atTheDesk(page);
  await page.route(RESERVE, (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Log in to the hotel</h1>" }));
  await leaveForLater(app);
  await expect(unsent(page)).toContainText("Sent, no answer yet");
  expect(await units(shop)).toBe(5);
  await page.unroute(RESERVE);
  await hurry(page);
  await expect(pickups(page)).toHaveCount(1);
  expect(await units(shop)).toBe(4);
});

test.describe("with the app on the device", () => {
  test.use({ serviceWorkers: "allow" });

  test("e07 opened without a network it shows the last stock with its age, and takes the wish", async ({ page, context, place, shop }) => {
    const app = new App(page);
    await place.is(45.761, 4.845);
    await app.open();
    await app.useMyLocation();
    await expect(page.getByRole("heading", { name: "On the shelf here" }).or(page.locator(".results__head"))).not.toHaveCount(0);
    await app.open(`/p/${SKU}`);
    await expect(app.offer("Lyon Part-Dieu")).toContainText("5 in stock");
    await app.searchIsReady();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect.poll(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller))).toBe(true);
    await expect.poll(() => page.evaluate(() => localStorage.getItem("nearshelf/seen/1") ?? "")).toContain(SKU);

    await context.setOffline(true);
    await page.clock.setFixedTime(new Date(Date.parse(NOW) + 60_000));
    await page.goto("/");
    await expect(page.locator(".results")).toContainText("as of 11:00");
    await expect(page.locator(".results .product-row").first()).toBeVisible();
    await page.goto(`/p/${SKU}`);
    await expect(app.offer("Lyon Part-Dieu")).toContainText("5 in stock");
    await expect(page.getByText(/as of 11:00/).first()).toBeVisible();
    await app.reserveLink.click();
    await app.fillContact();
    await leaveForLater(app);
    await expect(unsent(page)).toContainText("Not sent yet");
    expect(await units(shop)).toBe(5);
    await context.setOffline(false);
    await expect(pickups(page)).toHaveCount(1);
    expect(await units(shop)).toBe(4);
  });
});

test("e08 requests dropped, answers lost and requests doubled end in one reservation and in the truth", async ({ page, shop }) => {
  const app = await atTheDesk(page);
  const fates = ["lost", "dropped", "lost", "doubled"];
  const keys = new Set<string>();
  await page.route(RESERVE, async (route) => {
    keys.add(route.request().headers()["idempotency-key"]!);
    const fate = fates.shift();
    if (fate === "dropped") return route.abort("connectionfailed");
    if (fate === "lost") return lost(route);
    if (fate === "doubled") await route.fetch();
    await route.continue();
  });
  await leaveForLater(app);
  // The server has it and the app cannot know: it does not say so.
  expect(await units(shop)).toBe(4);
  await expect(pickups(page)).toHaveCount(0);
  await expect(async () => {
    await hurry(page);
    await expect(pickups(page)).toHaveCount(1, { timeout: 500 });
  }).toPass();
  expect(fates).toEqual([]);
  expect(keys.size).toBe(1);
  await expect(unsent(page)).toHaveCount(0);
  await pickups(page).click();
  await app.passCode();
  expect(await units(shop)).toBe(4);
});

test("e09 a double tap with Enter is one reservation, and its key is kept before it leaves", async ({ page, shop }) => {
  const app = await atTheDesk(page);
  const kept: boolean[] = [];
  await page.route(RESERVE, async (route) => {
    const key = route.request().headers()["idempotency-key"]!;
    kept.push(await page.evaluate((key) => localStorage.getItem("nearshelf/queue/1")?.includes(key) ?? false, key));
    await route.continue();
  });
  await page.getByLabel("E-mail").focus();
  await page.evaluate(() => {
    const button = document.querySelector<HTMLButtonElement>(".action-bar button")!;
    button.click();
    button.click();
    button.form!.requestSubmit();
  });
  await app.passCode();
  expect(kept).toEqual([true]);
  expect(await units(shop)).toBe(4);
  // Nor does the way back lead to the form again.
  await page.goBack();
  await expect(page).not.toHaveURL(/\/reserve/);
});

test("e09 two tabs with the same basket reserve it once", async ({ page, context, place, shop }) => {
  const app = new App(page);
  await place.is(45.761, 4.845);
  await app.open(`/p/${SKU}`);
  await app.useMyLocation();
  await page.getByRole("button", { name: "Add to basket" }).click();
  await page.getByRole("link", { name: "In your basket" }).click();
  await page.getByRole("link", { name: /^Lyon Part-Dieu/ }).click();
  await app.fillContact();
  const other = await context.newPage();
  await other.clock.setFixedTime(NOW);
  const there = new App(other);
  await other.goto(page.url());
  await there.fillContact();

  // The first answer is held back until the other tab has tapped as well.
  let go = () => {};
  const tapped = new Promise<void>((resolve) => (go = resolve));
  await page.route(RESERVE, async (route) => {
    const response = await route.fetch();
    await tapped;
    await route.fulfill({ response });
  });
  await app.reserveButton.click();
  await expect.poll(() => units(shop)).toBe(4);
  await there.reserveButton.click();
  const code = await there.passCode();
  go();
  expect(await app.passCode()).toBe(code);
  expect(await units(shop)).toBe(4);
});

test("e10 after a quarter of an hour it asks, and is sent by a tap only", async ({ page, context, shop }) => {
  await queuedOffline(page, context);
  await page.clock.setFixedTime(new Date(Date.parse(NOW) + 16 * 60_000));
  await expect(unsent(page)).toContainText("Not sent: do you still want it?");
  await context.setOffline(false);
  await page.reload();
  await expect(unsent(page)).toContainText("Nothing is reserved");
  expect(await units(shop)).toBe(5);
  // The server's clock stands still, and what seems to come from its future is asked about.
  await page.clock.setFixedTime(NOW);
  await page.getByRole("button", { name: "Send it now" }).click();
  await expect(pickups(page)).toHaveCount(1);
  expect(await units(shop)).toBe(4);
});

test("e10 another price by now asks first, and yes to it sends", async ({ page, context, shop }) => {
  await queuedOffline(page, context);
  await page.route("**/v1/availability", async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as { rows: { price?: { amount: number } }[] };
    for (const row of answer.rows) if (row.price) row.price.amount += 700;
    await route.fulfill({ response, json: answer });
  });
  await context.setOffline(false);
  await expect(unsent(page)).toContainText(/costs .+ there now\. Nothing was sent\./);
  expect(await units(shop)).toBe(5);
  await page.getByRole("button", { name: "Send it now" }).click();
  await expect(pickups(page)).toHaveCount(1);
  expect(await units(shop)).toBe(4);
});

test("e10 an empty shelf asks first, and a no is said with doors while the basket stays", async ({ page, context, place, shop, noBarriers }) => {
  const app = new App(page);
  await place.is(45.761, 4.845);
  await app.open(`/p/${SKU}`);
  await app.useMyLocation();
  await page.getByRole("button", { name: "Add to basket" }).click();
  await page.getByRole("link", { name: "In your basket" }).click();
  await page.getByRole("link", { name: /^Lyon Part-Dieu/ }).click();
  await app.fillContact();
  await context.setOffline(true);
  await leaveForLater(app);
  await shop.count(STORE, SKU, 0);
  await context.setOffline(false);
  await expect(unsent(page)).toContainText("has fewer than you want by now. Nothing was sent.");
  await page.getByRole("button", { name: "Try it anyway" }).click();
  await expect(unsent(page)).toContainText("Not enough is left");
  await noBarriers();
  await expect(unsent(page).getByRole("link", { name: /^Reserve at / }).first()).toBeVisible();
  await unsent(page).getByRole("link", { name: "Look at the basket" }).click();
  await expect(page.getByRole("list", { name: "What you want" }).getByRole("listitem")).toHaveCount(1);
  await app.openTab("Pickups");
  await page.getByRole("button", { name: "Take it off this list" }).click();
  await expect(page.getByRole("heading", { name: "Nothing put aside yet" })).toBeVisible();
});

test("e11 an app that was closed sends on its next start, and of two tabs only one does", async ({ page, context, shop }) => {
  await queuedOffline(page, context);
  await page.close();
  await context.setOffline(false);
  let sent = 0;
  let go = () => {};
  const both = new Promise<void>((resolve) => (go = resolve));
  await context.route(RESERVE, async (route) => {
    sent += 1;
    await both;
    await route.continue();
  });
  const tabs = [await context.newPage(), await context.newPage()];
  for (const tab of tabs) {
    await tab.clock.setFixedTime(NOW);
    await tab.goto("/pickups");
    await expect(unsent(tab)).toContainText("Asking Lyon Part-Dieu …");
  }
  for (const tab of tabs) await hurry(tab);
  go();
  for (const tab of tabs) {
    await expect(pickups(tab)).toHaveCount(1);
    await expect(unsent(tab)).toHaveCount(0);
  }
  expect(sent).toBe(1);
  expect(await units(shop)).toBe(4);
});

test("e11 a tab that dies while it sends leaves it to the next, under the same key", async ({ page, context, shop }) => {
  await queuedOffline(page, context);
  const keys = new Set<string>();
  await context.route(RESERVE, async (route) => {
    keys.add(route.request().headers()["idempotency-key"]!);
    await lost(route).catch(() => {});
  });
  await context.setOffline(false);
  await expect.poll(() => units(shop)).toBe(4);
  await page.close();
  await context.unroute(RESERVE);
  const next = await context.newPage();
  await next.clock.setFixedTime(NOW);
  next.on("request", (request) => {
    const key = request.headers()["idempotency-key"];
    if (key) keys.add(key);
  });
  await next.goto("/pickups");
  await expect(pickups(next)).toHaveCount(1);
  expect(keys.size).toBe(1);
  expect(await units(shop)).toBe(4);
});

for (const [name, off] of [["an hour ahead", 3_600_000], ["a year behind", -31_536_000_000]] as const) {
  test(`e12 on a device whose clock is ${name} ages and times are the server's`, async ({ page, context, shop }) => {
    await page.clock.setFixedTime(new Date(Date.parse(NOW) + off));
    const app = await atTheDesk(page);
    await expect(page.getByText(/^5 in stock/)).toBeVisible();
    await context.setOffline(true);
    await leaveForLater(app);
    // Eleven o'clock in Paris, and a quarter of an hour.
    await expect(unsent(page)).toContainText("until 11:15");
    await context.setOffline(false);
    await expect(pickups(page)).toHaveCount(1);
    expect(await units(shop)).toBe(4);
    await pickups(page).click();
    await app.passCode();
    await expect(page.getByText(/20 Nov|21 Nov|22 Nov|23 Nov/).first()).toBeVisible();
  });
}

const DEVICES: Record<string, () => void> = {
  "refuses its storage": () => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  },
  "is full": () => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  },
};

for (const [name, breaks] of Object.entries(DEVICES)) {
  test(`e13 on a device that ${name} everything works until the page is closed, and that is said once`, async ({ page, context, shop, noBarriers }) => {
    await page.addInitScript(breaks);
    const app = await atTheDesk(page);
    const line = page.getByText("This device keeps nothing: your pickups are lost when this page is closed.");
    await expect(line).toBeVisible();
    await noBarriers();
    await page.getByRole("button", { name: "All right" }).click();
    await expect(line).toBeHidden();
    await context.setOffline(true);
    await leaveForLater(app);
    await expect(unsent(page)).toContainText("Not sent yet");
    await context.setOffline(false);
    await expect(pickups(page)).toHaveCount(1);
    await pickups(page).click();
    await app.passCode();
    await expect(line).toBeHidden();
    expect(await units(shop)).toBe(4);
  });
}

const KEPT = {
  garbage: "\u0000{not json",
  "another type": "[[[7]]]",
  "a newer schema": JSON.stringify({ version: 9, pickups: { all: [] }, wishes: "elsewhere" }),
};

for (const [name, text] of Object.entries(KEPT)) {
  test(`e13 what was kept is ${name}, and the app begins anew`, async ({ page, shop }) => {
    await page.goto("/robots.txt");
    await page.evaluate((text) => {
      for (const name of ["nearshelf/1", "nearshelf/queue/1", "nearshelf/seen/1"]) localStorage.setItem(name, text);
    }, text);
    const app = await atTheDesk(page);
    await app.reserveButton.click();
    const code = await app.passCode();
    await page.goto("/pickups");
    await expect(page.getByRole("link", { name: new RegExp(code) })).toBeVisible();
    expect(await units(shop)).toBe(4);
  });
}
