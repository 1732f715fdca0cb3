// Every status that a server or something before it may answer with, answers that come late or never, and what is said then.

import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Page, Route } from "@playwright/test";
import { NOW, expect, test } from "../fixtures";
import { App, tap } from "../pages/app";

const STATUSES = [400, 401, 403, 404, 408, 409, 410, 412, 413, 415, 422, 425, 429, 500, 502, 503, 504];

/** As a server of ours says it, or as a proxy on the way does. */
function refusal(route: Route, status: number, ours: boolean): Promise<void> {
  const headers = [429, 503].includes(status) ? { "retry-after": "7" } : undefined;
  const problem = { type: "/problems/of-another-version", title: "No", status, detail: "Not like this.", request_id: "r-1" };
  return ours
    ? route.fulfill({ status, headers, contentType: "application/problem+json", body: JSON.stringify(problem) })
    : route.fulfill({ status, headers, contentType: "text/html", body: `<h1>${status}</h1>` });
}

/** The seconds that such a refusal asks for are over. */
async function waitedFor(page: Page, status: number): Promise<void> {
  if ([429, 503].includes(status)) await page.clock.fastForward(7_000);
}

const READS: { name: string; answers: string | RegExp; path: string; words: string }[] = [
  { name: "the list of products", answers: "**/v1/products?**", path: "/", words: "Bearing compass" },
  { name: "a search", answers: "**/v1/products?**", path: "/search?q=bottle", words: "Boreal insulated bottle" },
  { name: "a product", answers: "**/v1/products/*", path: "/p/BO-075-GLA", words: "Double-walled" },
  { name: "the stock of a product", answers: "**/v1/availability", path: "/p/BO-075-GLA", words: "1 left" },
  { name: "a shop", answers: "**/v1/locations/lyo-part-dieu", path: "/stores/lyo-part-dieu", words: "17 rue du Docteur Bouchut" },
  { name: "the shops", answers: "**/v1/locations/search", path: "/stores", words: "Lyon Bellecour" },
];

test("e05 whatever a question is refused with, it is said and can be asked again", async ({ page }) => {
  test.setTimeout(90_000);
  await page.clock.install({ time: NOW });
  const app = new App(page);
  await page.route(/\/(search|places)\/worker-/, (route) => route.abort());
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  const alert = page.locator("main [role=alert]");
  for (const { name, answers, path, words } of READS) {
    let status = 0;
    let asked = 0;
    const handle = (route: Route) => {
      asked += 1;
      return refusal(route, status, status % 2 === 0);
    };
    // What the screen before asked is none of what is counted here.
    await tap(page, "/nowhere");
    await expect(page.getByText("This page does not exist")).toBeVisible();
    await page.route(answers, handle);
    for (status of STATUSES) {
      await tap(page, "/nowhere");
      await expect(page.getByText("This page does not exist")).toBeVisible();
      await tap(page, path);
      await expect(alert.first(), `${name}: ${status}`).toContainText(/\w+ \w+ \w+/);
      await expect(alert.getByRole("button", { name: "Try again" }).first(), `${name}: ${status}`).toBeVisible();
      await waitedFor(page, status);
    }
    expect(asked, name).toBeGreaterThanOrEqual(STATUSES.length);
    // Nothing is asked again by itself, so there is nothing to be asked too soon.
    expect(asked, name).toBeLessThanOrEqual(2 * STATUSES.length);
    await page.unroute(answers, handle);
    await page.getByRole("button", { name: "Try again" }).first().click();
    await expect(page.getByText(words).filter({ visible: true }).first(), name).toBeVisible();
  }
});

test("e05 whatever a reservation is refused with, nothing is called reserved and the form stays", async ({ page }) => {
  test.setTimeout(60_000);
  await page.clock.install({ time: NOW });
  const app = new App(page);
  await app.open("/reserve?sku=BO-075-GLA&store=lyo-bellecour");
  await app.fillContact();
  let status = 0;
  const handle = (route: Route) => refusal(route, status, status % 2 === 0);
  await page.route("**/v1/reservations", handle);
  for (status of [...STATUSES, 200]) {
    const answer = page.waitForResponse("**/v1/reservations");
    await app.reserveButton.click();
    await answer;
    await expect(app.reserveButton, `${status}`).toBeEnabled();
    await expect(page.locator("main [role=alert], .action-bar [role=alert]").first(), `${status}`).toContainText(/\w+ \w+ \w+/);
    await expect(page.getByLabel("Name")).toHaveValue("Ada Lovelace");
    await expect(page.getByRole("heading", { name: "Your pickup", exact: true })).toHaveCount(0);
    await waitedFor(page, status);
  }
  await page.unroute("**/v1/reservations", handle);
  await app.reserveButton.click();
  await app.passCode();
});

