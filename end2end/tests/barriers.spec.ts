// What a machine can find of barriers, on each screen, in light and dark.

import { expect, test } from "../fixtures";
import { App } from "../pages/app";

for (const scheme of ["light", "dark"] as const) {
  test(`no screen has a barrier that a machine can find (${scheme}) @desktop`, async ({ page, shop, noBarriers }) => {
    test.setTimeout(90_000);
    await page.emulateMedia({ colorScheme: scheme });
    const app = new App(page);
    await app.open();
    await expect(app.product("Bearing compass")).toBeVisible();
    await noBarriers();
    await app.choosePlace();
    await app.sheet.getByRole("searchbox").fill("ly");
    await expect(app.sheet.getByRole("button", { name: /Lyon/ }).first()).toBeVisible();
    await noBarriers();
    await app.choosePlaceByName("69003", "Lyon Part-Dieu");
    await expect(page.getByText("live", { exact: true })).toBeVisible();
    await noBarriers();
    const visit = async (path: string, shown: string | RegExp) => {
      await page.goto(path);
      await expect(page.getByText(shown).first()).toBeVisible();
      await noBarriers();
    };
    await visit("/search?q=boreel%20bot", "nothing is called");
    await visit("/search?q=xyzzyplugh", "Nothing found");
    await visit("/p/BO-075-GLA", "1 left");
    await visit("/p/NO-SUCH-THING", "There is nothing here");
    await visit("/stores", "Lyon Bellecour");
    await visit("/stores/lyo-part-dieu", "Different on");
    await visit("/reserve?sku=BO-075-GLA&store=lyo-part-dieu", "Who collects it?");
    await app.reserveButton.click();
    await expect(page.getByText("Please give a name for the desk.")).toBeVisible();
    await noBarriers();
    await visit("/pickups", "Nothing put aside yet");
    const reservation = await shop.reserve("lyo-bellecour", "BO-075-GLA");
    await visit(reservation.pass_url, reservation.code);
    await visit("/nowhere", "This page does not exist");
  });
}

test("the whole journey works from the keyboard @desktop-only @desktop", async ({ page }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await page.goto("/p/BO-075-GLA");
  await expect(app.reserveLink).toBeVisible();
  await app.offer("Lyon Part-Dieu").getByRole("radio").focus();
  await page.keyboard.press("ArrowDown");
  await expect(app.reserveLink).toHaveText(/Bellecour/);
  await app.reserveLink.focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Name").focus();
  await page.keyboard.type("Ada Lovelace");
  await page.keyboard.press("Tab");
  await page.keyboard.type("ada@example.org");
  await page.keyboard.press("Enter");
  await app.passCode();
});
