// The app that is not there, or has ended: what the page says then, and what it leaves alone.

import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page, Route } from "@playwright/test";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";
import { Proxy } from "../proxy";

test.use({ breaks: true });

const GLUE = /\/nearshelf-[0-9a-f]+\.js$/;
const PROGRAM = /\/nearshelf-[0-9a-f]+_bg\.wasm$/;
const CATALOG = /\/locales\/.+\.txt$/;

const answers =
  (status: number, contentType: string, body = "") =>
  (route: Route) =>
    route.fulfill({ status, contentType, body });

/** Only the first bytes of what the server has. */
async function cutOff(route: Route): Promise<void> {
  const answer = await route.fetch();
  const body = await answer.body();
  await route.fulfill({ status: 200, contentType: answer.headers()["content-type"], body: body.subarray(0, body.length / 2) });
}

/** The same program, which may not have a page of memory more than it begins with. */
async function withoutMemory(route: Route): Promise<void> {
  const body = await (await route.fetch()).body();
  const number = (at: number): [value: number, next: number] => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = body[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return [value, at];
    }
  };
  for (let at = 8; at < body.length; ) {
    const [length, begin] = number(at + 1);
    if (body[at] === 5) {
      // One memory without a limit: 0, pages. With one: 1, pages, pages.
      expect([body[begin], body[begin + 1]]).toEqual([1, 0]);
      const pages = body.subarray(begin + 2, begin + length);
      const content = Buffer.concat([Buffer.from([1, 1]), pages, pages]);
      const whole = [body.subarray(0, at), Buffer.from([5, content.length]), content, body.subarray(begin + length)];
      return route.fulfill({ status: 200, contentType: "application/wasm", body: Buffer.concat(whole) });
    }
    at = begin + length;
  }
  throw new Error("the program has no memory");
}

/** When the page says that it failed, and when what it asked for went wrong, on a clock that no test sets. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const now = () => new Event("now").timeStamp;
    const times = { broken: 0, told: 0 };
    Object.assign(window, { times });
    const ask = window.fetch;
    window.fetch = async (...request) => {
      try {
        const answer = await ask(...request);
        if (!answer.ok) times.broken ||= now();
        return answer;
      } catch (error) {
        times.broken ||= now();
        throw error;
      }
    };
    const say = console.error;
    console.error = (...words) => {
      if (String(words[0]).includes("panicked at")) times.broken ||= now();
      say(...words);
    };
    new MutationObserver(() => {
      if (document.getElementById("failure")) times.told ||= now();
    }).observe(document, { childList: true, subtree: true });
  });
}

type Times = { times: { broken: number; told: number } };

/** From what went wrong to what is said of it. */
async function toldAfter(page: Page): Promise<number> {
  const { broken, told } = await page.evaluate(() => (window as unknown as Times).times);
  expect(broken).toBeGreaterThan(0);
  return told - broken;
}

const failure = (page: Page) => page.getByRole("alert");
const isUp = (page: Page) => expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();

/** A screen that says what happened, what is safe and what to do, with nothing of the app behind it. */
async function says(page: Page, title: string): Promise<void> {
  const heading = failure(page).getByRole("heading", { name: title, exact: true });
  await expect(heading).toBeVisible();
  await expect(heading).toBeFocused();
  await expect(failure(page)).toContainText("What you have put aside stays so");
  await expect(failure(page)).toContainText(/Reference: [0-9a-f]{8}/);
  await expect(failure(page).getByRole("button", { name: "Load it again" })).toBeVisible();
  await expect(page.locator("#boot")).toHaveCount(0);
  await expect(page.getByRole("navigation")).toHaveCount(0);
}

