// Another retailer, with one file of settings: everything follows it, and nothing of the brand that the app comes with is left.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";
import { Shop } from "../shop";

const SECOND = join(__dirname, "..", "themes", "second.json");
const NAME = "Marché des Deux Rives";
const BRAND = "rgb(176, 18, 111)";

/** What `style/tokens.css` derives from the brand that the app comes with, by day and by night. */
const FIRST_BRAND = {
  light: ["oklch(46% 0.115 155)", "oklch(40% 0.105 155)", "oklch(95% 0.03 155)", "oklch(93% 0.05 155)"],
  dark: ["oklch(80% 0.13 155)", "oklch(86% 0.12 155)", "oklch(29% 0.045 155)", "oklch(38% 0.07 155)"],
};

/** How many elements of the page wear one of these colours, on whatever part of them. */
async function wearing(page: Page, colours: readonly string[]): Promise<number> {
  return await page.evaluate((colours) => {
    const probe = document.createElement("i");
    document.body.append(probe);
    const asComputed = (colour: string) => {
      probe.style.color = colour;
      return getComputedStyle(probe).color;
    };
    const wanted = new Set(colours.map(asComputed));
    probe.remove();
    const parts = ["color", "backgroundColor", "borderTopColor", "borderBottomColor", "fill", "stroke"] as const;
    const wears = (element: Element) => {
      const style = getComputedStyle(element);
      return parts.some((part) => wanted.has(style[part]));
    };
    return [...document.querySelectorAll("body *")].filter(wears).length;
  }, colours);
}

/** The corners of an element, in pixels. */
const corners = (page: Page, selector: string) =>
  page.locator(selector).first().evaluate((element) => parseFloat(getComputedStyle(element).borderStartStartRadius));

/** The screens that a shopper sees between looking and collecting; the last one is the pass. */
async function walk(page: Page, look: (screen: string) => Promise<void>): Promise<void> {
  const app = new App(page);
  await app.open();
  await expect(app.product("Bearing compass")).toBeVisible();
  await look("start");
  await app.open("/p/BO-075-COA");
  await app.useMyLocation();
  await expect(app.reserveLink).toBeVisible();
  await look("product");
  await app.reserveLink.click();
  await app.fillContact();
  await app.reserveButton.click();
  await app.passCode();
  await look("pass");
}

