// When and how it changes hands, where the shop leaves a choice.

import { randomUUID } from "node:crypto";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";
import type { Shop } from "../shop";

const DESK = "/reserve?sku=BO-075-COA&store=lyo-part-dieu";

/** Somebody else comes at that time. */
async function takeWindow(shop: Shop, startsAt: string): Promise<void> {
  const answer = await fetch(`${shop.url}/v1/reservations`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
    body: JSON.stringify({
      location_id: "lyo-part-dieu",
      method: "in_store",
      items: [{ sku: "BO-075-COA", quantity: 1 }],
      pickup_window: startsAt,
      contact: { name: "Another shopper", email: "another@shopper.example" },
    }),
  });
  expect(answer.status).toBe(201);
}

test("a time is agreed, and stands on the pass", async ({ page, shop, noBarriers }) => {
  await shop.agreesOnTimes("lyo-part-dieu", 30, 4);
  const app = new App(page);
  await app.open(DESK);
  const when = page.getByLabel("When you come");
  await expect(when.locator("option").first()).toHaveText("Any time when the shop is open");
  await noBarriers();
  await when.selectOption({ index: 2 });
  await app.fillContact();
  const sent = page.waitForRequest("**/v1/reservations");
  await app.reserveButton.click();
  expect((await sent).postDataJSON()).toMatchObject({ pickup_window: "2026-11-20T11:30:00Z" });
  await app.passCode();
  await expect(page.getByText(/^Come Fri,? 20 Nov, 12:30–13:00$/)).toBeVisible();
});

test("a time that filled up meanwhile is refused, and the next ones are a tap away", async ({ page, shop, noBarriers }) => {
  await shop.agreesOnTimes("lyo-part-dieu", 30, 1);
  const app = new App(page);
  await app.open(DESK);
  await page.getByLabel("When you come").selectOption({ index: 1 });
  await app.fillContact("Grace Hopper", "grace@shopper.example");
  await takeWindow(shop, "2026-11-20T11:00:00Z");
  await app.reserveButton.click();
  const refusal = page.getByRole("alert");
  await expect(refusal).toContainText("That time is full now");
  await noBarriers();
  await expect(page.getByLabel("When you come").locator("option").nth(1)).toHaveText(/· full$/);
  await refusal.getByRole("button", { name: /^Come Fri,? 20 Nov, 12:30–13:00$/ }).click();
  await app.passCode();
  await expect(page.getByText(/^Come Fri,? 20 Nov, 12:30–13:00$/)).toBeVisible();
});

test("a shop without times asks for none", async ({ page }) => {
  const app = new App(page);
  await app.open(DESK);
  await expect(page.getByText("17 rue du Docteur Bouchut")).toBeVisible();
  await expect(page.getByLabel("When you come")).toHaveCount(0);
});

test("it is brought to the car, and somebody else collects it", async ({ page }) => {
  const app = new App(page);
  await app.open(DESK);
  await page.getByLabel("Brought to your car").check();
  await page.getByLabel("Somebody else collects it").check();
  await app.fillContact();
  await app.reserveButton.click();
  await expect(page.getByText("Please give a name for the desk.")).toBeVisible();
  await page.getByLabel("Who comes for it").fill("Grace Hopper");
  await app.reserveButton.click();
  await app.passCode();
  await expect(page.getByText("To be collected by Grace Hopper")).toBeVisible();
  await expect(page.getByText("Show this when it is brought to your car")).toBeVisible();
});

test("no more than the shop has can be asked for, and it says so", async ({ page, shop }) => {
  await shop.count("lyo-part-dieu", "BO-075-COA", 2);
  const app = new App(page);
  await app.open(DESK);
  await page.getByRole("button", { name: "One more" }).click();
  await expect(page.getByText("That is all that this shop has now: 2.")).toBeVisible();
  await expect(page.getByRole("button", { name: "One more" })).toBeDisabled();
});

test("the basket says what changed since a line was put in, as it happens", async ({ page, place, shop }) => {
  const app = new App(page);
  await place.is(45.761, 4.845);
  await app.open("/p/BO-075-COA");
  await app.useMyLocation();
  await expect(app.offer("Lyon Part-Dieu")).toContainText(/left|in stock/);
  await page.getByRole("button", { name: "Add to basket" }).click();
  await page.getByRole("link", { name: "In your basket" }).click();
  await expect(page.getByText(/^It is at Part-Dieu/)).toBeVisible();
  await expect(page.getByText("since you put it in")).toHaveCount(0);
  await shop.count("lyo-part-dieu", "BO-075-COA", 0);
  await expect(page.getByText("Sold out at Part-Dieu since you put it in.")).toBeVisible();
  await expect(page.getByText(/^It is at Part-Dieu/)).toHaveCount(0);
});