for (const [form, header] of [
  ["in seconds", "7"],
  ["as a date", new Date(Date.parse(NOW) + 7_000).toUTCString()],
] as const) {
  for (const status of [429, 503]) {
    test(`e05 ${status} with a time to wait ${form} is not asked again before it is over`, async ({ page }) => {
      // A clock runs until it is stopped, and is not stopped in the past; without one a page draws nothing, and begins nothing.
      await page.clock.install({ time: Date.parse(NOW) - 60_000 });
      const app = new App(page);
      await page.route(/\/(search|places)\/worker-/, (route) => route.abort());
      await app.open("/nowhere");
      await expect(page.getByText("This page does not exist")).toBeVisible();
      await page.clock.pauseAt(NOW);
      let asked = 0;
      const handle = (route: Route) => {
        asked += 1;
        const headers = { "retry-after": header, date: new Date(NOW).toUTCString() };
        return route.fulfill({ status, headers, contentType: "text/html", body: "<h1>Not now</h1>" });
      };
      await page.route("**/v1/products/*", handle);
      const again = page.getByRole("alert").getByRole("button", { name: "Try again" });
      await tap(page, "/p/BO-075-GLA");
      await expect(page.getByRole("alert")).toContainText("You can try again in 7 seconds.");
      await expect(again).toBeDisabled();
      // A question that a later one replaced before there was an answer is one too.
      const first = asked;
      expect(first).toBeLessThanOrEqual(2);
      // Neither another way to the screen nor another product asks earlier.
      await page.clock.runFor(4_000);
      for (const path of ["/nowhere", "/p/BO-075-GLA", "/nowhere", "/p/BO-075-COA"]) await tap(page, path);
      await expect(page.getByRole("alert")).toContainText("You can try again in 3 seconds.");
      await expect(again).toBeDisabled();
      expect(asked).toBe(first);
      await page.clock.runFor(3_000);
      await expect(again).toBeEnabled();
      await page.unroute("**/v1/products/*", handle);
      await again.click();
      await expect(page.getByText("Double-walled")).toBeVisible();
    });
  }
}

test("e06 what never comes has a shape after half a second, an end after ten, and a way on", async ({ page }) => {
  await page.clock.install({ time: NOW });
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  const held: Route[] = [];
  await page.route("**/v1/products/*", (route) => void held.push(route));
  await tap(page, "/p/BO-075-GLA");
  const skeleton = page.locator("main .skeleton");
  await expect(skeleton).toBeAttached();
  const opacity = () => skeleton.evaluate((one) => Number(getComputedStyle(one).opacity));
  await expect.poll(opacity).toBe(1);
  // After five seconds somebody is still trying. Style sheets have a clock of their own.
  const slow = page.getByText("Still trying");
  await expect(slow).toBeHidden();
  await page.evaluate(() => document.getAnimations().forEach((one) => (one.currentTime = 5_300)));
  await expect(slow).toBeVisible();
  await page.clock.fastForward(4_000);
  await expect(skeleton).toBeVisible();
  await page.clock.fastForward(6_000);
  await expect(page.getByRole("alert")).toContainText("This takes too long");
  await expect(skeleton).toHaveCount(0);
  await page.unroute("**/v1/products/*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Double-walled")).toBeVisible();
  for (const route of held) await route.abort().catch(() => {});
});

