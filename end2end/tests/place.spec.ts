// Saying where one is, with and without the device.

import { expect, test } from "../fixtures";
import { App } from "../pages/app";

test("a refused location is no dead end", async ({ page, place }) => {
  const app = new App(page);
  await place.isSecret();
  await app.open();
  await app.useMyLocation();
  await expect(app.sheet.getByRole("alert")).toContainText("type a town or postcode");
  await expect(app.sheet.getByRole("button", { name: "Use my location" })).toBeEnabled();
  await app.choosePlaceByName("krakow", "Kraków");
  await expect(page.getByRole("button", { name: /Kraków/ })).toBeVisible();
});

test("nothing asks for the location before a tap, and what is sent is rounded", async ({ page, place }) => {
  const app = new App(page);
  await place.is(45.761234, 4.845678);
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  await app.open();
  await expect(app.product("Bearing compass")).toBeVisible();
  expect(sent.filter((s) => s.includes("latitude"))).toEqual([]);
  await app.useMyLocation();
  await expect(page.getByRole("button", { name: /Lyon Part-Dieu/ })).toBeVisible();
  const located = sent.filter((s) => s.includes("latitude"));
  expect(located.length).toBeGreaterThan(0);
  for (const request of located) {
    expect(request).toContain("45.76");
    expect(request).not.toContain("45.761");
    expect(request).not.toContain("4.8456");
  }
  // It is not kept on the device either: the next visit begins with the shop.
  await page.reload();
  await expect(page.getByRole("button", { name: /Lyon Part-Dieu/ })).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("45.761");
});

test("the chosen shop stays after a reload", async ({ page }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("keswick", "Keswick");
  await page.reload();
  await expect(page.getByRole("button", { name: /Keswick/ })).toBeVisible();
});

test("shops are nearest first, and open or closed by their own clock @desktop", async ({ page }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await app.openTab("Stores");
  const names = page.getByRole("region", { name: "Shops" }).getByRole("link");
  await expect(names.nth(0)).toContainText("Lyon Part-Dieu");
  await expect(names.nth(1)).toContainText("Villeurbanne");
  await expect(names.nth(2)).toContainText("Lyon Bellecour");
  // Filters live in the address: the same link is the same screen.
  await page.getByRole("link", { name: "Open now" }).click();
  await expect(page).toHaveURL(/\/stores\?open=1$/);
  await page.reload();
  await expect(page.getByRole("link", { name: "Open now" })).toHaveAttribute("aria-current", "true");
  await expect(names.nth(0)).toContainText("Open until");
});

test("a shop page shows its week, its exceptions and its shelf", async ({ page }) => {
  const app = new App(page);
  await app.open("/stores/lyo-part-dieu");
  await expect(page.getByRole("heading", { name: "Lyon Part-Dieu" })).toBeVisible();
  const week = page.getByRole("region", { name: "Opening hours" });
  await expect(week.getByRole("row", { name: /Friday/ })).toHaveAttribute("aria-current", "date");
  await expect(week.getByRole("row", { name: /Fri,? 25 Dec/ })).toContainText("Closed");
  const shelf = page.getByRole("region", { name: "On the shelf here" });
  await shelf.getByRole("searchbox").fill("glacier bottle");
  await expect(shelf.getByRole("link", { name: /Boreal insulated bottle/ })).toContainText("1 left");
  await page.getByRole("button", { name: "Make this my shop" }).click();
  await expect(page.getByRole("button", { name: "Your shop" })).toHaveAttribute("aria-pressed", "true");
});
