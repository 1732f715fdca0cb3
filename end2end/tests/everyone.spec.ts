// For everyone: forced colours, reduced motion, large text, small windows, fingers, keyboards, and ears.

import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "@playwright/test";
import { NOW, expect, test } from "../fixtures";
import { App } from "../pages/app";
import type { Shop } from "../shop";

/** Each screen and main state, as a shopper in Lyon with something in the basket finds it; `visit` is called when it is there. */
async function everywhere(page: Page, shop: Shop, visit: (what: string) => Promise<void>): Promise<void> {
  const app = new App(page);
  await app.open();
  await expect(app.product("Bearing compass")).toBeVisible();
  await visit("start without a place");
  await app.choosePlace();
  await app.sheet.getByRole("searchbox").fill("ly");
  await expect(app.sheet.getByRole("button", { name: /Lyon/ }).first()).toBeVisible();
  await visit("choosing a place");
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await visit("start");
  const go = async (path: string, shown: string | RegExp) => {
    await page.goto(path);
    await expect(page.getByText(shown).filter({ visible: true }).first()).toBeVisible();
    await visit(path);
  };
  await go("/search?q=boreel%20bot", "nothing is called");
  await go("/search?q=xyzzyplugh", "Nothing found");
  await go("/p/BO-075-GLA", "1 left");
  await page.getByRole("button", { name: "Add to basket" }).click();
  await go("/p/NO-SUCH-THING", "There is nothing here");
  await go("/stores", "Lyon Bellecour");
  await go("/stores?view=map", /^500 m$|^1 km$|^2 km$|^5 km$|km$/);
  await go("/stores/lyo-part-dieu", "Different on");
  await go("/basket", /It is at|All 1/);
  await go("/reserve?sku=BO-075-GLA&store=lyo-part-dieu", "Who collects it?");
  await app.reserveButton.click();
  await expect(page.getByText("Please give a name for the desk.")).toBeVisible();
  await visit("an incomplete reservation");
  await go("/pickups", "Nothing put aside yet");
  const reservation = await shop.reserve("lyo-bellecour", "BO-075-GLA");
  await go(reservation.pass_url, reservation.code);
  await go("/nowhere", "This page does not exist");
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`e20 with forced colours and without motion no screen has a barrier (${colorScheme})`, async ({ page, shop }) => {
    test.setTimeout(90_000);
    await page.emulateMedia({ colorScheme, forcedColors: "active", reducedMotion: "reduce" });
    await everywhere(page, shop, async (what) => {
      // An audit takes long, and what it finds is the same by night. Of a text it asks for the colour that it would have without
      // (`-webkit-text-fill-color`), so contrast is looked at below.
      if (colorScheme === "light") {
        const audit = new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
        const { violations } = await audit.disableRules("color-contrast").analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
        expect(found, what).toEqual([]);
      }
      const pale = await page.evaluate(() => {
        const parts = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
        const light = (color: string) => {
          const [r, g, b] = parts(color).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
        };
        const ground = (one: Element | null): string => {
          const color = one ? getComputedStyle(one).backgroundColor : "rgb(255, 255, 255)";
          return one && parts(color)[3] === 0 ? ground(one.parentElement) : color;
        };
        return [...document.querySelectorAll<HTMLElement>("main *, nav *, dialog[open] *")]
          .filter((one) => one.checkVisibility() && !one.closest("svg, :disabled") && [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()))
          .filter((one) => {
            const [text, below] = [light(getComputedStyle(one).color), light(ground(one))];
            return (Math.max(text, below) + 0.05) / (Math.min(text, below) + 0.05) < 4.5;
          })
          .map((one) => `${one.className} ${getComputedStyle(one).color} on ${ground(one)}: ${one.textContent?.slice(0, 20)}`);
      });
      expect(pale, what).toEqual([]);
      // What moves for longer than a blink, or for ever.
      const moving = await page.evaluate(() =>
        document
          .getAnimations()
          .filter((one) => one.playState === "running" && Number(one.effect?.getComputedTiming().activeDuration) > 1_000)
          .map((one) => (one.effect as KeyframeEffect).target?.className),
      );
      expect(moving, what).toEqual([]);
    });
  });
}

/** What is wider than the window, or cut off in it, where nobody can scroll to it. */
function lost(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const found: string[] = [];
    if (document.documentElement.scrollWidth > wide) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
    const open = document.querySelector("dialog[open]") ?? document.body;
    for (const one of open.querySelectorAll<HTMLElement>("*")) {
      if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || one.closest("svg, .visually-hidden, .skip-link, .picture")) continue;
      const box = one.getBoundingClientRect();
      if (box.width < 2 || box.height < 2) continue;
      const scrolls = (up: Element | null): boolean =>
        Boolean(up) && up !== document.body && (/auto|scroll/.test(getComputedStyle(up!).overflowX) || scrolls(up!.parentElement));
      if ((box.right > wide + 1 || box.left < -1) && !scrolls(one)) found.push(`${one.tagName}.${one.className} from ${Math.round(box.left)} to ${Math.round(box.right)}`);
      const style = getComputedStyle(one);
      const text = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      const cut = one.scrollHeight > one.clientHeight + 2 && style.overflowY === "hidden" && style.webkitLineClamp === "none" && one.clientHeight > 0;
      if (text && cut && style.display !== "inline") found.push(`${one.tagName}.${one.className} is cut: ${one.textContent?.slice(0, 40)}`);
    }
    return found;
  });
}