test.describe("with the settings of another retailer", () => {
  test.use({ serve: ["--settings", SECOND] });

  for (const scheme of ["light", "dark"] as const) {
    test(`start, product and pass are theirs, and can be read (${scheme}) @desktop`, async ({ page, place, noBarriers }) => {
      test.setTimeout(90_000);
      await page.emulateMedia({ colorScheme: scheme });
      await place.is(45.761, 4.845);
      await walk(page, async (screen) => {
        await expect(page, screen).toHaveTitle(new RegExp(NAME));
        // Names of our own in ids and addresses are written small.
        expect(await page.evaluate(() => document.documentElement.outerHTML), screen).not.toContain("Nearshelf");
        expect(await wearing(page, FIRST_BRAND[scheme]), `${screen}: the first brand's colours`).toBe(0);
        expect(await wearing(page, await theirs(page)), `${screen}: their colours`).toBeGreaterThan(0);
        await noBarriers();
      });
    });
  }

  /** What the page derives from their colour. */
  const theirs = (page: Page) =>
    page.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      return ["--raw-brand", "--raw-brand-text", "--raw-brand-pale"].map((name) => style.getPropertyValue(name).trim());
    });

  test("buttons are of their colour and have their corners", async ({ page, place }) => {
    await place.is(45.761, 4.845);
    const app = new App(page);
    await app.open("/p/BO-075-COA");
    await app.useMyLocation();
    await expect(app.reserveLink).toHaveCSS("background-color", BRAND);
    await expect(app.reserveLink).toHaveCSS("color", "rgb(255, 255, 255)");
    expect(await corners(page, ".button")).toBe(2);
    expect(await corners(page, ".chip, .offers, .picture")).toBeLessThanOrEqual(4);
    expect(await page.locator('meta[name="theme-color"][media*="light"]').getAttribute("content")).toBe("#b0126f");
  });

  test("it is theirs from the first paint, and asks for nothing more", async ({ page, shop }) => {
    const html = await (await fetch(shop.url, { headers: { accept: "text/html" } })).text();
    expect(html).toContain(`<title>${NAME}`);
    expect(html).toContain("<style>:root{--radius:2px;--raw-brand:#b0126f;");
    const sheets: string[] = [];
    page.on("request", (request) => void (request.resourceType() === "stylesheet" && sheets.push(request.url())));
    await new App(page).open();
    expect(sheets).toEqual([]);
  });

  test("their name is on the home screen and their logo in the page", async ({ page, shop }) => {
    const manifest = (await (await fetch(`${shop.url}/manifest.webmanifest`)).json()) as Record<string, unknown>;
    expect([manifest.name, manifest.short_name, manifest.theme_color]).toEqual([NAME, NAME, "#b0126f"]);
    expect(JSON.stringify(manifest.icons)).not.toContain("nearshelf");
    await new App(page).open();
    await expect(page.locator('link[rel="icon"]')).toHaveAttribute("href", "/media/bo-075-coal.svg");
    const logo = page.getByRole("img", { name: NAME });
    await expect(logo).toBeVisible();
    await expect(logo).toHaveAttribute("src", "/media/bo-075-fern.svg");
  });

  test("what they switched off is not there", async ({ page, place }) => {
    await place.is(45.761, 4.845);
    const app = new App(page);
    await app.open("/p/BO-075-COA");
    await app.useMyLocation();
    await expect(app.reserveLink).toBeVisible();
    await expect(page.getByRole("button", { name: "Add to basket" })).toHaveCount(0);
    // Miles, in France.
    await expect(page.locator(".offer__line").filter({ hasText: / mi · / }).first()).toBeVisible();
    await expect(page.locator(".offer__line").filter({ hasText: / k?m · / })).toHaveCount(0);
    await app.reserveLink.click();
    await app.fillContact();
    await app.reserveButton.click();
    await app.passCode();
    await expect(page.getByRole("button", { name: /calendar/ })).toBeVisible();
    await expect(page.getByRole("button", { name: /^Share/ })).toHaveCount(0);
    await app.open("/");
    const main = page.getByRole("navigation", { name: "Main" });
    await expect(main.getByRole("link", { name: "Search" })).toBeVisible();
    await expect(main.getByRole("link", { name: /^Basket/ })).toHaveCount(0);
    await expect(page.getByRole("button", { name: /^(Share|Scan)/ })).toHaveCount(0);
  });

  test.describe("for one who speaks Polish", () => {
    test.use({ locale: "pl-PL" });

    test("a language that they do not offer is not shown: the first of theirs is", async ({ page }) => {
      await new App(page).open();
      await expect(page.locator("html")).toHaveAttribute("lang", "en");
    });
  });
});

test.describe("where one may look, and nothing is put aside", () => {
  test.use({ serve: ["--settings", join(__dirname, "..", "themes", "window.json")] });

  test("a product says which shop has it and leads there, and nothing speaks of putting aside", async ({ page, place, noBarriers }) => {
    await place.is(45.761, 4.845);
    const app = new App(page);
    await app.open("/p/BO-075-COA");
    await app.useMyLocation();
    await expect(page.getByText("Nothing is put aside here")).toBeVisible();
    await expect(page.getByRole("heading", { name: "In shops near you" })).toBeVisible();
    await expect(page.getByText(/ready by/)).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Add to basket" })).toHaveCount(0);
    await noBarriers();
    const see = app.actions.getByRole("link", { name: /^See it at/ });
    const shop = (await see.innerText()).replace("See it at ", "");
    await see.click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(shop);
    await expect(page.getByText("Curbside pickup")).toHaveCount(0);
    await app.open("/");
    const main = page.getByRole("navigation", { name: "Main" });
    await expect(main.getByRole("link")).toHaveText(["Search", "Stores"]);
    await expect(page.getByRole("link", { name: "Pickup today" })).toHaveCount(0);
  });

  for (const address of ["/basket", "/reserve?sku=BO-075-COA&store=lyo-part-dieu", "/basket/lyo-part-dieu"]) {
    test(`${address} leads nowhere`, async ({ page }) => {
      await new App(page).open(address);
      await expect(page).toHaveTitle("Not found · Window");
    });
  }
});