test.describe("e01", () => {
  const blocked = (route: Route) => route.abort("blockedbyclient");
  const broken: [what: string, file: RegExp, how: (route: Route) => Promise<void>][] = [
    ["the program is blocked", PROGRAM, blocked],
    ["the program is cut off", PROGRAM, cutOff],
    ["the program is a page of somebody else", PROGRAM, answers(200, "text/html", "<!doctype html><title>Sign in</title>")],
    ["the program is answered with an error", PROGRAM, answers(500, "text/plain")],
    ["the script is blocked", GLUE, blocked],
    ["the script is cut off", GLUE, cutOff],
    ["no catalog can be had", CATALOG, blocked],
    ["the catalog is a page of somebody else", CATALOG, answers(200, "text/html", "<!doctype html><title>Sign in</title>")],
  ];
  for (const [what, file, how] of broken) {
    test(`e01 ${what}: it is said at once, and loading it again helps`, async ({ page, noBarriers }) => {
      await watch(page);
      await page.route(file, how);
      await page.goto("/p/BO-075-COA");
      await says(page, "This page could not start");
      if (file !== GLUE && how === blocked) expect(await toldAfter(page)).toBeLessThan(500);
      await noBarriers();
      await page.unroute(file);
      await failure(page).getByRole("button", { name: "Load it again" }).click();
      await expect(page.getByRole("heading", { name: /Boreal insulated bottle/ })).toBeVisible();
      await expect(page).toHaveURL(/\/p\/BO-075-COA$/);
    });
  }

  test("e01 a program of the wrong type is taken all the same", async ({ page }) => {
    await page.route(PROGRAM, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, headers: { ...answer.headers(), "content-type": "application/octet-stream" } });
    });
    await page.goto("/");
    await isUp(page);
  });

  test("e01 without WebAssembly the page names what is missing", async ({ page }) => {
    await page.addInitScript(() => Reflect.deleteProperty(window, "WebAssembly"));
    await page.goto("/");
    await says(page, "This page could not start");
    await expect(failure(page)).toContainText("too old");
  });

  test("e01 a program that does not arrive is waited for, and the shopper is told", async ({ page }) => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(PROGRAM, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto("/", { waitUntil: "commit" });
    await expect(page.locator("#boot")).toBeAttached();
    await page.clock.runFor(10_500);
    await expect(failure(page)).toContainText("This takes long");
    release();
    await isUp(page);
    await expect(failure(page)).toHaveCount(0);
  });

  test("e01 where not even the script runs that would say so, a link does after a while", async ({ page, shop }) => {
    // Somebody on the way, or in the browser, allows no script that stands in a page.
    await page.route(`${shop.url}/`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": "script-src 'self'; object-src 'none'" } });
    });
    await page.goto("/");
    const link = page.getByRole("link", { name: "Load this page again" });
    await expect(link).toBeHidden();
    await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
    await expect(link).toBeVisible();
    await page.unrouteAll();
    await link.click();
    await isUp(page);
  });

  test("e01 without JavaScript the page says what it needs", async ({ browser, shop }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(shop.url);
    await expect(page.locator(".noscript")).toBeVisible();
    await expect(page.locator(".noscript")).toContainText("needs JavaScript and WebAssembly");
    await context.close();
  });

  test("e01 the skeleton stands where the start screen will", async ({ page }) => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(PROGRAM, async (route) => {
      await held;
      await route.continue();
    });
    const place = (selector: string) => page.locator(selector).first().boundingBox();
    await page.goto("/", { waitUntil: "commit" });
    await expect(page.locator(".boot__search")).toBeVisible();
    const [search, tabs] = [await place(".boot__search"), await place("#boot .tabs")];
    release();
    await isUp(page);
    expect(await place(".search-box")).toEqual(search);
    expect(await place("nav.tabs")).toEqual(tabs);
  });
});

