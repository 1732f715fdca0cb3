// The search inside the browser: over the index on the device, with and without a network.

import { expect, test } from "../fixtures";
import { App } from "../pages/app";

const PART_DIEU = [45.761, 4.845] as const;

test("words are answered on the device, the network off @desktop", async ({ page, place, context }) => {
  const app = new App(page);
  const asked: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/v1/products") asked.push(request.url());
  });
  await place.is(...PART_DIEU);
  await app.open();
  const stock = page.waitForResponse(/\/v1\/search\/stock\?/);
  await app.useMyLocation();
  await app.searchIsReady();
  await stock;
  await expect(page.getByRole("heading", { name: "On the shelf nearby" })).toBeVisible();

  // With a network as well, no key stroke is sent anywhere.
  asked.length = 0;
  await app.search.pressSequentially("boreel bot");
  await expect(app.product("Boreal insulated bottle")).toBeVisible();
  expect(asked).toEqual([]);

  await context.setOffline(true);
  await app.search.fill("");
  await app.search.pressSequentially("folding ch");
  await expect(app.product("Hearth folding chair")).toBeVisible();
  await app.search.fill("ridge trekking tnet");
  await expect(app.product("Ridge 2 trekking tent")).toBeVisible();
  await expect(page.getByText("You are offline")).toBeVisible();

  // What the shop had when it was last heard of still narrows the list.
  await page.getByRole("link", { name: /In stock at/ }).click();
  await expect(app.product("Ridge 2 trekking tent")).toBeVisible();
  expect(asked).toEqual([]);
});

test("without an index the server answers", async ({ page }) => {
  const app = new App(page);
  await page.route("**/v1/search/indexes/**", (route) => route.fulfill({ status: 200, body: "nearsrch, but not really" }));
  const damaged = page.waitForEvent("console", { predicate: (message) => message.text().startsWith("search:") });
  await app.open();
  await damaged;
  await app.search.fill("bottel");
  await expect(app.product("Boreal insulated bottle")).toBeVisible();
});

test("a worker that falls silent is not waited for twice", async ({ page }) => {
  const app = new App(page);
  const silent = 'self.asked = 0; onmessage = ({ data }) => { self.asked += data[0] === "products"; }; postMessage("ready");';
  await page.route("**/search/worker-*.js", (route) => route.fulfill({ contentType: "text/javascript", body: silent }));
  await app.open();
  await app.searchIsReady();
  await app.search.fill("bottel");
  // The start page has bottles too: only an answer says what was searched instead.
  await expect(page.getByRole("link", { name: "Search only for that" })).toBeVisible();
  await expect(app.product("Boreal insulated bottle")).toBeVisible();
  const asked = () => page.workers()[0].evaluate(() => (self as unknown as { asked: number }).asked);
  const before = await asked();
  expect(before).toBeGreaterThan(0);
  await app.search.fill("headlamp");
  await expect(app.product("Boreal 400 headlamp")).toBeVisible();
  expect(await asked()).toBe(before);
});

test("who saves data is sent no index", async ({ page, context, browser, shop }) => {
  const app = new App(page);
  await context.addInitScript(() => {
    Object.defineProperty(navigator, "connection", { value: { saveData: true }, configurable: true });
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await app.open();
  await app.search.fill("bottel");
  await expect(app.product("Boreal insulated bottle")).toBeVisible();
  // Somebody who came later and has no such wish has theirs by now.
  const other = await browser.newPage();
  await other.goto(shop.url);
  await new App(other).searchIsReady();
  await other.close();
  expect(asked.filter((path) => path.startsWith("/v1/search") || path.startsWith("/search/"))).toEqual([]);
});

test("the index is fetched once and kept under its name", async ({ page, shop }) => {
  const app = new App(page);
  const fetched: string[] = [];
  page.context().on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/v1/search/indexes/")) fetched.push(pathname);
  });
  await app.open();
  await app.searchIsReady();
  await page.reload();
  await app.searchIsReady();
  expect(fetched).toHaveLength(1);
  const info = await (await fetch(`${shop.url}/v1/search`)).json();
  expect(fetched[0]).toBe(info.url);
});

