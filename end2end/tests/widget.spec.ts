// The box in pages of somebody else: on another origin, among styles that are not ours, with what such pages allow and do not.

import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect, test as base } from "../fixtures";
import { Host, KEY, box } from "../host";

const test = base.extend<{ host: Host; settings: object }>({
  settings: [{}, { option: true }],
  host: async ({ settings }, use) => {
    const host = await Host.open(settings);
    await use(host);
    await host.close();
  },
  // The pages of these journeys are not the shop's.
  shop: async ({ host }, use) => use(host.shop),
});

const STREAM = /\/v1\/availability\/events/;

async function near(where: Page | Locator, place = "69003"): Promise<void> {
  const field = where.getByLabel("Postcode or town").first();
  await field.fill(place);
  await field.press("Enter");
}

/** The row of a shop. */
function row(where: Page | Locator, shop: string): Locator {
  return where.getByRole("listitem").filter({ hasText: shop });
}

async function reserve(where: Page | Locator, shop = "Lyon Bellecour"): Promise<void> {
  await where.getByRole("button", { name: `Reserve at ${shop}` }).first().click();
  await where.getByLabel("Name").fill("Ada Lovelace");
  await where.getByLabel("E-mail").fill("ada@example.org");
}

/** Requests to the shop, as they are sent. */
function asked(page: Page, host: Host): string[] {
  const urls: string[] = [];
  page.on("request", (request) => {
    if (request.url().startsWith(host.shop.url)) urls.push(request.url().slice(host.shop.url.length));
  });
  return urls;
}

/** Every event of ours that the page hears on its document, with what it carries. */
async function hears(page: Page): Promise<() => Promise<{ type: string; detail: unknown }[]>> {
  await page.addInitScript(() => {
    const heard: unknown[] = [];
    Object.assign(window, { heard });
    for (const name of ["view", "located", "reserved", "error"]) {
      document.addEventListener(`nearshelf:${name}`, (event) => heard.push({ type: event.type, detail: (event as CustomEvent).detail }));
    }
  });
  return () => page.evaluate(() => (window as unknown as { heard: { type: string; detail: unknown }[] }).heard);
}

test("a reader of a partner's page puts the bottle aside, and the campaign stands on the reservation up to the handover", async ({ page, host }) => {
  const heard = await hears(page);
  await page.goto(host.page("/article", box('code="SUMMER10" campaign-id="c-7"')) + "?utm_campaign=summer&utm_source=alpine%20journal");
  await expect(page.getByText("code SUMMER10 at the till")).toBeVisible();
  await near(page);
  await reserve(page);
  await page.getByRole("button", { name: "Reserve at Lyon Bellecour" }).click();
  const pass = page.getByRole("link", { name: "Open your pickup pass" });
  await expect(pass).toHaveAttribute("href", new RegExp(`^${host.shop.url}/pickups/r_\\w+\\?lang=en#t=\\w{40}$`));
  const { items, attribution, promo_codes } = await host.shop.reserved("lyo-bellecour");
  expect(items).toEqual([{ sku: "BO-075-GLA", quantity: 1 }]);
  expect(attribution).toEqual({ campaign: "summer", source: "alpine journal", campaign_id: "c-7" });
  expect(promo_codes).toEqual(["SUMMER10"]);
  const told = await heard();
  expect(told.map(({ type }) => type)).toEqual(["nearshelf:view", "nearshelf:located", "nearshelf:reserved"]);
  expect(told[2]?.detail).toEqual({ sku: "BO-075-GLA", location_id: "lyo-bellecour" });
  expect(JSON.stringify(told)).not.toMatch(/Ada|ada@|45\.|r_|t=/);
  expect(await page.context().cookies()).toEqual([]);
});

