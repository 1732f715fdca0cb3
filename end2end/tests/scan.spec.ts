// Barcodes: as numbers, as links and before the camera.

import { join } from "node:path";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";

/** A product and its barcode. */
const TENT = { title: "Ridge 2 trekking tent", gtin: "2000026480372" };

test("the number below the bars is found where it is typed", async ({ page }) => {
  const app = new App(page);
  await app.open();
  await app.search.fill(TENT.gtin);
  await expect(app.product(TENT.title)).toBeVisible();
});

test("a link with a barcode opens the product at the shop that it names, and one step back leads past it", async ({ page }) => {
  const app = new App(page);
  await app.open("/stores");
  await page.goto(`/01/${TENT.gtin}?store=lyo-part-dieu`);
  await expect(page).toHaveURL(/\/p\/RI-T2-EMB$/);
  await expect(page.getByRole("heading", { name: TENT.title })).toBeVisible();
  await expect(app.actions).toContainText("Reserve at Part-Dieu");
  await page.goBack();
  await expect(page).toHaveURL(/\/stores$/);
  await page.goto(`/01/${TENT.gtin}/22/2A/10/LOT%2F7/21/12345?17=271231`);
  await expect(page).toHaveURL(/\/p\/RI-T2-EMB$/);
});

test("a link with a wrong digit says so, and leads to where it can be mended", async ({ page, noBarriers }) => {
  await page.goto("/01/2000026480373");
  const said = page.getByRole("alert");
  await expect(said).toContainText("One digit of this number is wrong");
  await noBarriers();
  await said.getByRole("link", { name: "Search for this number" }).click();
  await expect(new App(page).search).toHaveValue("2000026480373");
  await page.goto("/01/12345");
  await expect(said).toContainText("A barcode has 8, 12, 13 or 14 digits");
  await page.goto("/01/4006381333931");
  await expect(said).toContainText("We do not have this product");
});

test("where there is no camera the number can be typed, and a wrong one says why", async ({ page, noBarriers }) => {
  const app = new App(page);
  await app.open();
  const sheet = await app.openScanner();
  await expect(sheet).toContainText("There is no camera here that this page may use.");
  await noBarriers();
  await sheet.getByLabel("Number below the bars").fill("2000026480373");
  await sheet.getByRole("button", { name: "Find it" }).click();
  await expect(sheet.getByRole("alert")).toContainText("One digit of this number is wrong");
  await sheet.getByLabel("Number below the bars").fill(TENT.gtin);
  await sheet.getByLabel("Number below the bars").press("Enter");
  await expect(page.getByRole("heading", { name: TENT.title })).toBeVisible();
});

test.describe("switched off", () => {
  test.use({ serve: ["--settings", join(__dirname, "../themes/no_screens.json")] });

  test("there is no button, and the screen of a shop leads nowhere", async ({ page }) => {
    const app = new App(page);
    await app.open();
    await expect(app.search).toBeVisible();
    await expect(page.getByRole("button", { name: "Scan a barcode" })).toHaveCount(0);
    await page.goto("/kiosk/lyo-part-dieu");
    await expect(page.getByText("This page does not exist")).toBeVisible();
  });
});
