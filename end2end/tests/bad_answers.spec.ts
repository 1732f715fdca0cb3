// Over 300 bad answers made of good ones: each screen says what happened or shows what can be shown, and never ends.
//
// `SEED=7 cargo xtask end2end bad_answers.spec.ts` makes others.

import type { Page, Route } from "@playwright/test";
import { expect, test } from "../fixtures";
import { mutations, type Mutation } from "../mutations";
import { App, tap } from "../pages/app";
import type { Shop } from "../shop";

const SEED = Number(process.env.SEED ?? 20_261_120);
const EACH = 28;

type Screen = {
  name: string;
  /** The answers that are bad: method and path. */
  answers: RegExp;
  path: string | ((shop: Shop) => Promise<string>);
  /** Words of the screen when all is well. */
  words: string | RegExp;
  /** What is asked once for the whole app, or kept, needs a new page each time. */
  anew?: boolean;
  /** Without this answer the screen has everything but a trifle, and says nothing. */
  trifle?: boolean;
};

const SCREENS: Screen[] = [
  { name: "start", answers: /^GET \/v1\/products\?/, path: "/", words: "Bearing compass" },
  { name: "shops around", answers: /^POST \/v1\/locations\/search/, path: "/", words: "Lyon Part-Dieu", anew: true },
  { name: "search", answers: /^GET \/v1\/products\?/, path: "/search?q=bottle", words: "Boreal insulated bottle" },
  { name: "stock of a list", answers: /^POST \/v1\/availability$/, path: "/search?q=bottle", words: "at Part-Dieu", trifle: true },
  { name: "product", answers: /^GET \/v1\/products\/BO/, path: "/p/BO-075-GLA", words: "Double-walled" },
  { name: "stock of a product", answers: /^POST \/v1\/availability$/, path: "/p/BO-075-GLA", words: "1 left" },
  { name: "shop", answers: /^GET \/v1\/locations\/lyo/, path: "/stores/lyo-part-dieu", words: "17 rue du Docteur Bouchut" },
  { name: "shops", answers: /^POST \/v1\/locations\/search/, path: "/stores", words: "Lyon Bellecour" },
  { name: "basket", answers: /^POST \/v1\/availability$/, path: "/basket", words: /It is at|All 1/ },
  { name: "desk", answers: /^GET \/v1\/products\//, path: "/reserve?sku=BO-075-GLA&store=lyo-part-dieu", words: "Who collects it?" },
  {
    name: "pickup",
    answers: /^GET \/v1\/reservations\//,
    path: async (shop) => (await shop.reserve("lyo-bellecour", "BO-075-GLA")).pass_url,
    words: /^[2-9A-Z]{2}-[2-9A-Z]{3}$/,
    anew: true,
  },
];

/** Answers that are bad for as long as there is a mutation. */
class Network {
  mutation?: Mutation;
  good = "";
  answered = 0;

  constructor(private readonly answers: RegExp) {}

  readonly handle = async (route: Route): Promise<void> => {
    const request = route.request();
    const { pathname, search } = new URL(request.url());
    if (!this.answers.test(`${request.method()} ${pathname}${search}`)) return route.fallback();
    if (this.mutation) {
      const { body, contentType } = this.mutation;
      await route.fulfill({ status: 200, contentType, body }).catch(() => {});
    } else {
      const answer = await route.fetch();
      this.good = await answer.text();
      await route.fulfill({ response: answer, body: this.good });
    }
    this.answered += 1;
  };
}

type Seen = { text: string; alert: boolean; again: boolean; failure: boolean };

/** What is on the screen once nothing is on its way any more. */
async function seen(page: Page): Promise<Seen> {
  const settled = await page.evaluate(async () => {
    const main = () => document.querySelector("main")?.innerText.trim() ?? "";
    // A sheet that was closed may have kept its own.
    const waits = () => [...document.querySelectorAll(".skeleton")].some((one) => one.checkVisibility());
    let still = 0;
    for (let n = 0; n < 500 && still < 4; n++) {
      await new Promise((done) => setTimeout(done, 10));
      still = main() && !waits() ? still + 1 : 0;
    }
    const alert = document.querySelector("main [role=alert]");
    return {
      still: still >= 4,
      text: document.body.innerText,
      alert: Boolean(alert),
      again: Boolean(alert?.querySelector("button")),
      failure: Boolean(document.querySelector("#failure")),
    };
  });
  expect(settled.still, `nothing comes, and nothing is said: ${settled.text}`).toBe(true);
  return settled;
}

for (const [number, screen] of SCREENS.entries()) {
  test(`e03 e04 bad answers for ${screen.name} end nothing and hide nothing`, async ({ page, shop }) => {
    test.setTimeout(90_000);
    const app = new App(page);
    const ended: string[] = [];
    page.on("pageerror", (error) => ended.push(String(error)));
    // With the workers there the app would mend itself before anybody saw what came.
    await page.route(/\/(search|places)\/worker-/, (route) => route.abort());
    await app.open();
    await app.choosePlaceByName("69003", "Lyon Part-Dieu");
    if (screen.name === "basket") {
      await app.open("/p/BO-075-COA");
      await page.getByRole("button", { name: "Add to basket" }).click();
      await expect(page.getByRole("link", { name: "In your basket" })).toBeVisible();
    }
    const words = page.getByText(screen.words).filter({ visible: true });
    const network = new Network(screen.answers);
    await page.route("**/v1/**", network.handle);
    const path = typeof screen.path === "string" ? screen.path : await screen.path(shop);
    const kept = await page.evaluate(() => JSON.stringify(localStorage));
    const visit = async (): Promise<Seen> => {
      if (screen.anew) {
        await page.evaluate((kept) => {
          localStorage.clear();
          for (const [name, value] of Object.entries(JSON.parse(kept) as Record<string, string>)) localStorage.setItem(name, value);
        }, kept);
        const before = network.answered;
        await page.goto("about:blank");
        await page.goto(path);
        await expect.poll(() => network.answered, { intervals: [10, 20, 50] }).toBeGreaterThan(before);
      } else {
        await tap(page, "/nowhere");
        await expect(page.getByText("This page does not exist")).toBeVisible();
        const before = network.answered;
        await tap(page, path);
        await expect.poll(() => network.answered, { intervals: [10, 20, 50] }).toBeGreaterThan(before);
      }
      return seen(page);
    };
    // All is well.
    await visit();
    await expect(words.first()).toBeVisible();
    expect(network.good).not.toBe("");

    let failed = 0;
    const list = mutations(network.good, EACH, SEED + number);
    console.log(`${screen.name}: ${list.length} bad answers with the seed ${SEED + number}`);
    for (const mutation of list) {
      network.mutation = mutation;
      const { text, alert, again, failure } = await visit();
      const said = `${mutation.what}\n${mutation.body.slice(0, 2_000)}\n--- shows\n${text.slice(0, 1_500)}`;
      expect(failure, `the app ended: ${said}`).toBe(false);
      expect(ended, said).toEqual([]);
      expect(text.trim().length, `nothing is said: ${said}`).toBeGreaterThan(40);
      expect(text, said).not.toMatch(/NaN|undefined|Infinity|\[object/);
      if (alert) expect(again, `a failure without a way on: ${said}`).toBe(true);
      if (mutation.readable === true) {
        expect(alert, said).toBe(false);
        await expect(words.first(), said).toBeVisible();
      }
      if (mutation.readable === false && !screen.trifle) expect(alert, `not said: ${said}`).toBe(true);
      failed += Number(alert);
    }
    // The control: if none of them was said to be bad, this has looked at nothing.
    if (!screen.trifle) expect(failed).toBeGreaterThan(8);
    // One tap, and all is well again.
    network.mutation = { what: "the last one", body: "", contentType: "application/json" };
    await visit();
    network.mutation = undefined;
    if (!screen.trifle) await page.getByRole("button", { name: "Try again" }).first().click();
    else await visit();
    await expect(words.first()).toBeVisible();
  });
}
