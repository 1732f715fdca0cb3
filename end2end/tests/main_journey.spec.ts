// A shopper searches, sees which shop nearby has it, puts one aside, gets a pass, and gives it back.

import { expect, test } from "../fixtures";
import { App } from "../pages/app";

const PART_DIEU = [45.761, 4.845] as const;

test("from the first tap to the pickup pass and back @desktop", async ({ page, place, shop }) => {
  const app = new App(page);
  await place.is(...PART_DIEU);
  await app.open();
  await expect(page.getByText("See what is on the shelf near you")).toBeVisible();

  await app.useMyLocation();
  await expect(page.getByRole("button", { name: /Lyon Part-Dieu.*Open until 19:30/ })).toBeVisible();

  // Typed with a slip, answered all the same, and it says so.
  await app.search.fill("boreel bot");
  await expect(page.getByRole("status").filter({ hasText: "boreal" })).toContainText("nothing is called “boreel bot”");
  await app.product("Boreal insulated bottle").click();

  await page.getByRole("link", { name: "Glacier" }).click();
  await expect(app.offer("Lyon Part-Dieu")).toContainText("1 left");
  await expect(app.offer("Lyon Bellecour")).toContainText("14 in stock");
  await expect(app.offer("Villeurbanne")).toContainText("Sold out");
  await expect(app.offer("Villeurbanne").getByRole("radio")).toBeDisabled();
  await expect(page.getByText(/^live/)).toBeVisible();

  await expect(app.reserveLink).toHaveText("Reserve at Part-Dieu · free, 48 h");
  await app.reserveLink.click();
  await expect(page.getByText("17 rue du Docteur Bouchut")).toBeVisible();

  // Nothing is sent before it is complete, and it says what is missing.
  await app.reserveButton.click();
  await expect(page.getByText("Please give a name for the desk.")).toBeVisible();
  await expect(page.getByLabel("Name")).toBeFocused();
  await app.fillContact();
  await app.reserveButton.click();

  const code = await app.passCode();
  await expect(page.getByText("Fri 20 Nov, 12:00")).toBeVisible();
  await app.openTab("Pickups");
  await page.getByRole("link", { name: code }).click();
  await expect(page.getByText(code)).toBeVisible();

  // The unit is gone for everybody else, until it is given back.
  await page.goto("/p/BO-075-GLA");
  await expect(app.offer("Lyon Bellecour")).toContainText("14 in stock");
  await expect(page.getByRole("radiogroup")).not.toContainText("1 left");
  await page.goto("/pickups");
  await page.getByRole("link", { name: code }).click();
  await page.getByRole("button", { name: "Cancel this pickup" }).click();
  await page.getByRole("button", { name: "Yes, give it back" }).click();
  await expect(page.getByText("Nothing is held for you any more.")).toBeVisible();
  const again = await shop.reserve("lyo-part-dieu", "BO-075-GLA");
  expect(again.code).not.toBe(code);
});

test("a pass opens from its link on another device, and a stranger sees nothing", async ({ page, shop }) => {
  const app = new App(page);
  const reservation = await shop.reserve("lyo-bellecour", "BO-075-GLA");
  await page.goto(`/pickups/${reservation.id}`);
  await expect(page.getByText("This pickup is not on this device")).toBeVisible();
  await page.goto("/");
  await page.goto(reservation.pass_url);
  expect(await app.passCode()).toBe(reservation.code);
  // The secret does not stay in the address.
  await expect(page).toHaveURL(new RegExp(`/pickups/${reservation.id}$`));
});

test("the same reservation sent twice by a bad network is one reservation", async ({ page, shop }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  // The server does it, and the answer is lost on its way.
  let sent = 0;
  await page.route("**/v1/reservations", async (route) => {
    sent += 1;
    if (sent > 1) return route.continue();
    await route.fetch();
    return route.abort("connectionreset");
  });
  await page.goto("/reserve?sku=BO-075-GLA&store=lyo-part-dieu");
  await app.fillContact();
  await app.reserveButton.click();
  await expect(page.getByText("it will not be reserved twice")).toBeVisible();
  // A reload in between changes nothing: the key was kept before anything was sent.
  await page.reload();
  await app.fillContact();
  await app.reserveButton.click();
  await app.passCode();
  expect(sent).toBe(2);
  // There was one unit, so a second reservation would have been refused; and none is left now.
  await expect(shop.reserve("lyo-part-dieu", "BO-075-GLA")).rejects.toThrow(/409/);
});
