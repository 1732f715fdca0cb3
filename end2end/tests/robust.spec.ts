// Answers that make no sense, addresses that lead nowhere, and the back button.

import { expect, test } from "../fixtures";
import { App } from "../pages/app";

const NONSENSE: [string, string, string][] = [
  ["an empty body", "application/json", ""],
  ["a page of a captive portal", "text/html", "<!doctype html><title>Sign in</title>"],
  ["half an answer", "application/json", '{"products":[{"sku":"BO-0'],
  ["wrong types", "application/json", '{"products":{"sku":7},"pagination":null}'],
  ["a list of nulls", "application/json", '{"products":[null],"pagination":{}}'],
];

for (const [what, contentType, body] of NONSENSE) {
  test(`an answer that cannot be read (${what}) says so and can be asked again`, async ({ page }) => {
    const app = new App(page);
    // With the workers there the app would mend itself before anybody could ask again.
    await page.route(/\/(search|places)\/worker-/, (route) => route.abort());
    await page.route("**/v1/products?**", (route) => route.fulfill({ status: 200, contentType, body }));
    await app.open();
    await expect(page.getByRole("alert")).toContainText("We could not read the answer");
    await page.unroute("**/v1/products?**");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(app.product("Bearing compass")).toBeVisible();
  });
}

test("one bad panel leaves the others alone", async ({ page }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await page.route("**/v1/availability", (route) => route.fulfill({ status: 200, body: "[]" }));
  await page.goto("/p/BO-075-GLA");
  await expect(page.getByRole("heading", { name: /Boreal insulated bottle/ })).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("We could not read the answer");
});

test("a problem of the server is told with its reference", async ({ page }) => {
  const app = new App(page);
  await app.open("/p/NO-SUCH-THING");
  await expect(page.getByRole("alert")).toContainText("There is nothing here");
  await expect(page.getByRole("alert")).toContainText("Reference");
});

test("an address that leads nowhere has doors", async ({ page }) => {
  await new App(page).open("/no/such/page");
  await expect(page.getByText("This page does not exist")).toBeVisible();
  await page.getByRole("link", { name: "Search products" }).click();
  await expect(page).toHaveURL(/\/$/);
});

test("back, then the same link again, and a shared search", async ({ page }) => {
  const app = new App(page);
  await app.open();
  await app.search.fill("tent");
  await expect(page).toHaveURL(/\/search\?q=tent$/);
  await app.product("Ridge 2 trekking tent").click();
  await expect(page).toHaveURL(/\/p\//);
  await page.goBack();
  await expect(app.search).toHaveValue("tent");
  await app.product("Ridge 2 trekking tent").click();
  await expect(page).toHaveURL(/\/p\//);
  await expect(page.getByRole("heading", { name: "Ridge 2 trekking tent" })).toBeVisible();
  await page.goBack();
  await page.goBack();
  // One step back leads out of the search, not through each letter of it.
  await expect(page).toHaveURL(/\/$/);
  await expect(app.search).toHaveValue("");
  await page.goto("/search?q=tent&category=Camp");
  await expect(app.search).toHaveValue("tent");
  await expect(page.getByRole("link", { name: "Camp", exact: true })).toHaveAttribute("aria-current", "true");
  await expect(app.product("Ridge 2 trekking tent")).toBeVisible();
});

test("a long list goes on, with stock in its later rows as well", async ({ page }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  const rows = page.getByRole("region", { name: "Products" }).getByRole("link");
  await expect(rows).toHaveCount(24);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(rows).toHaveCount(48);
  await expect(rows.nth(47)).toContainText("at Part-Dieu");
  // A new search begins anew.
  await app.search.fill("tent");
  await expect(rows.first()).toContainText("tent");
  expect(await rows.count()).toBeLessThan(24);
});

test("nothing found has a way on", async ({ page }) => {
  const app = new App(page);
  await app.open("/search?q=xyzzyplugh");
  await expect(page.getByText("Nothing found for “xyzzyplugh”")).toBeVisible();
  await page.getByRole("link", { name: "See all products" }).click();
  await expect(app.product("Bearing compass")).toBeVisible();
});

test("storage that is refused changes nothing but the memory of it", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  });
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await expect(page.getByRole("button", { name: /Lyon Part-Dieu/ })).toBeVisible();
});
