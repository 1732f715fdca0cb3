// Postcodes and towns, and the shops around them, on the device alone.

import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";

/** Both files are on the device: from here on no server is needed. */
async function areKept(page: Page): Promise<void> {
  await expect(page.locator("html[data-shops=ready][data-places=ready]")).toBeAttached({ timeout: 20_000 });
}

test.describe("four countries", () => {
  test.use({ gazetteers: ["FR", "IT", "PL", "GB"] });

  test("postcodes of four countries are understood and lead to a shop with the network off @desktop", async ({ page, context, noBarriers }) => {
    const app = new App(page);
    await app.open();
    await areKept(page);
    await context.setOffline(true);
    for (const [typed, place, shop] of [
      ["F-69003", "69003 Lyon", /Lyon Part-Dieu/],
      ["50123", "50123 Firenze", /Firenze Duomo/],
      ["31-070", "31-070 Kraków", /Kraków Kazimierz/],
      ["EH1 1PB", "EH1 Edinburgh", /Edinburgh Old Town/],
    ] as const) {
      await page.locator(".store-chip").click();
      await app.sheet.getByRole("searchbox").fill(typed);
      await app.sheet.getByRole("button", { name: place }).first().click();
      await expect(page.getByRole("button", { name: shop })).toBeVisible();
    }
    // The list of shops too.
    await app.openTab("Stores");
    const rows = page.getByRole("region", { name: "Shops" }).getByRole("link", { name: /Edinburgh|Keswick|Manchester/ });
    await expect(rows.first()).toContainText("Edinburgh Old Town");
    await noBarriers();
  });

  test("what is not what was typed is said to be so, and of several somebody is asked which", async ({ page, noBarriers }) => {
    const app = new App(page);
    await app.open();
    await areKept(page);
    await app.choosePlace();
    const field = app.sheet.getByRole("searchbox");
    await field.fill("SW1Q 4AB");
    await expect(app.sheet.getByText("No exact match for “SW1Q 4AB”, showing SW1….")).toBeVisible();
    await field.fill("Manchaster");
    await expect(app.sheet.getByText("No exact match for “Manchaster”, showing Manchester.")).toBeVisible();
    await field.fill("Newport");
    await expect(app.sheet.getByText("There are several places of this name. Which one?")).toBeVisible();
    await expect(app.sheet.getByText("Postcodes and towns: GeoNames, CC BY 4.0")).toBeVisible();
    await noBarriers();
    await field.fill("xyzzyq");
    await expect(app.sheet.getByText("Nothing found for “xyzzyq”.")).toBeVisible();
  });
});

test("until the files are there, and where they are damaged, the server answers", async ({ page }) => {
  const app = new App(page);
  for (const files of ["**/v1/places/indexes/**", "**/v1/location-indexes/**"]) {
    await page.route(files, (route) => route.fulfill({ status: 200, body: "nearshops, but not really" }));
  }
  const damaged = page.waitForEvent("console", { predicate: (message) => message.text().startsWith("places:") });
  await app.open();
  await damaged;
  await app.choosePlaceByName("krako", "Kraków");
  await expect(page.getByRole("button", { name: /Kraków Kazimierz/ })).toBeVisible();
});

test("who saves data is sent neither file", async ({ page, context, browser, shop }) => {
  const app = new App(page);
  await context.addInitScript(() => {
    Object.defineProperty(navigator, "connection", { value: { saveData: true }, configurable: true });
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await app.open();
  await app.choosePlaceByName("krako", "Kraków");
  // Somebody who came later and has no such wish has them by now.
  const other = await browser.newPage();
  await other.goto(shop.url);
  await areKept(other);
  await other.close();
  expect(asked.filter((path) => /^\/(places\/|v1\/places\/indexes|v1\/location-index)/.test(path))).toEqual([]);
});

test.describe("a chain of 1,565 shops", () => {
  test.use({ catalogue: "electronics" });

  test("the nearest come first with the network off", async ({ page, place, context }) => {
    const app = new App(page);
    await place.is(44.8547, -93.2457);
    await app.open();
    await areKept(page);
    await context.setOffline(true);
    await app.useMyLocation();
    await app.openTab("Stores");
    const first = page.getByRole("region", { name: "Shops" }).getByRole("link").first();
    await expect(first).toContainText("Mall of America");
  });
});
