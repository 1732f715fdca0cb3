// Saying where one is, with and without the device.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
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

test("a device that does not find itself in time is no dead end", async ({ page, place, noBarriers }) => {
  const app = new App(page);
  await place.isNotFound();
  await app.open();
  await app.useMyLocation();
  // It is said that something goes on, and nothing has to be waited for.
  await expect(app.sheet.getByRole("status")).toContainText("choose a town or shop below");
  await expect(app.sheet.getByRole("alert")).toContainText("did not find its location in time", { timeout: 20_000 });
  await noBarriers();
  await place.is(45.761, 4.845);
  await app.sheet.getByRole("button", { name: "Use my location" }).click();
  await expect(page.getByRole("button", { name: /Lyon Part-Dieu/ })).toBeVisible();
});

test("a place chosen while the device is still asked is not overruled by its answer", async ({ page, place }) => {
  const app = new App(page);
  await place.isNotFound();
  await app.open();
  await app.useMyLocation();
  await app.choosePlaceByName("keswick", "Keswick");
  await place.is(45.761, 4.845);
  await expect(page.getByRole("button", { name: /Keswick/ })).toBeVisible();
  // The same device answers at once when it is asked again.
  await page.getByRole("button", { name: /Keswick/ }).click();
  await expect(app.sheet.getByRole("alert")).toHaveCount(0);
  await app.sheet.getByRole("button", { name: "Use my location" }).click();
  await expect(page.getByRole("button", { name: /Lyon Part-Dieu/ })).toBeVisible();
});

test("a device that cannot tell where it is says so", async ({ page, place, context }) => {
  const app = new App(page);
  await place.isNotFound();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setGeolocationOverride", {});
  await app.open();
  await app.useMyLocation();
  await expect(app.sheet.getByRole("alert")).toContainText("cannot tell where it is just now");
});

test("a position that is 50 km wrong is not taken for one", async ({ page, place, noBarriers }) => {
  const app = new App(page);
  await place.is(45.761, 4.845, 50_000);
  await app.open();
  await app.useMyLocation();
  await expect(app.sheet.getByRole("alert")).toContainText("only knows where it is to about 50 km");
  await noBarriers();
  await app.sheet.getByRole("button", { name: "Use that position anyway" }).click();
  await expect(page.getByRole("button", { name: /Lyon Part-Dieu/ })).toBeVisible();
});

test.describe("inside somebody else's page", () => {
  test.use({ serve: ["--embed-origin", "http://localhost:*"] });

  test("a page that does not let us ask is told from a shopper who said no", async ({ page, shop, context }) => {
    for (const [allow, words] of [
      ["", "The page around this one does not let it ask"],
      ["geolocation", ""],
    ]) {
      const host = createServer((_, answer) => {
        answer.setHeader("content-type", "text/html");
        answer.end(`<!doctype html><title>Landing</title><iframe src="${shop.url}" allow="${allow}" title="Shops" width="340" height="680"></iframe>`);
      }).listen(0, "localhost");
      await once(host, "listening");
      const outside = `http://localhost:${(host.address() as AddressInfo).port}`;
      for (const origin of [shop.url, outside]) await context.grantPermissions(["geolocation"], { origin });
      await context.setGeolocation({ latitude: 45.761, longitude: 4.845, accuracy: 20 });
      await page.goto(outside);
      const frame = page.frameLocator("iframe");
      await frame.getByRole("button", { name: /Choose (your shop|a place)/ }).first().click();
      await frame.getByRole("button", { name: "Use my location" }).click();
      if (words) {
        await expect(frame.getByRole("alert")).toContainText(words);
        await expect(frame.getByRole("link", { name: "Open in a tab of its own" })).toHaveAttribute("href", `${shop.url}/`);
        await frame.getByRole("searchbox").fill("69003");
        await frame.getByRole("dialog").getByRole("button", { name: /Part-Dieu/ }).click();
      }
      await expect(frame.getByRole("button", { name: /Lyon Part-Dieu/ })).toBeVisible();
      host.close();
    }
  });
});

test("nothing asks for the location before a tap, and what is sent is rounded", async ({ page, place }) => {
  const app = new App(page);
  await place.is(45.761234, 4.845678);
  // Without the file of all shops the server has to be asked which are near.
  await page.route("**/places/worker-*.js", (route) => route.abort());
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

test("once the shops are on the device no position leaves it", async ({ page, place }) => {
  const app = new App(page);
  await place.is(45.761234, 4.845678);
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  await app.open();
  await expect(page.locator("html[data-shops=ready]")).toBeAttached({ timeout: 20_000 });
  await app.useMyLocation();
  await expect(page.getByRole("button", { name: /Lyon Part-Dieu/ })).toContainText("800 m");
  expect(sent.filter((s) => s.includes("latitude"))).toEqual([]);
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

test("a shop's page says to machines what it says to people", async ({ page }) => {
  const app = new App(page);
  await app.open("/stores/lyo-part-dieu");
  await expect(page.getByRole("heading", { name: "Lyon Part-Dieu" })).toBeVisible();
  const description = page.locator("head script[type='application/ld+json']");
  const said = JSON.parse((await description.textContent())!);
  expect(said).toMatchObject({ "@type": "Store", name: "Lyon Part-Dieu", url: page.url() });
  expect(said.openingHoursSpecification.length).toBeGreaterThan(5);
  await page.getByRole("link", { name: "Shops", exact: true }).click();
  await expect(page).toHaveURL(/\/stores$/);
  await expect(description).toHaveCount(0);
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
