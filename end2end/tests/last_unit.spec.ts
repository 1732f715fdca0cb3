// Two people want the last one.

import { expect, test } from "../fixtures";
import { App } from "../pages/app";

test("the last unit is taken by somebody else in between: another shop in one tap", async ({ page, shop }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await page.goto("/reserve?sku=BO-075-GLA&store=lyo-part-dieu");
  await app.fillContact("Grace Hopper", "grace@example.org");
  await expect(page.getByText("1 left")).toBeVisible();

  await shop.reserve("lyo-part-dieu", "BO-075-GLA");
  await expect(page.getByText("Sold out")).toBeVisible();
  await app.reserveButton.click();

  const refusal = page.getByRole("alert");
  await expect(refusal).toContainText("Somebody was quicker");
  // What was typed is still there, and the way on is one tap.
  await expect(page.getByLabel("Name")).toHaveValue("Grace Hopper");
  await refusal.getByRole("button", { name: /Reserve at Lyon Bellecour/ }).click();
  await app.passCode();
  await expect(page.getByRole("region", { name: "The shop" })).toContainText("Lyon Bellecour");
});