test("e20 at 400 % nothing is lost, and nothing has to be scrolled to the side", async ({ page, shop }) => {
  test.setTimeout(60_000);
  // 1280 by 1024 at 400 %.
  await page.setViewportSize({ width: 320, height: 256 });
  const bad: string[] = [];
  await everywhere(page, shop, async (what) => {
    bad.push(...(await lost(page)).map((one) => `${what}: ${one}`));
    // What stays in its place leaves half of the window to what is read.
    const fixed = await page.evaluate(() => {
      const bars = [...document.querySelectorAll<HTMLElement>("body *")].filter((one) => {
        const { position, insetBlockEnd } = getComputedStyle(one);
        return position === "fixed" && insetBlockEnd === "0px" && one.checkVisibility() && !one.closest("dialog");
      });
      return Math.max(0, ...bars.map((one) => one.getBoundingClientRect().height));
    });
    if (fixed > 128) bad.push(`${what}: a bar takes ${fixed} of 256`);
  });
  expect(bad).toEqual([]);
});

test.describe("with text of twice the size", () => {
  // A browser in which the shopper set it so: what a style sheet says in rem grows with it, where the window changes its shape as well.
  let reader: Browser;

  test.beforeAll(async ({ playwright }, info) => {
    const { executablePath, args } = info.project.use.launchOptions ?? {};
    reader = await playwright.chromium.launch({ executablePath, args: [...(args ?? []), "--blink-settings=defaultFontSize=32"] });
  });

  test.afterAll(() => reader.close());

  test("e20 with text of twice the size nothing is lost", async ({ shop }) => {
    test.setTimeout(60_000);
    const context = await reader.newContext({
      baseURL: shop.url,
      locale: "en-GB",
      timezoneId: "Europe/Paris",
      viewport: { width: 360, height: 740 },
      isMobile: true,
      hasTouch: true,
      serviceWorkers: "block",
    });
    const page = await context.newPage();
    await page.clock.setFixedTime(NOW);
    const bad: string[] = [];
    await everywhere(page, shop, async (what) => {
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px");
      bad.push(...(await lost(page)).map((one) => `${what}: ${one}`));
    });
    expect(bad).toEqual([]);
  });
});

test("e20 whatever can be tapped is 44 by 44 or stands in a sentence @desktop", async ({ page, shop }) => {
  test.setTimeout(60_000);
  const bad = new Set<string>();
  await everywhere(page, shop, async (what) => {
    const small = await page.evaluate(() => {
      const open = document.querySelector("dialog[open]") ?? document;
      const found: string[] = [];
      for (const one of open.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary, [role=button], [role=option], [role=radio]")) {
        if (!one.checkVisibility({ visibilityProperty: true }) || one.closest(".visually-hidden, .skip-link")) continue;
        // The label is what is tapped.
        const target = one.closest("label") ?? (one.matches("input") ? (one.closest<HTMLElement>("search, [role=search], .search-box") ?? one) : one);
        const { width, height } = target.getBoundingClientRect();
        // In a sentence: words of the same line stand beside it.
        const sentence = getComputedStyle(one).display === "inline" && (one.parentElement?.textContent ?? "").trim() !== (one.textContent ?? "").trim();
        if (!sentence && width > 0 && (width < 43.5 || height < 43.5)) {
          found.push(`${one.tagName}.${one.className} “${(one.getAttribute("aria-label") ?? one.textContent ?? "").trim().slice(0, 30)}” ${Math.round(width)}×${Math.round(height)}`);
        }
      }
      return found;
    });
    for (const one of small) bad.add(`${what}: ${one}`);
  });
  expect([...bad]).toEqual([]);
});