test.describe("what a link leads to", () => {
  /** The headings that are seen, whenever the browser draws. */
  const watchHeadings = (page: Page) =>
    page.addInitScript(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const look = () => {
        const headings = [...document.querySelectorAll("h1")].filter((heading) => heading.checkVisibility());
        seen.push(headings.map((heading) => heading.textContent).join(" and "));
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  const seen = async (page: Page) => {
    const all = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    return [...new Set(all.slice(all.findIndex(Boolean)))];
  };

  /** Holds the program back until it is let go. */
  async function holdProgram(page: Page): Promise<() => void> {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(PROGRAM, async (route) => {
      await held;
      await route.continue();
    });
    return release;
  }

  test("a product is there before the program, and nothing moves when that takes over", async ({ page }) => {
    const letGo = await holdProgram(page);
    await watchHeadings(page);
    const looks = async (screen: string) => {
      const heading = page.locator(`${screen} h1`);
      await expect(heading).toHaveText("Boreal insulated bottle 0.75 L");
      const picture = page.locator(`${screen} .picture img`).last();
      await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true);
      const price = page.locator(`${screen} .product__price`);
      return { heading: await heading.boundingBox(), picture: await picture.boundingBox(), price: await price.boundingBox(), amount: await price.innerText() };
    };
    await page.goto("/p/BO-075-GLA", { waitUntil: "commit" });
    const early = await looks("#boot");
    expect(early.amount).toMatch(/\d/);
    letGo();
    await expect(page.locator("#boot")).toHaveCount(0);
    expect(await looks("#main")).toEqual(early);
    expect(await seen(page)).toEqual(["Boreal insulated bottle 0.75 L"]);
  });

  test("a shop is named before the program, and its name does not move", async ({ page }) => {
    const letGo = await holdProgram(page);
    await watchHeadings(page);
    await page.goto("/stores/lyo-part-dieu", { waitUntil: "commit" });
    const heading = (screen: string) => page.locator(`${screen} h1`);
    await expect(heading("#boot")).toContainText("Part-Dieu");
    const [name, place] = [await heading("#boot").innerText(), await heading("#boot").boundingBox()];
    letGo();
    await expect(page.locator("#boot")).toHaveCount(0);
    expect(await heading("#main").boundingBox()).toEqual(place);
    expect(await seen(page)).toEqual([name]);
  });

  test("words stand in the field before the program, where they stay", async ({ page }) => {
    const letGo = await holdProgram(page);
    await page.goto("/search?q=rain+jacket", { waitUntil: "commit" });
    const early = page.locator(".boot__search");
    await expect(early).toHaveText("rain jacket");
    const text = (element: Element) => element.getBoundingClientRect().left + parseFloat(getComputedStyle(element).paddingLeft);
    const left = await early.evaluate(text);
    letGo();
    await isUp(page);
    const field = page.getByRole("combobox").first();
    await expect(field).toHaveValue("rain jacket");
    expect(Math.abs((await field.evaluate(text)) - left)).toBeLessThan(3);
  });
});

test("a product that is not answered leaves the page to the program", async ({ page }) => {
  await page.route("**/v1/products/BO-075-GLA", (route) => route.fulfill({ status: 500, body: "<h1>" }));
  await page.goto("/p/BO-075-GLA");
  await expect(page.locator("#main").getByRole("button", { name: "Try again" })).toBeVisible();
  await expect(page.locator("#boot")).toHaveCount(0);
});

test.describe("e02", () => {
  /** From now on the browser refuses to make what screens are made of: the program has no answer to that but to panic. */
  const refuseToDraw = async (page: Page) => {
    // Not the first screen, which is drawn a little later than what is around it.
    await expect(page.locator("#boot")).toHaveCount(0);
    await page.evaluate(() => {
      const refuse = () => {
        throw new Error("refused");
      };
      Node.prototype.cloneNode = refuse;
      document.createElementNS = refuse;
    });
  };

  /** The program's memory is not what it was. */
  const overwriteMemory = (page: Page) =>
    page.evaluate(() => {
      const { memory } = window as unknown as { memory: WebAssembly.Memory };
      new Uint8Array(memory.buffer).fill(0xa5);
    });

  const findMemory = (page: Page) =>
    page.addInitScript(() => {
      const { instantiateStreaming } = WebAssembly;
      WebAssembly.instantiateStreaming = async (...request) => {
        const made = await instantiateStreaming(...request);
        const memory = Object.values(made.instance.exports).find((thing) => thing instanceof WebAssembly.Memory);
        Object.assign(window, { memory });
        return made;
      };
    });

  const kept = (page: Page) => page.evaluate(() => localStorage.getItem("nearshelf/1"));

  test("e02 a panic while a screen is drawn after a tap is said within half a second", async ({ context }) => {
    // With a clock of its own, as it is measured.
    const page = await context.newPage();
    await watch(page);
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    const app = new App(page);
    await app.open();
    await expect(app.product("Bearing compass")).toBeVisible();
    await refuseToDraw(page);
    await app.openTab("Stores");
    await says(page, "Something went wrong");
    expect(await toldAfter(page)).toBeLessThan(500);
    expect(said.filter((text) => text.includes("panicked at"))).not.toEqual([]);
    await failure(page).getByRole("button", { name: "Load it again" }).click();
    // At the screen that was there last.
    await isUp(page);
  });

  test("e02 a memory that is not what it was ends the app at the next timer", async ({ context, place }) => {
    // With a clock of its own: the one that tests set swallows what a timer throws.
    const page = await context.newPage();
    await findMemory(page);
    await place.is(45.761, 4.845);
    const app = new App(page);
    await app.open("/p/BO-075-COA");
    await app.useMyLocation();
    await expect(app.reserveLink).toBeVisible();
    await overwriteMemory(page);
    await says(page, "Something went wrong");
  });

  test("e02 an exception in the middle of a live event ends the app, and its stream is closed", async ({ page, place, shop }) => {
    const proxy = await Proxy.before(shop);
    try {
      await page.goto(proxy.url);
      const app = new App(page);
      await app.choosePlaceByName("69003", "Lyon Part-Dieu");
      await page.goto(`${proxy.url}/p/BO-075-COA`);
      await expect.poll(() => proxy.open).toBe(1);
      await expect(page.getByText(/^live/)).toBeVisible();
      await page.evaluate(() => {
        Object.defineProperty(MessageEvent.prototype, "lastEventId", {
          get() {
            throw new Error("refused");
          },
        });
      });
      await shop.sell("lyo-part-dieu", "BO-075-COA");
      await says(page, "Something went wrong");
      await expect.poll(() => proxy.open).toBe(0);
    } finally {
      await proxy.close();
    }
  });

  test("e02 an exception in a task that waits for the network ends the app", async ({ page }) => {
    const app = new App(page);
    await app.open();
    await page.evaluate(() => {
      Object.defineProperty(Response.prototype, "status", {
        get() {
          throw new Error("refused");
        },
      });
    });
    // A product is asked of the server, whatever the device knows.
    await page.locator("a.product-row").first().click();
    await says(page, "Something went wrong");
  });

  test("e02 no memory to be had is said as well", async ({ page }) => {
    await page.route(PROGRAM, withoutMemory);
    await page.goto("/");
    await says(page, "Something went wrong");
  });

  test("e02 nothing of the app runs after its end", async ({ page }) => {
    const app = new App(page);
    await app.open();
    await refuseToDraw(page);
    await app.openTab("Stores");
    await says(page, "Something went wrong");
    const before = await kept(page);
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    // Whatever the app listened to.
    await page.evaluate(() => {
      for (const name of ["online", "offline", "pagehide", "pageshow", "focus", "storage", "resize", "scroll"]) dispatchEvent(new Event(name));
      dispatchEvent(new PopStateEvent("popstate", { state: null }));
      document.dispatchEvent(new Event("visibilitychange"));
      history.pushState(null, "", "/");
      history.back();
    });
    await page.clock.runFor(60_000);
    await says(page, "Something went wrong");
    expect(await kept(page)).toBe(before);
    expect(faults).toEqual([]);
  });

  test("e02 what went wrong outside of the app does not end it", async ({ page }) => {
    const app = new App(page);
    await app.open();
    await page.evaluate(() => {
      const error = new TypeError("extension");
      error.stack = "TypeError: extension\n    at chrome-extension://abcdef/content.js:1:1";
      dispatchEvent(new ErrorEvent("error", { error, filename: "chrome-extension://abcdef/content.js", message: "extension" }));
      dispatchEvent(new ErrorEvent("error", { message: "ResizeObserver loop completed with undelivered notifications." }));
      dispatchEvent(new PromiseRejectionEvent("unhandledrejection", { promise: Promise.resolve(), reason: undefined }));
    });
    await app.openTab("Pickups");
    await expect(page).toHaveURL(/\/pickups$/);
    await expect(failure(page)).toHaveCount(0);
  });

  test("e02 a reservation that was not answered survives the end, loading again and starting afresh", async ({ page, place }) => {
    await place.is(45.761, 4.845);
    const app = new App(page);
    await app.open("/p/BO-075-COA");
    await app.useMyLocation();
    await app.reserveLink.click();
    await app.fillContact();
    await page.route("**/v1/reservations", (route) => route.abort("connectionfailed"));
    await app.reserveButton.click();
    // What waits to be sent, with its key.
    const unanswered = () => page.evaluate(() => /"key":"[^"]+"/.exec(localStorage.getItem("nearshelf/queue/1") ?? "")?.[0]);
    await expect.poll(unanswered).toBeTruthy();
    const wish = await unanswered();
    await page.goto("/");
    const end = async () => {
      await isUp(page);
      await refuseToDraw(page);
      // Something else that it draws may have ended it by then, and the tab is gone with it.
      const tab = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Pickups" });
      await tab.or(failure(page)).first().waitFor();
      await tab.click({ timeout: 1_000 }).catch(() => {});
      await says(page, "Something went wrong");
      expect(await unanswered()).toEqual(wish);
    };
    await end();
    await failure(page).getByRole("button", { name: "Load it again" }).click();
    await isUp(page);
    await page.goto("/");
    await end();
    await failure(page).getByRole("button", { name: "Start afresh" }).click();
    await isUp(page);
    expect(await unanswered()).toEqual(wish);
    const left = JSON.parse((await kept(page)) ?? "{}") as { place?: unknown; basket?: unknown[] };
    expect(left.place ?? null).toBeNull();
    expect(left.basket ?? []).toEqual([]);
  });

  test("e02 an app that ends three times within a minute starts safe, and as ever a minute later", async ({ page }) => {
    const isSafe = () => page.evaluate(() => (window as unknown as { nearshelf: { safe: boolean } }).nearshelf.safe);
    const app = new App(page);
    await app.open();
    for (let time = 1; time <= 3; time++) {
      expect(await isSafe()).toBe(false);
      await refuseToDraw(page);
      await app.openTab(time % 2 === 1 ? "Stores" : "Pickups");
      await says(page, "Something went wrong");
      await failure(page).getByRole("button", { name: "Load it again" }).click();
      await isUp(page);
    }
    expect(await isSafe()).toBe(true);
    await page.clock.setFixedTime(new Date("2026-11-20T10:02:00Z"));
    await page.reload();
    await isUp(page);
    expect(await isSafe()).toBe(false);
  });
});

test.describe("e16", () => {
  /** How often the page itself was loaded. */
  function loads(page: Page): () => number {
    let count = 0;
    page.on("request", (request) => (count += Number(request.isNavigationRequest())));
    return () => count;
  }

  for (const [what, file] of [["program", PROGRAM], ["script", GLUE], ["catalog", CATALOG]] as const) {
    test(`e16 where the server has the ${what} no more, the page is loaded anew once and not twice`, async ({ page, release: { shop } }) => {
      const count = loads(page);
      await page.route(file, answers(404, "application/problem+json", "{}"));
      await page.goto(shop.url);
      await says(page, "This page could not start");
      expect(count()).toBe(2);
    });
  }

  test("e16 a page of the version before finds the one that is there now", async ({ page, release: { dist, shop } }) => {
    const index = join(dist, "index.html");
    const now = await readFile(index, "utf8");
    const before = now.replace(/nearshelf-[0-9a-f]+(?=\.js|_bg)/g, "nearshelf-00112233445566ff");
    let first = true;
    await page.route(`${shop.url}/`, async (route) => {
      const body = first ? before : now;
      first = false;
      await route.fulfill({ status: 200, contentType: "text/html", body });
    });
    await page.goto(shop.url);
    await isUp(page);
    expect(first).toBe(false);
  });

  test.describe("with what the browser keeps", () => {
    test.use({ serviceWorkers: "allow" });

    test("e16 a kept version with a hole that the server cannot fill makes way for the one that is there now", async ({ page, release: { dist, shop } }) => {
      await page.goto(shop.url);
      await page.evaluate(() => navigator.serviceWorker.ready);
      await expect.poll(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller))).toBe(true);
      // A deployment: other names, and the old ones are gone.
      const glue = (await readdir(dist)).find((name) => /^nearshelf-[0-9a-f]+\.js$/.test(name))!;
      const old = glue.slice("nearshelf-".length, -".js".length);
      const renamed = "00112233445566ff";
      for (const name of await readdir(dist)) {
        if (!name.includes(old)) continue;
        if (/\.(js|wasm)$/.test(name)) {
          const text = await readFile(join(dist, name), "latin1");
          await writeFile(join(dist, name.replace(old, renamed)), text.replaceAll(old, renamed), "latin1");
        }
        await rm(join(dist, name));
      }
      const index = join(dist, "index.html");
      await writeFile(index, (await readFile(index, "utf8")).replaceAll(old, renamed));
      for (const twin of [".br", ".gz"]) await rm(index + twin, { force: true });
      // The device has thrown the program away, and kept the page.
      await page.evaluate(async (name) => {
        for (const cache of await caches.keys()) await (await caches.open(cache)).delete(`/nearshelf-${name}_bg.wasm`);
      }, old);
      await (await page.context().newCDPSession(page)).send("Network.clearBrowserCache");
      const count = loads(page);
      await page.goto(shop.url);
      await isUp(page);
      expect(count()).toBeGreaterThan(1);
      await expect(page.locator('meta[name="nearshelf-program"]')).toHaveAttribute("content", `/nearshelf-${renamed}.js`);
    });
  });
});
