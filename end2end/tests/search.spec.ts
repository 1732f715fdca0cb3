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

test("who saves data is sent no index", async ({ page, context }) => {
  const app = new App(page);
  await context.addInitScript(() => {
    Object.defineProperty(navigator, "connection", { value: { saveData: true }, configurable: true });
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await app.open();
  await app.search.fill("bottel");
  await expect(app.product("Boreal insulated bottle")).toBeVisible();
  // The control: without the wish to save data these are asked for within the same time.
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