test("a double tap, and an answer that was lost, make one reservation", async ({ page, host }) => {
  await page.goto(host.page("/article", box()));
  await near(page);
  await reserve(page);
  let lost = 0;
  await page.route(/\/v1\/reservations/, async (route) => {
    // The server says yes, and nobody hears it.
    if (route.request().method() === "POST" && lost++ === 0) {
      await route.fetch();
      return route.abort();
    }
    return route.fallback();
  });
  const button = page.getByRole("button", { name: "Reserve at Lyon Bellecour" });
  await button.dblclick();
  await expect(page.getByText("it will not be reserved twice")).toBeVisible();
  await button.click();
  await expect(page.getByText("puts it aside for you")).toBeVisible();
  expect(await host.shop.reservedUnits("lyo-bellecour")).toBe(1);
});

test("handed over to the app, product, shop, language and campaign are kept, and stand on the reservation", async ({ page, host }) => {
  await page.goto(host.page("/article", box('reserve="app" lang="fr" code="SUMMER10" campaign="été"')));
  const field = page.getByLabel("Code postal ou ville");
  await field.fill("69003");
  await field.press("Enter");
  const link = page.getByRole("link", { name: "Réserver à Lyon Bellecour" });
  await expect(link).toHaveAttribute("rel", "noopener noreferrer");
  await page.goto((await link.getAttribute("href")) ?? "");
  await page.getByLabel("Nom").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByLabel("E-mail").press("Enter");
  await expect(page).toHaveURL(/\/pickups\/r_/);
  const { attribution, promo_codes } = await host.shop.reserved("lyo-bellecour");
  expect(attribution).toEqual({ campaign: "été" });
  expect(promo_codes).toEqual(["SUMMER10"]);
});

test("nothing but the loader is fetched before a box comes near the screen", async ({ page, host }) => {
  const urls = asked(page, host);
  await page.goto(host.page("/far", `<div style="height: 4000px"></div>${box()}`));
  await page.waitForFunction(() => customElements.get("nearshelf-stock"));
  // A frame later whoever is near would have been told.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(urls).toEqual(["/nearshelf.js"]);
  await page.locator("nearshelf-stock").evaluate((element) => element.scrollIntoView());
  await expect(page.getByText("Boreal insulated bottle 0.75 L")).toBeVisible();
  expect(urls.filter((url) => url.includes("/v1/locations"))).toEqual([]);
});

test("five boxes share one program, one style sheet and one stream, and two of one product follow a sale together", async ({ page, host }) => {
  const urls = asked(page, host);
  const boxes = [box(), box(), box('sku="BO-075-COA"'), box('sku="RI-T2-EMB"'), box("", "nearshelf-locator")];
  await page.goto(host.page("/many", boxes.join("")));
  await expect(page.getByLabel("Postcode or town")).toHaveCount(5);
  await near(page);
  // Sooner than the line is looked after: the locator, which watches nothing, is not waited for.
  await expect(page.getByText("live", { exact: true })).toHaveCount(4, { timeout: 4_000 });
  expect(urls.filter((url) => STREAM.test(url)), "streams").toHaveLength(1);
  expect(urls.filter((url) => url.endsWith(".wasm")), "programs").toHaveLength(1);
  expect(urls.filter((url) => url.endsWith(".txt")), "catalogs").toHaveLength(1);
  const sheets = await page.evaluate(() => {
    const all = [...document.querySelectorAll("nearshelf-stock, nearshelf-locator")].flatMap((box) => box.shadowRoot?.adoptedStyleSheets ?? []);
    return [all.length, new Set(all).size];
  });
  expect(sheets).toEqual([5, 1]);
  const both = page.locator("nearshelf-stock");
  for (const at of [0, 1]) await expect(row(both.nth(at), "Lyon Bellecour")).toContainText("14 in stock");
  await host.shop.sell("lyo-bellecour", "BO-075-GLA", 4);
  for (const at of [0, 1]) await expect(row(both.nth(at), "Lyon Bellecour")).toContainText("10 in stock");
});

test("a box that is taken from the page ends its stream, and put back it shows everything again", async ({ page, host }) => {
  await page.goto(host.page("/article", box()));
  await near(page);
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  const ended = page.waitForEvent("requestfailed", (request) => STREAM.test(request.url()));
  await page.evaluate(() => {
    const box = document.querySelector("nearshelf-stock");
    Object.assign(window, { box });
    box?.remove();
  });
  await ended;
  await page.evaluate(() => document.querySelector("main")?.append((window as unknown as { box: Element }).box));
  await near(page);
  await expect(row(page, "Lyon Bellecour")).toContainText("14 in stock");
});

