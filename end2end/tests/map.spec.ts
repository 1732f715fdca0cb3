// The drawn map of the shops: the list's equal, by touch, by keyboard and without a network.

import { expect, test } from "../fixtures";
import { App } from "../pages/app";

const PART_DIEU = [45.761, 4.845] as const;

test("the map is walked and a shop opened with the keyboard alone", async ({ page, place, noBarriers }) => {
  const app = new App(page);
  await place.is(...PART_DIEU);
  await app.open();
  await app.useMyLocation();
  await app.openTab("Stores");
  await page.getByRole("navigation", { name: "List or map" }).getByRole("link", { name: "Map" }).press("Enter");
  await expect(page).toHaveURL(/\/stores\?view=map$/);
  const map = page.getByRole("group", { name: "Map of the shops" });
  await expect(map.getByRole("button", { name: /^1, Lyon Part-Dieu, 850 m east, Open until/ })).toBeVisible();
  await noBarriers();

  // One stop for the whole map; inside it arrows go from shop to shop.
  await page.getByRole("navigation", { name: "List or map" }).getByRole("link", { name: "Map" }).focus();
  await page.keyboard.press("Tab");
  await expect(map.getByRole("button", { name: /^1, Lyon Part-Dieu/ })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  const bellecour = map.getByRole("button", { name: /Lyon Bellecour/ });
  await expect(bellecour).toBeFocused();
  await expect(bellecour).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("status").filter({ hasText: "Lyon Bellecour" })).toContainText("south-west");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Closer" })).toBeFocused();
  await page.getByRole("region", { name: "Map" }).getByRole("link", { name: "Lyon Bellecour" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Lyon Bellecour" })).toBeVisible();
});

test("shops that would overlap are one mark until one looks closer", async ({ page, place }) => {
  const app = new App(page);
  await place.is(...PART_DIEU);
  await app.open();
  await app.useMyLocation();
  await expect(page.getByRole("button", { name: /Lyon Part-Dieu/ })).toBeVisible();
  await app.openTab("Stores");
  await page.getByRole("navigation", { name: "List or map" }).getByRole("link", { name: "Map" }).click();
  const map = page.getByRole("group", { name: "Map of the shops" });
  const single = map.getByRole("button", { name: /^1, Lyon Part-Dieu/ });
  await expect(single).toBeVisible();
  for (let n = 0; n < 3; n++) await page.getByRole("button", { name: "Farther" }).click();
  const cluster = map.getByRole("button", { name: /^\d+ shops, the first is 1, Lyon Part-Dieu/ });
  await expect(cluster).toBeVisible();
  await expect(single).toHaveCount(0);
  while (await cluster.count()) await cluster.click();
  await expect(single).toBeVisible();
});

test("list and map stand side by side and point at each other @desktop-only @desktop", async ({ page, place, noBarriers }) => {
  const app = new App(page);
  await place.is(...PART_DIEU);
  await app.open();
  await app.useMyLocation();
  await app.openTab("Stores");
  const map = page.getByRole("group", { name: "Map of the shops" });
  const row = page.getByRole("region", { name: "Shops" }).getByRole("link", { name: /Lyon Bellecour/ });
  await row.hover();
  await expect(map.getByRole("button", { name: /Lyon Bellecour/ })).toHaveAttribute("aria-pressed", "true");
  await map.getByRole("button", { name: /Villeurbanne/ }).click();
  await expect(page.locator(".store-row--pointed")).toContainText("Villeurbanne");
  await noBarriers();
});

test("filters narrow list and map together, live in the address, and an empty list names the way back", async ({ page, place, noBarriers }) => {
  const app = new App(page);
  await place.is(...PART_DIEU);
  await app.open();
  await app.useMyLocation();
  await app.openTab("Stores");
  const rows = page.getByRole("region", { name: "Shops" }).getByRole("link");
  await expect(rows.first()).toContainText("Lyon Part-Dieu");
  await page.getByRole("navigation", { name: "Filters" }).getByRole("link", { name: "Ski rental" }).click();
  await expect(page).toHaveURL(/service=ski-rental/);
  await expect(page.locator(".store-row__line", { hasText: "Ski rental" }).first()).toBeVisible();
  await expect(rows.first()).not.toContainText("Lyon Part-Dieu");
  // In the middle of the night no shop is open; whose hours are not known is not shown either.
  await page.getByLabel("Open at").fill("2026-11-21T03:30");
  await expect(page).toHaveURL(/open=2026-11-21T03(:|%3A)30/);
  await expect(page.getByRole("heading", { name: "No shop is open then, with the service that you chose" })).toBeVisible();
  await noBarriers();
  await page.getByRole("link", { name: "See all shops" }).click();
  await expect(rows.first()).toContainText("Lyon Part-Dieu");
  await page.getByLabel("Open at").fill("2026-11-21T11:00");
  await expect(rows.first()).toContainText("Lyon Part-Dieu");
  await page.getByRole("navigation", { name: "List or map" }).getByRole("link", { name: "Map" }).click();
  await expect(page).toHaveURL(/view=map/);
  await expect(page).toHaveURL(/open=2026-11-21T11/);
});

test.describe("a chain of 1,565 shops", () => {
  test.use({ catalogue: "electronics" });

  test("distances are in miles where the roads are", async ({ page, place }) => {
    const app = new App(page);
    await place.is(44.8547, -93.2457);
    await app.open();
    await app.useMyLocation();
    await app.openTab("Stores");
    // The list goes on at a tap, and says when it is better to name a place.
    const rows = page.getByRole("region", { name: "Shops" }).getByRole("link");
    await expect(rows).toHaveCount(40);
    await page.getByRole("button", { name: "Show more" }).click();
    await expect(rows).toHaveCount(80);
    await page.getByRole("button", { name: "Show more" }).click();
    await expect(rows).toHaveCount(100);
    await expect(page.getByText("And 1,465 more. Name a town or postcode to see those near it.")).toBeVisible();
    await page.getByRole("navigation", { name: "List or map" }).getByRole("link", { name: "Map" }).click();
    await expect(page.locator(".map__length").first()).toContainText("mi");
    await expect(page.getByRole("group", { name: "Map of the shops" }).getByRole("button", { name: /Mall of America/ })).toBeVisible();
  });
});