test("e06 a reservation without an answer ends after fifteen seconds and says that nobody knows", async ({ page }) => {
  await page.clock.install({ time: NOW });
  const app = new App(page);
  await app.open("/reserve?sku=BO-075-GLA&store=lyo-bellecour");
  await app.fillContact();
  const held: Route[] = [];
  await page.route("**/v1/reservations", (route) => void held.push(route));
  await app.reserveButton.click();
  await expect.poll(() => held.length).toBe(1);
  await page.clock.fastForward(14_000);
  await expect(page.getByText("This takes too long")).toHaveCount(0);
  await page.clock.fastForward(2_000);
  await expect(page.getByText("This takes too long")).toBeVisible();
  await expect(page.getByText("it will not be reserved twice")).toBeVisible();
  await page.unroute("**/v1/reservations");
  await app.reserveButton.click();
  await app.passCode();
});

test("e06 an answer that drips in or is a second late is shown when it is there, one that stops is given up", async ({ page, shop }) => {
  await page.clock.install({ time: NOW });
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  const whole = await (await fetch(`${shop.url}/v1/products/BO-075-GLA`)).text();
  let stops = true;
  const slow = createServer(async (_, answer) => {
    answer.writeHead(200, { "content-type": "application/json" });
    // One byte of it and then a pause, several times; the rest at once, or never.
    for (let n = 0; n < 12; n++) {
      answer.write(whole.slice(n, n + 1));
      await new Promise((done) => setTimeout(done, 80));
    }
    if (!stops) answer.end(whole.slice(12));
  }).listen(0, "127.0.0.1");
  await once(slow, "listening");
  try {
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`;
    await page.route("**/v1/products/*", (route) => route.continue({ url }));
    await tap(page, "/p/BO-075-GLA");
    await expect(page.locator("main .skeleton")).toBeVisible();
    await page.clock.fastForward(11_000);
    await expect(page.getByRole("alert")).toContainText("This takes too long");
    stops = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByText("Double-walled")).toBeVisible();
  } finally {
    slow.closeAllConnections();
    slow.close();
  }
});

/** The real answer with a number of rows spoilt: all of them where `good` is 0. */
async function spoil(route: Route, list: string, field: string, good: number): Promise<void> {
  const answer = await route.fetch();
  const body = (await answer.json()) as Record<string, Record<string, unknown>[]>;
  body[list]!.slice(good).forEach((row) => (row[field] = { odd: ["]", "}"] }));
  await route.fulfill({ response: answer, body: JSON.stringify(body) });
}

test("e04 a row that cannot be read costs itself, and the list says so", async ({ page }) => {
  const app = new App(page);
  await page.route(/\/(search|places)\/worker-/, (route) => route.abort());
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  for (const [answers, list, field, path, rows] of [
    ["**/v1/products?**", "products", "title", "/search?q=bottle", ".results__rows a"],
    ["**/v1/locations/search", "locations", "geo", "/stores", ".stores > *"],
  ] as const) {
    let good = 1;
    const handle = (route: Route) => spoil(route, list, field, good);
    await page.route(answers, handle);
    await tap(page, path);
    await expect(page.getByText(/^\d+ entr(y|ies) could not be read and (is|are) not shown\.$/), path).toBeVisible();
    await expect(page.locator(rows), path).toHaveCount(1);
    await expect(page.locator("main [role=alert]"), path).toHaveCount(0);
    // Of a list of bad rows nobody says that nothing was found.
    good = 0;
    await tap(page, "/nowhere");
    await expect(page.getByText("This page does not exist")).toBeVisible();
    await tap(page, path);
    await expect(page.locator("main [role=alert]").first(), path).toContainText("could not read the answer");
    await expect(page.getByText(/Nothing found|No shop/), path).toHaveCount(0);
    // The control: the answer as it is.
    await page.unroute(answers, handle);
    await page.getByRole("button", { name: "Try again" }).first().click();
    await expect(page.locator(rows).first(), path).toBeVisible();
    await expect(page.getByText("could not be read"), path).toHaveCount(0);
  }
});

test("e04 stock that cannot be read is not known, and not sold out", async ({ page }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await page.route("**/v1/availability/events**", (route) => route.abort());
  await page.route("**/v1/availability", (route) => spoil(route, "rows", "state", 1));
  await tap(page, "/p/BO-075-GLA");
  const offers = page.locator(".offers > *");
  await expect(offers.getByText("Not known").first()).toBeVisible();
  await expect(offers.getByText("1 left")).toBeVisible();
  await expect(page.getByText("Sold out")).toHaveCount(0);
});