test("where the page forbids asking the device, a postcode is asked for, and works", async ({ page, host }) => {
  await page.goto(host.page("/closed", box(), { "Permissions-Policy": "geolocation=()" }));
  await expect(page.getByLabel("Postcode or town")).toBeVisible();
  await expect(page.getByRole("button", { name: "Use my location" })).toHaveCount(0);
  await near(page);
  await expect(row(page, "Lyon Bellecour")).toContainText("14 in stock");
});

test("the device is asked after a tap only, and a no is an answer", async ({ page, host }) => {
  await page.addInitScript(() => {
    Object.assign(window, { asks: 0 });
    const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
    navigator.geolocation.getCurrentPosition = (...all) => {
      (window as unknown as { asks: number }).asks += 1;
      ask(...all);
    };
  });
  await page.goto(host.page("/article", box()));
  const button = page.getByRole("button", { name: "Use my location" });
  await expect(button).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { asks: number }).asks)).toBe(0);
  await button.click();
  await expect(page.getByText("This page may not see your location")).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { asks: number }).asks)).toBe(1);
});

test("what is sent of a position is rounded", async ({ page, host, context }) => {
  await context.grantPermissions(["geolocation"], { origin: host.url });
  await context.setGeolocation({ latitude: 45.760_912, longitude: 4.855_534 });
  const bodies: string[] = [];
  page.on("request", (request) => bodies.push(request.postData() ?? "", request.url()));
  await page.goto(host.page("/article", box()));
  await page.getByRole("button", { name: "Use my location" }).click();
  await expect(row(page, "Lyon Part-Dieu")).toBeVisible();
  expect(bodies.join("\n")).toContain('"latitude":45.76,"longitude":4.86');
  expect(bodies.join("\n")).not.toContain("45.7609");
});

test("a key of another page is refused in words, with a way on, and the page is told", async ({ page, host }) => {
  const heard = await hears(page);
  await page.goto(host.page("/article", '<nearshelf-stock sku="BO-075-GLA" key="pk_somebody-else" lang="en"></nearshelf-stock>'));
  await expect(page.getByText("This page cannot show the stock")).toBeVisible();
  await expect(page.getByRole("link", { name: "Open at Nearshelf" })).toHaveAttribute("href", /\/p\/BO-075-GLA\?lang=en/);
  expect((await heard()).at(-1)).toEqual({ type: "nearshelf:error", detail: { kind: "embed-refused" } });
});

test("no such product, no network and no answer are three things, and a network that is back is used", async ({ page, host, context }) => {
  await page.goto(host.page("/gone", box('sku="NO-SUCH-THING"')));
  await expect(page.getByText("This product is not sold here")).toBeVisible();
  await page.goto(host.page("/article", box()));
  await expect(page.getByLabel("Postcode or town")).toBeVisible();
  await near(page, "xyzzy");
  await expect(page.getByText("Nothing found for “xyzzy”")).toBeVisible();
  await near(page, "Monaco");
  await page.route(/\/v1\/availability$|\/v1\/availability\?/, (route) => route.fulfill({ status: 502, body: "bad gateway" }));
  await near(page, "69003");
  await expect(page.getByText("The shop's system has a problem")).toBeVisible();
  await page.unroute(/\/v1\/availability$|\/v1\/availability\?/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(row(page, "Lyon Bellecour")).toContainText("14 in stock");
  await page.getByRole("button", { name: "Other place" }).click();
  await context.setOffline(true);
  await near(page);
  await expect(page.getByText("No connection")).toBeVisible();
  await context.setOffline(false);
  await expect(row(page, "Lyon Bellecour")).toContainText("14 in stock");
});

test("a page without storage and without our origin has a box that works from memory", async ({ page, host }) => {
  const inner = box().replaceAll('"', "&quot;");
  const loader = `<script src=&quot;${host.shop.url}/nearshelf.js&quot; async></script>`;
  // Its origin is `null`, which no partner has: the box says so, and nothing breaks.
  await page.goto(host.page("/sandbox", `<iframe sandbox="allow-scripts" title="s" srcdoc="<html lang=en>${loader}${inner}</html>"></iframe>`));
  await expect(page.frameLocator("iframe").getByText("This page cannot show the stock")).toBeVisible();
  await page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
      Object.defineProperty(window, name, { get: () => { throw new DOMException("blocked", "SecurityError"); } });
    }
  });
  await page.goto(host.page("/article", box()));
  await near(page);
  await reserve(page);
  await page.getByLabel("E-mail").press("Enter");
  await expect(page.getByText("puts it aside for you")).toBeVisible();
});

