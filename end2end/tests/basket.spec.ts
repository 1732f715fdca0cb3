// The whole basket: which shop has all of it, what to do where none has, and what stays.

import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";

const PART_DIEU = [45.761, 4.845] as const;

async function fill(app: App, page: Page, skus: string[]): Promise<void> {
  await app.open(`/p/${skus[0]}`);
  await app.useMyLocation();
  await expect(app.sheet).toBeHidden();
  for (const sku of skus) {
    if (sku !== skus[0]) await app.open(`/p/${sku}`);
    await page.getByRole("button", { name: "Add to basket" }).click();
    await expect(page.getByRole("link", { name: "In your basket" })).toBeVisible();
  }
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Basket/ }).or(page.getByRole("link", { name: "In your basket" })).first().click();
}

test("one shop has all of it: reserved together, and out of the basket @desktop", async ({ page, place, noBarriers }) => {
  const app = new App(page);
  await place.is(...PART_DIEU);
  await fill(app, page, ["BO-075-COA", "BO-040-FRN"]);
  await expect(page.getByText(/^All 2 at Part-Dieu, ready /)).toBeVisible();
  await noBarriers();
  // It survives a reload.
  await page.reload();
  const lines = page.getByRole("list", { name: "What you want" });
  await expect(lines.getByRole("listitem")).toHaveCount(2);
  await lines.getByRole("listitem").first().getByRole("button", { name: "One more" }).click();
  await page.getByRole("link", { name: /^Lyon Part-Dieu All 2/ }).click();
  await expect(page.getByRole("region", { name: "What you reserve" })).toContainText("2 × Boreal insulated bottle");
  await noBarriers();
  await app.fillContact();
  await app.reserveButton.click();
  await app.passCode();
  await expect(page.getByText("Boreal insulated bottle").first()).toBeVisible();
  await expect(page.getByText("Boreal kids bottle").first()).toBeVisible();
  await page.goto("/basket");
  await expect(page.getByRole("heading", { name: "Nothing in it yet" })).toBeVisible();
});

test("where the nearest lacks one both ways are named, and what is not reserved stays", async ({ page, place, shop }) => {
  const app = new App(page);
  await place.is(...PART_DIEU);
  await shop.count("lyo-part-dieu", "BO-040-FRN", 0);
  await shop.count("lyo-bellecour", "BO-040-FRN", 5);
  await shop.count("lyo-bellecour", "BO-075-COA", 0);
  await shop.count("lyo-villeurbanne", "BO-075-COA", 0);
  await fill(app, page, ["BO-075-COA", "BO-040-FRN"]);
  await expect(page.getByText(/^1 of 2 at Part-Dieu\./)).toBeVisible();
  await expect(page.getByText(/^Or in two: 1 at Part-Dieu and the other 1 at /)).toBeVisible();
  const near = page.getByRole("link", { name: /^Lyon Part-Dieu 1 of 2 · without Boreal kids bottle/ });
  await near.click();
  await expect(page.getByText(/^Not here, and stays in your basket: Boreal kids bottle/)).toBeVisible();
  await app.fillContact();
  await app.reserveButton.click();
  await app.passCode();
  await page.goto("/basket");
  await expect(page.getByRole("list", { name: "What you want" }).getByRole("listitem")).toHaveCount(1);
});

test("more than a shop has is not all of it", async ({ page, place, shop }) => {
  const app = new App(page);
  await place.is(...PART_DIEU);
  await shop.count("lyo-part-dieu", "BO-040-FRN", 1);
  await fill(app, page, ["BO-075-COA", "BO-040-FRN"]);
  await expect(page.getByText(/^All 2 at Part-Dieu/)).toBeVisible();
  const kids = page.getByRole("list", { name: "What you want" }).getByRole("listitem").filter({ hasText: "kids" });
  await kids.getByRole("button", { name: "One more" }).click();
  await expect(page.getByRole("link", { name: /^Lyon Part-Dieu 1 of 2/ })).toBeVisible();
  await kids.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByText(/^It is at Part-Dieu/)).toBeVisible();
});

test("somebody was quicker: nothing is reserved, and what is left is offered", async ({ page, place, shop }) => {
  const app = new App(page);
  await place.is(...PART_DIEU);
  await shop.count("lyo-part-dieu", "BO-040-FRN", 1);
  await fill(app, page, ["BO-075-COA", "BO-040-FRN"]);
  await page.getByRole("link", { name: /^Lyon Part-Dieu All 2/ }).click();
  await app.fillContact();
  await shop.sell("lyo-part-dieu", "BO-040-FRN");
  await app.reserveButton.click();
  await expect(page.getByRole("heading", { name: "Somebody was quicker" })).toBeVisible();
  await page.getByRole("button", { name: "What is left here" }).click();
  await expect(page.getByText(/^Not here, and stays in your basket: Boreal kids bottle/)).toBeVisible();
});

test("without a network the basket is there, with the age of what was known", async ({ page, place, context }) => {
  const app = new App(page);
  await place.is(...PART_DIEU);
  await fill(app, page, ["BO-075-COA", "BO-040-FRN"]);
  await expect(page.getByText(/^All 2 at Part-Dieu/)).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("You are offline")).toBeVisible();
  await expect(page.getByText(/^As of /)).toBeVisible();
  await expect(page.getByRole("list", { name: "What you want" }).getByRole("listitem")).toHaveCount(2);
});