test("what was searched is offered again, by touch and by keyboard @desktop", async ({ page, noBarriers }) => {
  const app = new App(page);
  await app.open();
  for (const words of ["tent", "headlamp"]) {
    await app.search.fill(words);
    await app.search.press("Enter");
  }
  await app.search.fill("");
  const list = page.getByRole("listbox", { name: "Suggestions" });
  await expect(list.getByRole("option")).toHaveText(["headlamp", "tent", "Clear recent searches"]);
  await expect(app.search).toHaveAttribute("aria-expanded", "true");
  await noBarriers();

  await app.search.press("ArrowDown");
  await app.search.press("ArrowDown");
  const chosen = list.getByRole("option", { selected: true });
  await expect(chosen).toHaveText("tent");
  await expect(app.search).toHaveAttribute("aria-activedescendant", (await chosen.getAttribute("id"))!);
  await app.search.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=tent$/);
  await expect(app.search).toHaveValue("tent");
  await expect(list.getByRole("option")).toHaveCount(0);

  // Escape puts the list away and leaves the words alone; Delete forgets one of them.
  await app.search.fill("");
  await app.search.press("ArrowUp");
  await app.search.press("ArrowUp");
  await app.search.press("Delete");
  await expect(list.getByRole("option")).toHaveText(["tent", "Clear recent searches"]);
  await app.search.press("Escape");
  await expect(list.getByRole("option")).toHaveCount(0);
  await app.search.press("ArrowDown");
  await list.getByRole("option", { name: "Clear recent searches" }).click();
  await app.search.press("ArrowDown");
  await expect(list.getByRole("option")).toHaveCount(0);
});

test("categories and brands that have the words are offered while typing", async ({ page }) => {
  const app = new App(page);
  await app.open();
  await app.search.pressSequentially("helmet");
  const list = page.getByRole("listbox", { name: "Suggestions" });
  await list.getByRole("option", { name: /^by Hoarfell/ }).click();
  await expect(page).toHaveURL(/\/search\?q=helmet&brand=Hoarfell$/);
  await expect(app.product("Hoarfell Piste helmet")).toBeVisible();
  await expect(app.product("Moraine Overhang helmet")).toHaveCount(0);
  // The filter is in sight, and goes away by a tap.
  await page.getByRole("navigation", { name: "Filters" }).getByRole("link", { name: "Hoarfell" }).click();
  await expect(app.product("Moraine Overhang helmet")).toBeVisible();
});

test("only these words, and what to do when there are none of them", async ({ page }) => {
  const app = new App(page);
  await app.open("/search?q=boreel%20bottle");
  await page.getByRole("link", { name: "Search only for that" }).click();
  await expect(page.getByText("Nothing found for “boreel bottle”")).toBeVisible();
  await page.getByRole("link", { name: /^bottle · \d/ }).click();
  await expect(app.product("Boreal kids bottle 0.4 L")).toBeVisible();
});

test("shops nearby narrow the list, and where there are none nothing is left", async ({ page, place }) => {
  const app = new App(page);
  await place.is(...PART_DIEU);
  await app.open();
  await app.useMyLocation();
  await app.search.fill("bottle");
  // The keyboard goes away, and with it what the field offers.
  await app.search.press("Enter");
  const filters = page.getByRole("navigation", { name: "Filters" });
  await filters.getByRole("link", { name: "Within 10 km" }).click();
  await expect(page).toHaveURL(/near=1/);
  await expect(app.product("Boreal insulated bottle")).toBeVisible();
  await filters.getByRole("link", { name: "Pickup today" }).click();
  await expect(page).toHaveURL(/near=1&today=1/);
  await expect(app.product("Boreal insulated bottle")).toBeVisible();

  // In the middle of nowhere.
  await place.is(46.6, 2.4);
  await page.getByRole("button", { name: /Lyon Part-Dieu/ }).click();
  await app.sheet.getByRole("button", { name: "Use my location" }).click();
  await expect(page.getByText("Nothing found for “bottle”")).toBeVisible();
});

test("who types on after nothing was found is told nothing of the new words before their answer", async ({ page }) => {
  const app = new App(page);
  // The server answers, and as slowly as is needed.
  await page.route("**/v1/search", (route) => route.abort());
  await app.open("/search?q=qqqqqq");
  await expect(page.getByText("Nothing found for “qqqqqq”")).toBeVisible();
  let answer = () => {};
  const held = new Promise<void>((release) => (answer = release));
  const asked = page.waitForRequest(/\/v1\/products\?.*q=bottle/);
  await page.route(/\/v1\/products\?.*q=bottle/, async (route) => {
    await held;
    await route.continue();
  });
  await app.search.fill("bottle");
  await asked;
  await expect(page).toHaveURL(/q=bottle/);
  await expect(page.getByText("Nothing found for “bottle”")).toHaveCount(0);
  answer();
  await expect(app.product("Boreal insulated bottle")).toBeVisible();
});
