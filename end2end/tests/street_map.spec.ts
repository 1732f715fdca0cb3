// The street map over real tiles: only after a tap, only from the retailer's own server, and never in the way of the drawn one.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";
import { Shop } from "../shop";

// Headless, WebGL is drawn by the processor.
test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const args = (launchOptions.args ?? []).filter((option) => option !== "--disable-gpu");
    await use({ ...launchOptions, args: [...args, "--use-angle=swiftshader", "--enable-unsafe-swiftshader"] });
  },
});
test.setTimeout(60_000);

let folder: string;
let shop: Shop | undefined;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearshelf-maps-"));
});

test.afterEach(async () => {
  await shop?.close();
  shop = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A shop whose retailer serves these tiles. */
async function openWith(page: Page, tiles: string): Promise<App> {
  test.skip(!process.env.NEARSHELF_MAPS, "there are no map tiles on this machine");
  const settings = join(folder, "settings.json");
  await writeFile(settings, JSON.stringify({ map: { pmtiles_url: `/maps/${tiles}`, attribution: "© OpenStreetMap contributors" } }));
  shop = await Shop.open("demo", ["--maps", process.env.NEARSHELF_MAPS!, "--settings", settings]);
  await page.goto(shop.url);
  return new App(page);
}

async function openMap(page: Page, place: string): Promise<void> {
  const app = new App(page);
  await app.choosePlaceByName(place, place);
  await app.openTab("Stores");
  await page.getByRole("navigation", { name: "List or map" }).getByRole("link", { name: "Map" }).click();
}

/** How many colours the map has on the screen: an empty one has a handful, its marks and its buttons. */
async function colours(page: Page): Promise<number> {
  const picture = (await page.locator("nearshelf-street-map").screenshot()).toString("base64");
  return await page.evaluate(async (picture) => {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const seen = new Set<number>();
    for (let at = 0; at < data.length; at += 4) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    return seen.size;
  }, picture);
}

test("streets of Firenze, with its shops as buttons, from nobody else's server", async ({ page, noBarriers }) => {
  const elsewhere: string[] = [];
  const program: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (shop && url.protocol.startsWith("http") && url.origin !== shop.url) elsewhere.push(request.url());
    if (url.pathname.startsWith("/street-map/") || url.pathname.startsWith("/maps/")) program.push(url.pathname);
  });
  await openWith(page, "firenze.pmtiles");
  await openMap(page, "Firenze");
  await expect(page.getByRole("group", { name: "Map of the shops" })).toBeVisible();
  // Nothing of it is fetched before somebody wants it.
  expect(program).toEqual([]);
  await page.getByRole("button", { name: "Street map" }).click();
  await expect(page.locator("nearshelf-street-map[ready]")).toBeVisible({ timeout: 30_000 });
  expect((await page.locator("nearshelf-street-map").boundingBox())!.height).toBeGreaterThan(250);
  const map = page.getByRole("group", { name: "Street map of the shops" });
  const duomo = map.getByRole("button", { name: /^1, Firenze Duomo/ });
  await expect(duomo).toBeVisible();
  await expect(map.getByText("© OpenStreetMap contributors")).toBeVisible();
  await expect.poll(() => colours(page), { timeout: 20_000 }).toBeGreaterThan(300);
  // By keyboard as by touch, and in step with what stands below.
  const second = map.getByRole("button", { name: /^2, Firenze Campo di Marte/ });
  await second.focus();
  await page.keyboard.press("Enter");
  await expect(second).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("region", { name: "Map" }).getByRole("link", { name: "Firenze Campo di Marte" })).toBeVisible();
  await noBarriers();
  expect(elsewhere).toEqual([]);
  await page.getByRole("button", { name: "Drawn map" }).click();
  await expect(page.getByRole("group", { name: "Map of the shops" })).toBeVisible();
});

test("tiles of the other kind are drawn too", async ({ page }) => {
  await openWith(page, "monaco.pmtiles");
  await openMap(page, "Firenze");
  await page.getByRole("button", { name: "Street map" }).click();
  await expect(page.locator("nearshelf-street-map[ready]")).toBeVisible({ timeout: 30_000 });
});

for (const [what, tiles] of [
  ["missing", "nowhere.pmtiles"],
  ["no tiles at all", "README.pmtiles"],
] as const) {
  test(`where the tiles are ${what} the drawn map stays and says so`, async ({ page }) => {
    await openWith(page, tiles);
    if (tiles === "README.pmtiles") await page.route("**/maps/**", (route) => route.fulfill({ status: 200, body: "not tiles" }));
    await openMap(page, "Firenze");
    await page.getByRole("button", { name: "Street map" }).click();
    await expect(page.getByRole("alert")).toContainText("The street map cannot be shown just now", { timeout: 20_000 });
    await expect(page.getByRole("group", { name: "Map of the shops" })).toBeVisible();
  });
}

test("without tiles there is no such button, and nothing is asked for to know", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => void (request.url().includes("/v1/settings") && asked.push(request.url())));
  const app = new App(page);
  await app.open("/stores?view=map");
  await expect(page.getByRole("group", { name: "Map of the shops" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Street map" })).toHaveCount(0);
  expect(asked).toEqual([]);
});
