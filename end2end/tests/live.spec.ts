// Numbers change while one looks at them, and say how old they are when they cannot.

import { expect, test } from "../fixtures";
import { App } from "../pages/app";

test("a sale at the till reaches the open page of the product", async ({ page, shop }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("Lyon", "Lyon Bellecour");
  await page.goto("/p/BO-075-GLA");
  await expect(app.offer("Lyon Bellecour")).toContainText("14 in stock");
  await expect(page.getByText(/^live/)).toBeVisible();

  await shop.sell("lyo-bellecour", "BO-075-GLA", 3);
  await expect(app.offer("Lyon Bellecour")).toContainText("11 in stock");
  await shop.reserve("lyo-part-dieu", "BO-075-GLA");
  await expect(app.offer("Lyon Part-Dieu")).toContainText("Sold out");
  await expect(app.offer("Lyon Part-Dieu").getByRole("radio")).toBeDisabled();
  await shop.count("lyo-villeurbanne", "BO-075-GLA", 7);
  await expect(app.offer("Villeurbanne")).toContainText("7 in stock");
  await expect(app.offer("Villeurbanne").getByRole("radio")).toBeEnabled();
});

test("a list shows the change as well", async ({ page, shop }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await app.search.fill("ridge 2 tent");
  await expect(app.product("Ridge 2 trekking tent")).toContainText("at Part-Dieu");
  const sku = /\/p\/([^/?]+)/.exec((await app.product("Ridge 2 trekking tent").getAttribute("href")) ?? "")?.[1] ?? "";
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await shop.count("lyo-part-dieu", sku, 9);
  await expect(app.product("Ridge 2 trekking tent")).toContainText("9 at Part-Dieu");
});

test("the server goes away and comes back", async ({ page, shop }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("Lyon", "Lyon Bellecour");
  await page.goto("/p/BO-075-GLA");
  await expect(page.getByText(/^live/)).toBeVisible();

  await shop.stop();
  // What was known stays, with its age; nothing pretends to be live.
  await expect(page.getByText(/^as of 11:00/)).toBeVisible();
  await expect(app.offer("Lyon Bellecour")).toContainText("14 in stock");

  // A screen that needs the server says so and offers to try again.
  await page.getByRole("link", { name: "Fern" }).click();
  await expect(page.getByRole("alert")).toContainText("No connection");
  await shop.start();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: /Boreal insulated bottle/ })).toBeVisible();
  await expect(page.getByText(/^live/)).toBeVisible({ timeout: 20_000 });
});

test("without a network the page says so, and a pickup pass still opens", async ({ page, shop, context }) => {
  const app = new App(page);
  const reservation = await shop.reserve("lyo-bellecour", "BO-075-GLA");
  await page.goto(reservation.pass_url);
  await app.passCode();
  await app.openTab("Search");
  await context.setOffline(true);
  await expect(page.getByText("You are offline.")).toBeVisible();
  await app.openTab("Pickups");
  await page.getByRole("link", { name: reservation.code }).click();
  expect(await app.passCode()).toBe(reservation.code);
  await expect(page.getByText(/Not reachable just now/)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("You are offline.")).toBeHidden();
});
