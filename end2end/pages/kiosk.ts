// What somebody does before a screen in a shop.

import { expect, type Locator, type Page } from "@playwright/test";
import type { Shop } from "../shop";

export const HERE = "lyo-part-dieu";
export const CODE = "246810";

export class Kiosk {
  constructor(readonly page: Page) {}

  /** Staff set the screen up. */
  async pair(shop: Shop): Promise<string> {
    const token = await shop.tokenFor("device", HERE);
    await this.page.goto(`/kiosk/${HERE}`);
    await this.tryPairing(token);
    await this.isReady();
    return token;
  }

  async tryPairing(token: string, code = CODE): Promise<void> {
    await this.page.getByLabel("Device token").fill(token);
    await this.page.getByLabel("A code for staff").fill(code);
    await this.page.getByRole("button", { name: "Start", exact: true }).click();
  }

  async isReady(): Promise<void> {
    await expect(this.page.getByRole("heading", { name: "What are you looking for?" })).toBeVisible();
    await expect(this.tiles.first()).toBeVisible();
  }

  get field(): Locator {
    return this.page.getByRole("searchbox");
  }

  get tiles(): Locator {
    return this.page.getByRole("region", { name: "Products" }).locator(".tile");
  }

  tile(title: string): Locator {
    return this.tiles.filter({ hasText: title }).first();
  }

  get keyboard(): Locator {
    return this.page.getByRole("group", { name: "Keyboard" });
  }

  /** On the screen's own keyboard, finger by finger. */
  async touch(word: string): Promise<void> {
    for (const letter of word) {
      const name = letter === " " ? "Space" : letter;
      await this.keyboard.getByRole("button", { name, exact: true }).click();
    }
  }

  /** A scanner types as fast as it can, whatever has the focus. */
  async scan(code: string): Promise<void> {
    const keys = await this.page.context().newCDPSession(this.page);
    const down = (key: string, text: string, more = {}) => keys.send("Input.dispatchKeyEvent", { type: "keyDown", key, text, ...more });
    const up = (key: string) => keys.send("Input.dispatchKeyEvent", { type: "keyUp", key });
    // All of it is on its way before the first key is answered.
    const sent = [...code].flatMap((letter) => [down(letter, letter), up(letter)]);
    sent.push(down("Enter", "\r", { code: "Enter", windowsVirtualKeyCode: 13 }), up("Enter"));
    await Promise.all(sent);
    await keys.detach();
  }

  /** Types words and opens what is found. */
  async open(words: string, title: string): Promise<void> {
    await this.field.fill(words);
    await this.tile(title).click();
    await expect(this.page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  }

  /** So long nobody touches the screen. */
  async nobodyFor(seconds: number): Promise<void> {
    await this.page.clock.runFor(seconds * 1_000);
  }

  get question(): Locator {
    return this.page.getByRole("alertdialog", { name: "Are you still there?" });
  }

  /** Everything passes that it takes for a fresh document to come, and it comes. */
  async leave(): Promise<void> {
    await this.page.evaluate(() => Object.assign(window, { old: true }));
    await this.nobodyFor(61);
    await this.nobodyFor(16);
    await expect.poll(() => this.page.evaluate(() => "old" in window).catch(() => true)).toBe(false);
    await this.isReady();
  }
}
