// What a shopper can do, in the shopper's words. Journeys use only this and what is on the screen.

import { expect, type Locator, type Page } from "@playwright/test";

export class App {
  constructor(readonly page: Page) {}

  /** The index is on the device: from here on the worker answers. */
  async searchIsReady() {
    await expect(this.page.locator("html[data-search=ready]")).toBeAttached({ timeout: 15_000 });
  }

  async open(path = "/"): Promise<void> {
    await this.page.goto(path);
    await expect(this.page.getByRole("navigation", { name: "Main" }).or(this.actions)).not.toHaveCount(0);
  }

  /** The bar at the bottom with the main action. */
  get actions(): Locator {
    return this.page.locator(".action-bar");
  }

  get search(): Locator {
    return this.page.getByRole("combobox", { name: /^Search/ });
  }

  get sheet(): Locator {
    return this.page.getByRole("dialog", { name: "Where are you?" });
  }

  /** Opens the sheet from wherever the shopper is. */
  async choosePlace(): Promise<void> {
    await this.page.getByRole("button", { name: /Choose (your shop|a place)/ }).first().click();
    await expect(this.sheet).toBeVisible();
  }

  async useMyLocation(): Promise<void> {
    await this.choosePlace();
    await this.sheet.getByRole("button", { name: "Use my location" }).click();
  }

  /** Names a town, postcode or shop and takes the first answer with that name. */
  async choosePlaceByName(words: string, shop: string): Promise<void> {
    if (!(await this.sheet.isVisible())) await this.choosePlace();
    await this.sheet.getByRole("searchbox").fill(words);
    await this.sheet.getByRole("button", { name: shop }).first().click();
    await expect(this.sheet).toBeHidden();
  }

  /** The sheet with the camera. */
  async openScanner(): Promise<Locator> {
    await this.page.getByRole("button", { name: "Scan a barcode" }).click();
    const sheet = this.page.getByRole("dialog", { name: "Scan a barcode" });
    await expect(sheet).toBeVisible();
    return sheet;
  }

  product(title: string): Locator {
    return this.page.getByRole("region", { name: "Products" }).getByRole("link", { name: title });
  }

  /** The row of a shop on the screen of a product. */
  offer(shop: string): Locator {
    return this.page.getByRole("radiogroup").locator("label").filter({ hasText: shop });
  }

  get reserveLink(): Locator {
    return this.actions.getByRole("link", { name: /eserve at/ });
  }

  get reserveButton(): Locator {
    return this.actions.getByRole("button", { name: /eserve at/ });
  }

  async fillContact(name = "Ada Lovelace", email = "ada@example.org"): Promise<void> {
    await this.page.getByLabel("Name").fill(name);
    await this.page.getByLabel("E-mail").fill(email);
  }

  /** The pass that is shown after a reservation; answers its code. */
  async passCode(): Promise<string> {
    await expect(this.page.getByRole("heading", { name: "Your pickup", exact: true })).toBeVisible();
    await expect(this.page.getByRole("img", { name: /QR code/ })).toBeVisible();
    const code = await this.page.locator(".code").innerText();
    expect(code).toMatch(/^[2-9A-Z]{2}-[2-9A-Z]{3}$/);
    return code;
  }

  async openTab(name: "Search" | "Stores" | "Pickups"): Promise<void> {
    await this.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
  }
}

/** Goes to another screen of the app as a tap on a link does. */
export async function tap(page: Page, path: string): Promise<void> {
  await page.evaluate((path) => {
    const link = document.createElement("a");
    link.href = path;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
}
