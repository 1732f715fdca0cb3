// The language of the page: who chooses it, and whether every screen bends to it.

import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";

type Chosen = { language: string; locale: string; direction: string; languages: string[] };

const chosen = (page: Page) => page.evaluate(() => (window as unknown as { nearshelf: Chosen }).nearshelf);

const isUp = (page: Page) => expect(page.locator("main#main")).toBeAttached();

async function open(page: Page, path: string): Promise<Chosen> {
  await page.goto(path);
  await isUp(page);
  return chosen(page);
}

/** The languages whose catalogs this build has. */
const shipped = async (page: Page) => (await open(page, "/")).languages;

test("the address says the language, and the page and its numbers follow", async ({ page }) => {
  for (const language of await shipped(page)) {
    const { language: got, locale, direction } = await open(page, `/?lang=${language}`);
    expect([got, direction]).toEqual([language, "ltr"]);
    expect(locale.split("-")[0]).toBe(language);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.locator("html")).toHaveAttribute("dir", "ltr");
  }
});

test("a browser that speaks English of a country writes numbers as there", async ({ page }) => {
  expect(await open(page, "/")).toMatchObject({ language: "en", locale: "en-GB" });
});

test("a language that nobody speaks, or none at all, leaves the choice to the browser", async ({ page }) => {
  for (const asked of ["xx", "", "../../etc/passwd", "%00", "constructor", "EN-us"]) {
    expect((await open(page, `/?lang=${asked}`)).language).toBe("en");
  }
});

test("the pseudo languages have to be asked for and are not offered", async ({ page }) => {
  const languages = await shipped(page);
  expect(languages).toContain("en");
  expect(languages.filter((tag) => tag.includes("-X"))).toEqual([]);
  await page.evaluate(() => localStorage.setItem("nearshelf/language", "ar-XB"));
  expect((await open(page, "/")).language).toBe("en");
  expect(await open(page, "/?lang=ar-XB")).toMatchObject({ language: "ar-XB", direction: "rtl" });
});

test("one catalog is loaded, and only one", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => void (request.url().includes("/locales/") && asked.push(new URL(request.url()).pathname)));
  await open(page, "/");
  expect(asked).toEqual([expect.stringMatching(/^\/locales\/en-[0-9a-f]+\.txt$/)]);
});

test("a catalog that cannot be had makes way for English", async ({ page }) => {
  await page.route(/\/locales\/en-XA-/, (route) => route.abort("connectionfailed"));
  expect(await open(page, "/?lang=en-XA")).toMatchObject({ language: "en", direction: "ltr" });
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("the retailer's settings say what is offered, and the first of it is what others get", async ({ page }) => {
  const languages = await shipped(page);
  test.skip(!languages.includes("pl"), "Polish is not there yet");
  const block = (tags: string[]) => `<script type="application/json" id="nearshelf-settings">${JSON.stringify({ languages: tags })}</script>`;
  const page_ = await (await page.request.get("/")).text();
  await page.route("**/", (route) =>
    route.fulfill({ status: 200, contentType: "text/html", body: page_.replace("</title>", `</title>${block(["pl", "xx"])}`) }),
  );
  expect(await open(page, "/")).toMatchObject({ language: "pl", languages: ["pl"] });
});

test.describe("a browser that speaks Polish", () => {
  test.use({ locale: "pl-PL" });

  test("gets Polish, unless the shopper chose otherwise", async ({ page }) => {
    test.skip(!(await shipped(page)).includes("pl"), "Polish is not there yet");
    expect(await open(page, "/")).toMatchObject({ language: "pl", locale: "pl-PL" });
    await page.evaluate(() => localStorage.setItem("nearshelf/language", "fr"));
    expect((await open(page, "/")).language).toBe("fr");
    // As the app keeps things, in JSON.
    await page.evaluate(() => localStorage.setItem("nearshelf/language", JSON.stringify("it")));
    expect((await open(page, "/")).language).toBe("it");
    expect((await open(page, "/?lang=ru")).language).toBe("ru");
  });
});

test.describe("a browser that speaks Finnish", () => {
  test.use({ locale: "fi-FI" });

  test("gets English with the numbers of English", async ({ page }) => {
    expect(await open(page, "/")).toMatchObject({ language: "en", locale: "en" });
  });
});

test.describe("where storage is refused", () => {
  test("the language is chosen all the same", async ({ page }) => {
    await page.addInitScript(() => {
      for (const name of ["localStorage", "sessionStorage"]) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException("refused", "SecurityError");
          },
        });
      }
    });
    expect((await open(page, "/")).language).toBe("en");
  });
});