for (const width of [240, 1200]) {
  test(`among the worst styles the box looks as it should, at ${width} pixels`, async ({ page, host }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(await host.landing());
    await near(page);
    await expect(page.getByText("live", { exact: true })).toHaveCount(2);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const button = page.getByRole("button", { name: "Reserve at Lyon Bellecour" }).first();
    const style = await button.evaluate((element) => {
      const { fontSize, backgroundColor, direction, letterSpacing, textTransform, outlineStyle, cssFloat } = getComputedStyle(element);
      return { fontSize, backgroundColor, direction, letterSpacing, textTransform, outlineStyle, cssFloat };
    });
    expect(style).toEqual({
      fontSize: "15px",
      backgroundColor: "oklch(0.46 0.115 155)",
      direction: "ltr",
      letterSpacing: "normal",
      textTransform: "none",
      outlineStyle: "none",
      cssFloat: "none",
    });
    for (const target of await page.locator("nearshelf-stock").getByRole("button").all()) {
      const size = await target.boundingBox();
      expect(Math.min(size?.width ?? 0, size?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
    // And nothing of ours gets out.
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--raw-brand"))).toBe("");
    expect(await page.evaluate(() => document.querySelectorAll("style").length + document.adoptedStyleSheets.length)).toBe(0);
  });
}

test("a page may set colours, corners and parts, and dark where it is dark", async ({ page, host }) => {
  const style = "<style>nearshelf-stock { --nearshelf-brand: rgb(90, 20, 120); --nearshelf-radius: 2px } nearshelf-stock::part(title) { text-decoration: underline }</style>";
  await page.goto(host.page("/themed", style + box('theme="dark"')));
  const button = page.getByRole("button", { name: "Use my location" });
  await expect(button).toHaveCSS("background-color", "rgb(90, 20, 120)");
  await expect(button).toHaveCSS("border-radius", "4px");
  await expect(page.getByRole("heading", { name: "Boreal" })).toHaveCSS("text-decoration-line", "underline");
  await expect(page.locator("nearshelf-stock").locator(".card")).toHaveCSS("background-color", "oklch(0.235 0.014 265)");
});

for (const scheme of ["light", "dark"] as const) {
  test(`no state of the box has a barrier that a machine can find (${scheme})`, async ({ page, host }) => {
    await page.emulateMedia({ colorScheme: scheme });
    const audit = async () => {
      const { violations } = await new AxeBuilder({ page }).include("nearshelf-stock").withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
      expect(violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
    };
    await page.goto(host.page("/article", box()));
    await expect(page.getByLabel("Postcode or town")).toBeVisible();
    await audit();
    await near(page);
    await expect(page.getByText("live", { exact: true })).toBeVisible();
    await audit();
    await page.getByRole("button", { name: "Reserve at Lyon Bellecour" }).click();
    await page.getByRole("button", { name: "Reserve at Lyon Bellecour" }).click();
    await expect(page.getByText("Please give a name for the desk.")).toBeVisible();
    await audit();
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("E-mail").fill("ada@example.org");
    await page.getByLabel("E-mail").press("Enter");
    await expect(page.getByText("puts it aside for you")).toBeVisible();
    await audit();
  });
}

test("everything can be done from the keyboard, and the focus goes where one goes on", async ({ page, host }) => {
  await page.goto(host.page("/article", box('near="postcode"')));
  await page.getByLabel("Postcode or town").focus();
  await page.keyboard.type("69003");
  await page.keyboard.press("Enter");
  const button = page.getByRole("button", { name: "Reserve at Lyon Bellecour" });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Ada Lovelace");
  await page.keyboard.press("Tab");
  await page.keyboard.type("ada@example.org");
  await page.keyboard.press("Enter");
  await expect(page.getByText("puts it aside for you")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Open your pickup pass" })).toBeFocused();
});

/** The frame of our page in theirs. */
function frame(host: Host, more = ""): string {
  const address = `${host.shop.url}/embed/stock?sku=BO-075-GLA&key=${KEY}&lang=en${more}`;
  return `<iframe src="${address}&parent=${encodeURIComponent(host.url)}" title="Stock" style="inline-size: 100%; border: 0" allow="geolocation"></iframe>`;
}

test("in a frame the box is as tall as what it shows, tells its page what happened, and reserves", async ({ page, host }) => {
  const heard = await hears(page);
  await page.goto(host.page("/framed", frame(host, "&campaign=summer")));
  const inside = page.frameLocator("iframe");
  const height = () => page.locator("iframe").evaluate((element) => element.getBoundingClientRect().height);
  await near(inside.locator("body"));
  await expect(row(inside.locator("body"), "Lyon Bellecour")).toBeVisible();
  const content = () => inside.locator("nearshelf-stock").evaluate((element) => Math.ceil(element.getBoundingClientRect().height));
  await expect.poll(async () => (await height()) - (await content())).toBe(0);
  await reserve(inside.locator("body"));
  const button = inside.getByRole("button", { name: "Reserve at Lyon Bellecour" });
  await button.scrollIntoViewIfNeeded();
  await expect(async () => {
    await button.click();
    await expect(inside.getByText("puts it aside for you")).toBeVisible({ timeout: 300 });
  }).toPass();
  expect((await host.shop.reserved("lyo-bellecour")).attribution).toEqual({ campaign: "summer" });
  expect((await heard()).map(({ type }) => type)).toEqual(["nearshelf:view", "nearshelf:located", "nearshelf:reserved"]);
});

test("g09 in a frame a tap counts only once the button was in sight for a while, and uncovered", async ({ page, host }) => {
  const veil = '<div id="veil" style="position: fixed; inset: 0; background: white; opacity: 0.9; pointer-events: none; z-index: 9"></div>';
  await page.goto(host.page("/framed", frame(host) + veil));
  const inside = page.frameLocator("iframe");
  await near(inside.locator("body"));
  await reserve(inside.locator("body"));
  const button = inside.getByRole("button", { name: "Reserve at Lyon Bellecour" });
  // A browser takes no tap for a frame that has just moved.
  await expect(async () => {
    await button.click();
    await expect(inside.getByText("Have a look at what you reserve")).toBeVisible({ timeout: 300 });
  }).toPass();
  expect(await host.shop.reservedUnits("lyo-bellecour")).toBe(0);
  await page.locator("#veil").evaluate((veil) => veil.remove());
  await expect(async () => {
    await button.click();
    await expect(inside.getByText("puts it aside for you")).toBeVisible({ timeout: 300 });
  }).toPass();
});

test("g10 only our own page in a frame may say how tall it is, and only what a height can be", async ({ page, host }) => {
  await page.goto(host.page("/framed", `${frame(host)}<iframe id="other" title="o" srcdoc="<p>other</p>"></iframe>`));
  const first = page.locator("iframe").first();
  // Its last word on its height is that of what it shows in the end, and the page has heard it.
  const inside = first.contentFrame();
  await expect(inside.getByRole("button", { name: "Show shops" })).toBeVisible();
  await expect
    .poll(async () => {
      const content = await inside.locator("html").evaluate((root) => root.querySelector("body")!.getBoundingClientRect().height);
      return Math.abs(Number.parseFloat(await first.evaluate((element) => element.style.height)) - content);
    })
    .toBeLessThan(60);
  const before = await first.evaluate((element) => element.style.height);
  await page.evaluate(
    ([shop]) => {
      const source = document.querySelector("iframe")?.contentWindow;
      const say = (data: unknown, from: unknown, origin: unknown) => {
        dispatchEvent(new MessageEvent("message", { data, source: from as Window, origin: origin as string }));
      };
      const good = { type: "nearshelf:height", height: 999 };
      const other = (document.querySelector("#other") as HTMLIFrameElement).contentWindow;
      for (const [from, origin] of [[other, shop], [source, "https://evil.com"], [source, `${shop}.evil.com`], [null, shop], [window, shop], [source, "null"]]) {
        say(good, from, origin);
      }
      for (const height of [Number.NaN, Infinity, -1, 0, 39, 4001, 1e9, "999", "999px", null, undefined, { valueOf: () => 999 }, [999]]) {
        say({ type: "nearshelf:height", height }, source, shop);
      }
      for (const data of [null, undefined, 7, "nearshelf:height", [], Object.create({ type: "nearshelf:height", height: 999 }), JSON.parse('{"__proto__": {"type": "nearshelf:height", "height": 999}}')]) {
        say(data, source, shop);
      }
    },
    [host.shop.url],
  );
  expect(await first.evaluate((element) => element.style.height)).toBe(before);
  expect(await page.evaluate(() => ({}) as { height?: unknown }).then((plain) => plain.height)).toBeUndefined();
  // The control: with all of it right it is believed.
  await page.evaluate(([shop]) => {
    const source = document.querySelector("iframe")?.contentWindow;
    dispatchEvent(new MessageEvent("message", { data: { type: "nearshelf:height", height: 999 }, source: source ?? null, origin: shop }));
  }, [host.shop.url]);
  expect(await first.evaluate((element) => element.style.height)).toBe("999px");
});

test.describe("somebody else", () => {
  // The browser says in its console that it keeps the frame out.
  test.use({ breaks: true });

  test("g09 a page that is none of the partner's cannot show the frame", async ({ page, host }) => {
    const other = await Host.open();
    try {
      await page.goto(other.page("/framed", frame(host)));
      await expect.poll(() => page.frames().some((frame) => frame.url().startsWith("chrome-error:"))).toBe(true);
    } finally {
      await other.close();
    }
  });
});

test.describe("of a retailer with colours of its own", () => {
  test.use({ settings: { name: "Deux Rives", brand_color: "#b0126f", languages: ["it", "pl"] } });

  test("the box wears them, and speaks one of its languages", async ({ page, host }) => {
    await page.goto(host.page("/article", box()));
    const button = page.getByRole("button", { name: "Usa la mia posizione" });
    await expect(button).toHaveCSS("background-color", "rgb(176, 18, 111)");
    await page.goto(host.page("/polish", box('lang="pl"')));
    await page.getByLabel("Kod pocztowy lub miejscowość").fill("69003");
    await page.getByLabel("Kod pocztowy lub miejscowość").press("Enter");
    await expect(page.getByRole("button", { name: "Rezerwuj: Lyon Bellecour" })).toBeVisible();
  });
});

test("what changes in the page changes the box", async ({ page, host }) => {
  await page.goto(host.page("/article", box()));
  await expect(page.getByText("Boreal insulated bottle")).toBeVisible();
  await page.locator("nearshelf-stock").evaluate((element) => element.setAttribute("sku", "RI-T2-EMB"));
  await expect(page.getByText("Ridge 2 trekking tent")).toBeVisible();
  await expect(page.getByText("Boreal insulated bottle")).toHaveCount(0);
});

test("without our program the page shows what it has inside the element", async ({ page, host }) => {
  const heard = await hears(page);
  const policy = `default-src 'self'; script-src ${host.shop.url}; connect-src ${host.shop.url}`;
  await page.goto(host.page("/strict", `<nearshelf-stock sku="BO-075-GLA" key="${KEY}"><a href="/p">See the bottle</a></nearshelf-stock>`, { "Content-Security-Policy": policy }));
  await expect.poll(async () => (await heard()).at(-1)).toEqual({ type: "nearshelf:error", detail: { kind: "load" } });
  await expect(page.getByRole("link", { name: "See the bottle" })).toBeVisible();
});
