// A barcode before the camera, with a browser of its own whose camera looks at one.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "../fixtures";
import { App } from "../pages/app";

/** A product and its barcode. */
const TENT = { title: "Ridge 2 trekking tent", gtin: "2000026480372" };

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const camera = ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${filmed(TENT.gtin)}`];
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...camera] });
  },
});

test("a camera that may not be used: there are words, and the number can be typed", async ({ page }) => {
  const app = new App(page);
  await app.open();
  const sheet = await app.openScanner();
  await expect(sheet).toContainText("This page may not use the camera.");
  await expect(sheet.getByLabel("Number below the bars")).toBeVisible();
});

test("a barcode before the camera leads to the product, with a decoder of our own server, and the camera is let go of", async ({ page, context, shop }) => {
  await context.grantPermissions(["camera"], { origin: shop.url });
  const elsewhere: string[] = [];
  page.on("request", (request) => request.url().startsWith(shop.url) || request.url().startsWith("data:") || elsewhere.push(request.url()));
  const app = new App(page);
  await app.open();
  await app.openScanner();
  await expect(page.getByRole("heading", { name: TENT.title })).toBeVisible({ timeout: 15_000 });
  expect(await page.locator("nearshelf-scanner").count()).toBe(0);
  expect(elsewhere).toEqual([]);
});

/** A film of a barcode (EAN-13) of one second, as the camera of a browser can show it. */
function filmed(gtin: string): string {
  const [width, height] = [640, 480];
  const bars = ean13(gtin);
  const [module, top, bottom] = [4, 120, 360];
  const left = (width - bars.length * module) / 2;
  const luma = Buffer.alloc(width * height, 235);
  for (let y = top; y < bottom; y += 1) {
    [...bars].forEach((bar, at) => {
      if (bar === "1") luma.fill(16, y * width + left + at * module, y * width + left + (at + 1) * module);
    });
  }
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, Buffer.alloc((width * height) / 2, 128)]);
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  const file = join(mkdtempSync(join(tmpdir(), "nearshelf-film-")), "barcode.y4m");
  writeFileSync(file, Buffer.concat([head, ...Array.from({ length: 10 }, () => frame)]));
  return file;
}

/** Bars (1) and gaps (0) of a number of 13 digits, after the GS1 General Specifications, section 5.2. */
function ean13(digits: string): string {
  const odd = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];
  const right = odd.map((code) => code.replace(/[01]/g, (bit) => (bit === "0" ? "1" : "0")));
  const even = right.map((code) => [...code].reverse().join(""));
  const first = ["000000", "001011", "001101", "001110", "010011", "011001", "011100", "010101", "010110", "011010"][Number(digits[0])]!;
  const half = [...digits.slice(1, 7)].map((digit, at) => (first[at] === "0" ? odd : even)[Number(digit)]).join("");
  const other = [...digits.slice(7)].map((digit) => right[Number(digit)]).join("");
  return `101${half}01010${other}101`;
}