const SCREENS: [name: string, path: string, words: string][] = [
  ["start", "/", "Bearing compass"],
  ["search", "/search?q=tent", "Ridge 2 trekking tent"],
  ["product", "/p/BO-075-COA", "Boreal insulated bottle"],
  ["stores", "/stores", "Lyon Part-Dieu"],
  ["basket", "/basket", "Boreal insulated bottle"],
];

const KEPT = {
  place: { label: "Lyon Part-Dieu", position: { latitude: 45.7606, longitude: 4.8581 } },
  store: "lyo-part-dieu",
  basket: [{ sku: "BO-075-COA", quantity: 2, title: "Boreal insulated bottle", image: null, category: "Drink" }],
};

for (const language of ["ar-XB", "en-XA"]) {
  for (const [name, path, words] of SCREENS) {
    test(`${language}: ${name} fits a narrow screen`, async ({ page }) => {
      await page.addInitScript((kept) => localStorage.setItem("nearshelf/1", JSON.stringify(kept)), KEPT);
      const { direction } = await open(page, `${path}${path.includes("?") ? "&" : "?"}lang=${language}`);
      await expect(page.locator("html")).toHaveAttribute("dir", direction);
      expect(direction).toBe(language === "ar-XB" ? "rtl" : "ltr");
      await expect(page.getByText(words).first()).toBeVisible();
      const over = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      expect(over, "pixels that stand over the edge").toBeLessThanOrEqual(0);
    });
  }
}

for (const [name, path, words] of SCREENS) {
  test(`en-XA: every word of ${name} comes from the catalog or from the feed`, async ({ page }) => {
    await page.addInitScript((kept) => localStorage.setItem("nearshelf/1", JSON.stringify(kept)), KEPT);
    // Answers of the server are the feed; workers would answer beside it.
    await page.route(/\/(search|places)\/worker-/, (route) => route.abort());
    const feed = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value === "string") feed.add(value.toLowerCase());
      else if (value && typeof value === "object") Object.values(value).forEach(collect);
    };
    collect(KEPT);
    page.on("response", async (response) => {
      if (/\/v1\//.test(response.url()) && /json/.test(response.headers()["content-type"] ?? "")) {
        collect(await response.json().catch(() => undefined));
      }
    });
    await open(page, `${path}${path.includes("?") ? "&" : "?"}lang=en-XA`);
    await expect(page.getByText(words).first()).toBeVisible();
    await expect(async () => {
      const texts = await page.evaluate(() => {
        const found: string[] = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          if (node.parentElement?.closest("script, style, noscript")) continue;
          if (node.parentElement?.checkVisibility()) found.push(node.nodeValue ?? "");
        }
        for (const element of document.body.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
          for (const name of ["aria-label", "placeholder", "title", "alt"]) found.push(element.getAttribute(name) ?? "");
        }
        return found;
      });
      expect(texts.map((text) => foreign(text, feed)).filter(Boolean)).toEqual([]);
    }).toPass({ timeout: 7_000 });
  });
}

/** What is left of a text without what the catalog, the feed and `Intl` write. */
function foreign(text: string, feed: Set<string>): string {
  let rest = text;
  for (let before = ""; before !== rest; ) {
    before = rest;
    // A sentence of the catalog ends in tildes; one may stand in another.
    rest = rest.replace(/\[[^[\]]*~+\]/g, " ");
  }
  rest = rest.replace(/\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b/gi, " ");
  rest = rest.replace(/\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b|\b[\d.,]+\s*(?:km|mi|m|am|pm)\b/gi, " ");
  rest = rest.replace(/[^\p{L}\p{N}'’&,./()-]+/gu, " ").trim();
  const isFeed = [...feed].some((known) => known.includes(rest.toLowerCase()));
  return isFeed || !/\p{L}{2}/u.test(rest) ? "" : text.trim();
}
