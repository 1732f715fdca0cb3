// What the owner of a pass can do with it, each with the server's word.

import { readFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";
import type { Shop } from "../shop";

type Pass = { id: string; code: string; pass_url: string };

/** Puts several products aside, as the app does. */
async function putAside(shop: Shop, location: string, skus: string[], method = "in_store"): Promise<Pass> {
  const answer = await fetch(`${shop.url}/v1/reservations`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
    body: JSON.stringify({
      location_id: location,
      method,
      items: skus.map((sku) => ({ sku, quantity: 1 })),
      contact: { name: "Ada Lovelace", email: "ada@shopper.example" },
    }),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Pass;
}

async function open(page: Page, pass: Pass): Promise<App> {
  const app = new App(page);
  await page.goto(pass.pass_url);
  expect(await app.passCode()).toBe(pass.code);
  return app;
}

const told = (page: Page) => page.locator(".pass__told");

test("it is kept longer once, and then the pass says why not again", async ({ page, shop, noBarriers }) => {
  await open(page, await putAside(shop, "lyo-part-dieu", ["BO-075-COA"]));
  await expect(page.getByText(/^held 49 h/)).toBeVisible();
  await page.getByRole("button", { name: "Keep it longer" }).click();
  await expect(told(page)).toHaveText(/^It is kept until Tue,? 24 Nov, 12:00 now\.$/);
  await expect(page.getByText(/^held 97 h/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Keep it longer" })).toHaveCount(0);
  await expect(page.getByText("It was kept longer once already.")).toBeVisible();
  await noBarriers();
});

test("somebody else collects it: a name is needed, and the pass shows it", async ({ page, shop, noBarriers }) => {
  await open(page, await putAside(shop, "lyo-part-dieu", ["BO-075-COA"]));
  await expect(page.getByText("To be collected by Ada Lovelace")).toBeVisible();
  await page.getByRole("button", { name: "Somebody else collects it" }).click();
  const sheet = page.getByRole("dialog", { name: "Who collects it?" });
  await sheet.getByRole("button", { name: "Tell the shop" }).click();
  await expect(sheet.getByText("Please give a name for the desk.")).toBeVisible();
  await noBarriers();
  await sheet.getByLabel("Name").fill("Grace Hopper");
  await sheet.getByRole("button", { name: "Tell the shop" }).click();
  await expect(sheet).toBeHidden();
  await expect(told(page)).toContainText("Grace Hopper can collect it.");
  await expect(page.getByText("To be collected by Grace Hopper")).toBeVisible();
});

test("it moves to another shop that has all of it, with a new code", async ({ page, shop, noBarriers }) => {
  const pass = await putAside(shop, "lyo-part-dieu", ["BO-075-COA", "BO-040-FRN"]);
  await shop.count("lyo-villeurbanne", "BO-040-FRN", 0);
  await shop.count("lyo-bellecour", "BO-075-COA", 5);
  const app = await open(page, pass);
  await page.getByRole("button", { name: "Collect at another shop" }).click();
  const sheet = page.getByRole("dialog", { name: "Collect at another shop" });
  await expect(sheet.getByRole("button", { name: "Move to Lyon Bellecour" })).toBeVisible();
  await expect(sheet.getByRole("button", { name: /Villeurbanne/ }), "it lacks one of them").toHaveCount(0);
  await noBarriers();
  await sheet.getByRole("button", { name: "Move to Lyon Bellecour" }).click();
  await expect(told(page)).toContainText("It is put aside at Lyon Bellecour now");
  await expect(page.getByRole("region", { name: "The shop" })).toContainText("Lyon Bellecour");
  expect(await app.passCode()).not.toBe(pass.code);
});

test("a shop that sold it meanwhile is refused in words, and it stays where it is", async ({ page, shop }) => {
  const pass = await putAside(shop, "lyo-part-dieu", ["BO-075-COA"]);
  await shop.count("lyo-bellecour", "BO-075-COA", 5);
  const app = await open(page, pass);
  await page.getByRole("button", { name: "Collect at another shop" }).click();
  const sheet = page.getByRole("dialog", { name: "Collect at another shop" });
  await expect(sheet.getByRole("button", { name: "Move to Lyon Bellecour" })).toBeVisible();
  await shop.count("lyo-bellecour", "BO-075-COA", 0);
  await sheet.getByRole("button", { name: "Move to Lyon Bellecour" }).click();
  await expect(sheet.getByRole("alert")).toContainText("Somebody was quicker");
  await expect(sheet.getByRole("button", { name: "Move to Lyon Bellecour" })).toHaveCount(0);
  await sheet.getByRole("button", { name: "Back" }).click();
  await expect(page.getByRole("region", { name: "The shop" })).toContainText("Lyon Part-Dieu");
  expect(await app.passCode()).toBe(pass.code);
});

test("one of two is given back, and the last one only with the whole pickup", async ({ page, shop }) => {
  await open(page, await putAside(shop, "lyo-part-dieu", ["BO-075-COA", "BO-040-FRN"]));
  await page.getByRole("button", { name: /^Give Boreal kids bottle.* back$/ }).click();
  const sheet = page.getByRole("dialog", { name: /^Give Boreal kids bottle.* back\?$/ });
  await sheet.getByRole("button", { name: "Yes, give it back" }).click();
  await expect(told(page)).toHaveText("You gave that back. The rest is still yours.");
  await expect(page.getByText("Boreal kids bottle")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Give .* back$/ })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Cancel this pickup" })).toBeVisible();
});

test("what the shop has picked stays there, and the pass says so", async ({ page, shop }) => {
  const pass = await putAside(shop, "lyo-part-dieu", ["BO-075-COA", "BO-040-FRN"]);
  await page.route(`**/v1/reservations/${pass.id}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), status: "ready" } });
  });
  await open(page, pass);
  await expect(page.getByText("The shop has picked it already")).toBeVisible();
  await expect(page.getByRole("button", { name: "Collect at another shop" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Give .* back$/ })).toHaveCount(0);
});

test("the shopper is on the way, and then there", async ({ page, shop }) => {
  await open(page, await putAside(shop, "lyo-part-dieu", ["BO-075-COA"]));
  await page.getByRole("button", { name: "I’m on my way" }).click();
  await expect(told(page)).toHaveText("The shop knows that you are on your way.");
  await expect(page.getByRole("button", { name: "I’m on my way" })).toHaveCount(0);
  await page.reload();
  await expect(page.getByText("You said that you are on your way.")).toBeVisible();
  await page.getByRole("button", { name: "I’m here" }).click();
  await expect(told(page)).toHaveText("The shop knows that you are here.");
  await expect(page.getByRole("button", { name: "I’m here" })).toHaveCount(0);
});

test("at the kerb the shopper may say where the car stands", async ({ page, shop, noBarriers }) => {
  const pass = await putAside(shop, "lyo-part-dieu", ["BO-075-COA"], "curbside");
  await open(page, pass);
  await page.getByRole("button", { name: "I’m here" }).click();
  const sheet = page.getByRole("dialog", { name: "Where are you?" });
  await sheet.getByLabel("Bay").fill(" 4 ");
  await noBarriers();
  const sent = page.waitForRequest(`**/v1/reservations/${pass.id}/arrival`);
  await sheet.getByRole("button", { name: "I’m here" }).click();
  expect((await sent).postDataJSON()).toEqual({ phase: "arrived", bay: "4" });
  await expect(sheet).toBeHidden();
  await expect(told(page)).toHaveText("The shop knows that you are here.");
});

test("without an answer nothing is claimed", async ({ page, shop, context }) => {
  await open(page, await putAside(shop, "lyo-part-dieu", ["BO-075-COA"]));
  await context.setOffline(true);
  await page.getByRole("button", { name: "Keep it longer" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "nobody knows whether it was done" })).toBeVisible();
  await expect(page.getByText(/^held 49 h/)).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Keep it longer" }).click();
  await expect(told(page)).toContainText("It is kept until");
});

test("while the server is asked the button says so and cannot be tapped again", async ({ page, shop }) => {
  const pass = await putAside(shop, "lyo-part-dieu", ["BO-075-COA"]);
  await open(page, pass);
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route(`**/v1/reservations/${pass.id}`, async (route) => {
    if (route.request().method() === "PATCH") await held;
    await route.continue();
  });
  await page.getByRole("button", { name: "Keep it longer" }).click();
  await expect(page.getByRole("button", { name: "Asking the shop to keep it longer …" })).toBeDisabled();
  await expect(page.getByText("It is kept until")).toHaveCount(0);
  go();
  await expect(told(page)).toContainText("It is kept until");
});

test("the calendar gets an entry with the code and without the secret", async ({ page, shop }) => {
  const pass = await putAside(shop, "lyo-part-dieu", ["BO-075-COA"]);
  await open(page, pass);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Add to calendar" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe(`pickup-${pass.code}.ics`);
  const text = await readFile(await file.path(), "utf8");
  expect(text).toMatch(/^BEGIN:VCALENDAR\r\n/);
  expect(text).toContain("DTSTART:20261120T110000Z\r\nDTEND:20261122T110000Z\r\n");
  const unfolded = text.replaceAll("\r\n ", "");
  expect(unfolded).toContain(`Pickup code ${pass.code}`);
  expect(unfolded).toContain("LOCATION:Lyon Part-Dieu\\, 17 rue du Docteur Bouchut\\, 69003 Lyon");
  expect(unfolded).not.toContain("#t=");
});

test("the pass is shared as its link, which opens it", async ({ page, shop }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "share", {
      value: async (what: ShareData) => void (document.documentElement.dataset.shared = what.url),
    });
  });
  const pass = await putAside(shop, "lyo-part-dieu", ["BO-075-COA"]);
  await open(page, pass);
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-shared", shop.url + pass.pass_url);
});

test("where nothing can be shared the link is copied, and it says what that means", async ({ page, shop }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "share", { value: undefined });
    Object.defineProperty(navigator, "clipboard", {
      value: { writeText: async (text: string) => void (document.documentElement.dataset.copied = text) },
    });
  });
  const pass = await putAside(shop, "lyo-part-dieu", ["BO-075-COA"]);
  await open(page, pass);
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByText("The link is copied. Whoever has it can collect and cancel.")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-copied", shop.url + pass.pass_url);
});

test("the screen stays on while the pass is open, and not longer", async ({ page, shop }) => {
  await page.addInitScript(() => {
    let held = 0;
    const tell = (by: number) => (document.documentElement.dataset.awake = String((held += by)));
    const lock = () => ({ release: async () => void tell(-1) });
    const request = async () => (tell(1), lock());
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
  });
  const app = await open(page, await putAside(shop, "lyo-part-dieu", ["BO-075-COA"]));
  await expect(page.locator("html")).toHaveAttribute("data-awake", "1");
  await app.openTab("Pickups");
  await expect(page.locator("html")).toHaveAttribute("data-awake", "0");
});