test("as the app comes it wears its own brand, so that the above would notice it", async ({ page, place }) => {
  await place.is(45.761, 4.845);
  await walk(page, async (screen) => {
    expect(await wearing(page, FIRST_BRAND.light), screen).toBeGreaterThan(0);
    await expect(page, screen).toHaveTitle(/Nearshelf/);
  });
  expect(await corners(page, ".button")).toBe(14);
});

test.describe("colours that are hard to read", () => {
  for (const color of ["#ffcc00", "#00e5ff", "#101010", "#f5f5f5", "oklch(62% 0.19 25)"]) {
    test(`${color} can be read by day and by night`, async ({ page }) => {
      const folder = await mkdtemp(join(tmpdir(), "nearshelf-theme-"));
      const settings = join(folder, "settings.json");
      await writeFile(settings, JSON.stringify({ brand_color: color }));
      const shop = await Shop.open("demo", ["--settings", settings]);
      try {
        await page.goto(`${shop.url}/p/BO-075-GLA`);
        await new App(page).choosePlaceByName("69003", "Lyon Part-Dieu");
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          await expect.poll(() => tooFaint(page)).toEqual([]);
        }
      } finally {
        await shop.close();
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});

/** Buttons and links of the page whose words have less than 4.5:1 with their own ground, as the screen shows them. */
async function tooFaint(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
    const luminance = (colour: string) => {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const channels = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((channel) => channel / 255);
      const [red, green, blue] = channels.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    };
    const ground = (element: Element): string => {
      const colour = getComputedStyle(element).backgroundColor;
      const clear = colour === "transparent" || colour === "rgba(0, 0, 0, 0)";
      return clear && element.parentElement ? ground(element.parentElement) : colour;
    };
    const faint: string[] = [];
    for (const element of document.querySelectorAll("a, button")) {
      if (!element.textContent?.trim() || element.matches(":disabled")) continue;
      const [one, two] = [luminance(getComputedStyle(element).color), luminance(ground(element))];
      const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
      if (contrast < 4.5) faint.push(`${element.textContent.trim()}: ${contrast.toFixed(2)}`);
    }
    return faint;
  });
}

test.describe("other settings", () => {
  test.use({ serviceWorkers: "allow" });

  test("reach a browser that keeps the app", async ({ page }) => {
    const folder = await mkdtemp(join(tmpdir(), "nearshelf-theme-"));
    const settings = join(folder, "settings.json");
    await writeFile(settings, JSON.stringify({ name: "Before" }));
    const shop = await Shop.open("demo", ["--settings", settings]);
    try {
      await page.goto(shop.url);
      await page.evaluate(() => navigator.serviceWorker.ready);
      await expect.poll(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller))).toBe(true);
      await writeFile(settings, JSON.stringify({ ...JSON.parse(await readFile(SECOND, "utf8")), name: "After" }));
      await shop.stop();
      await shop.start();
      await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())!.update()));
      const load = page.getByRole("button", { name: "Load it" });
      await expect(load).toBeVisible();
      // Until the shopper says so, all of it is as before.
      const said = () => page.locator("#nearshelf-settings").textContent();
      await page.reload();
      expect(await said()).toContain('"name":"Before"');
      await load.click();
      await expect.poll(() => said().catch(() => "")).toContain('"name":"After"');
      await expect.poll(() => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--radius"))).toBe("2px");
      // Whoever came past the old version clears up once the new one has settled in.
      const kept = () => page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("nearshelf/app/")));
      await expect.poll(async () => (await kept()).length).toBe(1);
    } finally {
      await shop.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
