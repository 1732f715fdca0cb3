// What every journey starts with: `import { test, expect } from "../fixtures"`.
//
// - `shop`      a server of its own for each test; `test.use({ catalogue: "electronics" })` for the large one
// - `page`      its clock stands still at the server's instant while timers run; a panic or an uncaught error fails the test
// - `place`     where the shopper is, or that they do not say
// - `release`   a server of its own with an app of its own, which the test may change
// - `noBarriers()`  an audit of the page as it is now

import AxeBuilder from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";
import { Release } from "./release";
import { NOW, Shop, prepared, type Catalogue } from "./shop";

export { expect, NOW };

export type Options = {
  /** The feeds that the shop was filled from. */
  catalogue: Catalogue;
  /** More options of `nearshelf-server serve`. */
  serve: string[];
  /** The test breaks the app on purpose: what it says in the console then is none of our affair. */
  breaks: boolean;
  /** Countries whose postcodes are imported, as far as they are on this machine. */
  gazetteers: string[];
};

type Place = {
  /** The shopper lets the page know that they are here. */
  is(latitude: number, longitude: number, accuracy?: number): Promise<void>;
  /** The shopper keeps it to themselves. */
  isSecret(): Promise<void>;
  /** The shopper lets the page know, and the device finds nothing until the page has waited long enough. */
  isNotFound(): Promise<void>;
};

type Fixtures = {
  shop: Shop;
  release: Release;
  place: Place;
  /** Fails with the list of barriers (WCAG 2.2, A and AA) that a machine can find. */
  noBarriers(): Promise<void>;
};

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export const test = base.extend<Options & Fixtures>({
  catalogue: ["demo", { option: true }],
  serve: [[], { option: true }],
  gazetteers: [[], { option: true }],
  breaks: [false, { option: true }],

  shop: async ({ catalogue, serve, gazetteers }, use, info) => {
    info.skip(!prepared(catalogue), `the feeds of "${catalogue}" are not on this machine`);
    info.skip(gazetteers.length > 0 && !process.env.NEARSHELF_POSTCODES, "there are no postcodes on this machine");
    const shop = await Shop.open(catalogue, serve, gazetteers);
    try {
      await use(shop);
    } finally {
      await shop.close();
      if (info.status !== info.expectedStatus) await info.attach("server.log", { body: shop.log });
    }
  },

  release: async ({}, use) => {
    const release = await Release.open();
    try {
      await use(release);
    } finally {
      await release.close();
    }
  },

  baseURL: async ({ shop }, use) => use(shop.url),

  page: async ({ page, breaks }, use) => {
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
      const text = message.text();
      if (/panicked at|Content Security Policy/.test(text)) faults.push(text);
    });
    await page.clock.setFixedTime(NOW);
    await use(page);
    if (!breaks) expect(faults, "faults in the browser's console").toEqual([]);
  },

  place: async ({ context, shop }, use) => {
    await use({
      async is(latitude, longitude, accuracy = 20) {
        await context.grantPermissions(["geolocation"], { origin: shop.url });
        await context.setGeolocation({ latitude, longitude, accuracy });
      },
      async isSecret() {
        await context.clearPermissions();
      },
      async isNotFound() {
        await context.grantPermissions(["geolocation"], { origin: shop.url });
      },
    });
  },

  noBarriers: async ({ page }, use) => {
    await use(async () => {
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((n) => n.target.join(" ")).join(", ")}`);
      expect(found).toEqual([]);
    });
  },
});