test("e20 from the start to a pass with nothing but the keyboard, and the focus is always in sight @desktop", async ({ page }) => {
  test.setTimeout(120_000);
  const app = new App(page);
  const focused = () =>
    page.evaluate(() => {
      const one = document.activeElement as HTMLElement | null;
      if (!one || one === document.body) return { name: "", seen: true, main: false, where: "" };
      const box = one.getBoundingClientRect();
      const style = getComputedStyle(one);
      const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
      const inside = box.bottom > 0 && box.top < innerHeight;
      // What stands in its place may lie over a part of it, never over all of it.
      const points = [0.1, 0.5, 0.9].map((part) => document.elementFromPoint(box.left + box.width / 2, box.top + box.height * part));
      const free = points.some((point) => point && (one.contains(point) || point.contains(one)));
      return {
        name: one.tagName === "MAIN" ? "main" : (one.getAttribute("aria-label") ?? one.textContent ?? "").trim().replace(/\s+/g, " ") || (one as HTMLInputElement).labels?.[0]?.textContent || one.tagName,
        seen: one.tagName === "MAIN" || /^H[12]$/.test(one.tagName) || one.tagName === "DIALOG" || (inside && (free || one.matches("input")) && (ring || one.matches("input"))),
        main: one.tagName === "MAIN" || Boolean(one.closest("main")),
        where: [inside, free, ring, Math.round(box.left), Math.round(box.top), Math.round(box.right), Math.round(box.bottom), points.map((point) => point?.className)].join(" "),
      };
    });
  /** Goes on with Tab until what has the focus is called so. */
  const reach = async (name: RegExp) => {
    for (let n = 0; n < 60; n++) {
      const { name: now } = await focused();
      // The page may still be moving there.
      await expect
        .poll(async () => {
          const { seen, where } = await focused();
          return seen || where;
        }, `the focus on “${now}” can be seen`)
        .toBe(true);
      if (name.test(now)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not lead to ${name}`);
  };
  await app.open();
  await expect(app.product("Bearing compass")).toBeVisible();
  await page.keyboard.press("Tab");
  await reach(/^Skip to content$/);
  await reach(/Choose your shop|Choose a place/);
  await page.keyboard.press("Enter");
  await expect(app.sheet).toBeVisible();
  const field = app.sheet.getByRole("searchbox");
  await expect(field).toBeVisible();
  for (let n = 0; n < 6 && !(await field.evaluate((one) => one === document.activeElement)); n++) await page.keyboard.press("Tab");
  await expect(field).toBeFocused();
  await page.keyboard.type("69003");
  await expect(app.sheet.getByRole("button", { name: /Lyon Part-Dieu/ }).first()).toBeVisible();
  await reach(/Lyon Part-Dieu/);
  await page.keyboard.press("Enter");
  await expect(app.sheet).toBeHidden();
  // It returns to where it came from.
  await expect.poll(async () => (await focused()).name).toMatch(/Lyon Part-Dieu/);
  for (let n = 0; n < 20 && !(await app.search.evaluate((one) => one === document.activeElement)); n++) await page.keyboard.press("Tab");
  await page.keyboard.type("insulated bottle");
  await expect(app.product("Boreal insulated bottle")).toBeVisible();
  await page.keyboard.press("Enter");
  await reach(/^Boreal insulated bottle/);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/p\/BO-075/);
  // A new screen is where reading goes on: the focus is in it, not lost at the top of the page.
  await expect.poll(async () => (await focused()).main).toBe(true);
  await reach(/^Glacier/);
  await page.keyboard.press("Enter");
  await expect(app.offer("Lyon Part-Dieu")).toContainText("1 left");
  for (let n = 0; n < 40 && !(await page.evaluate(() => document.activeElement?.matches("[type=radio]"))); n++) await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await expect(app.reserveLink).toHaveText(/Bellecour/);
  await reach(/eserve at/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Who collects it?")).toBeVisible();
  await expect.poll(async () => (await focused()).main).toBe(true);
  // An empty form sends nobody away: the focus goes to what is missing.
  await reach(/eserve at/);
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Name")).toBeFocused();
  await page.keyboard.type("Ada Lovelace");
  await page.keyboard.press("Tab");
  await page.keyboard.type("ada@example.org");
  await page.keyboard.press("Enter");
  await app.passCode();
  await expect.poll(async () => (await focused()).main).toBe(true);
});

test("e20 twenty sales are not read out, and a failure is said once", async ({ page, shop }) => {
  const app = new App(page);
  await app.open();
  await app.choosePlaceByName("69003", "Lyon Part-Dieu");
  await page.goto("/p/BO-075-COA");
  await expect(page.getByText(/^live/)).toBeVisible();
  await shop.count("lyo-part-dieu", "BO-075-COA", 40);
  await expect(app.offer("Lyon Part-Dieu")).toContainText("40 in stock");
  await page.evaluate(() => {
    const page = window as unknown as { said: string[] };
    page.said = [];
    const live = "[role=status], [role=alert], [role=log], [aria-live=polite], [aria-live=assertive]";
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest(live) ?? [...addedNodes].find((node) => node instanceof Element && (node.matches(live) || node.querySelector(live)));
        if (region) page.said.push((region.textContent ?? "").trim());
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
  for (let units = 39; units >= 20; units--) await shop.count("lyo-part-dieu", "BO-075-COA", units);
  await expect(app.offer("Lyon Part-Dieu")).toContainText("20 in stock");
  expect(await said()).toEqual([]);
  // The control: what is to be heard is heard, and once.
  await page.route("**/v1/products/*", (route) => route.fulfill({ status: 500, body: "" }));
  await page.getByRole("link", { name: "Glacier" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  const heard = (await said()).filter((words) => /system/.test(words));
  expect(new Set(heard).size).toBe(1);
});
