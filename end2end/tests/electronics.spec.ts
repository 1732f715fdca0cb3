// The main journey on the feeds of a real chain: 1,565 shops, 1,033 products, 728,217 shelves.

import { expect, test } from "../fixtures";
import { App } from "../pages/app";

test.use({ catalogue: "electronics", locale: "en-US", timezoneId: "America/Chicago" });

test("a shopper in Minneapolis finds batteries and has them put aside", async ({ page, place, shop }) => {
  const app = new App(page);
  await place.is(44.98, -93.27);
  await app.open();
  await app.useMyLocation();
  await expect(page.getByRole("button", { name: / mi/ })).toBeVisible();
  await app.search.fill("duracell aa batteries");
  await expect(app.product("Duracell - AA").first()).toBeVisible();
  await app.product("Duracell - AA").first().click();
  await expect(page.getByText(/^live/)).toBeVisible();
  // At ten in London it is four in the morning in Minneapolis: closed, whatever the phone of the viewer says.
  const radios = page.getByRole("radiogroup").locator("label");
  const offered = radios.filter({ has: page.getByRole("radio", { checked: true }) });
  await expect(offered).toContainText("Closed");
  await app.reserveLink.click();
  await app.fillContact();
  await app.reserveButton.click();
  const code = await app.passCode();
  // Ready an hour after the door opens, by the shop's clock.
  await expect(page.getByText(/Ready by/)).toContainText(/1[01]:00 AM|11:00 AM/);
  await page.reload();
  expect(await app.passCode()).toBe(code);
  await page.getByRole("button", { name: "Cancel this pickup" }).click();
  await page.getByRole("button", { name: "Yes, give it back" }).click();
  await expect(page.getByText("Nothing is held for you any more.")).toBeVisible();
  expect(shop.log).not.toContain("ERROR");
});
