// Every component in each of its states: nothing sticks out, nothing is cut off, nothing that can be tapped lies under another, in any
// scheme, size and direction.
//
// Pictures are taken and put beside the results for people to look at. They are not compared dot by dot: fonts differ from one
// machine to the next.

import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Browser, type Page } from "@playwright/test";
import { faults } from "../layout";

base.setTimeout(90_000);

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

type Look = {
  name: string;
  width: number;
  scheme: "light" | "dark";
  text?: string;
  direction?: string;
  forced?: boolean;
};

const looks: Look[] = [
  { name: "phone", width: 360, scheme: "light" },
  { name: "phone in the dark", width: 360, scheme: "dark" },
  { name: "phone with forced colours", width: 360, scheme: "light", forced: true },
  { name: "desktop", width: 1280, scheme: "light" },
  { name: "phone with text at 200 percent", width: 360, scheme: "light", text: "200%" },
  { name: "phone from right to left", width: 360, scheme: "light", direction: "rtl" },
  { name: "widget width", width: 240, scheme: "light" },
];

async function opened(browser: Browser, look: Look): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 740 },
    colorScheme: look.scheme,
    forcedColors: look.forced ? "active" : "none",
    // A phone shows a page that is too wide smaller, and then nothing would be too wide.
    isMobile: false,
  });
  const page = await context.newPage();
  await page.goto(`file://${process.env.NEARSHELF_GALLERY}`);
  await page.evaluate(({ text, direction }) => {
    if (text) document.documentElement.style.fontSize = text;
    if (direction) document.documentElement.dir = direction;
  }, look);
  return page;
}

for (const look of looks) {
  base(`every component holds together: ${look.name}`, async ({ browser }, info) => {
    const page = await opened(browser, look);
    expect(await page.locator(".specimen__state").count()).toBeGreaterThan(50);
    expect(await faults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

    const { violations } = await new AxeBuilder({ page }).withTags(RULES).disableRules(["document-title"]).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
    expect(found).toEqual([]);
    await info.attach("gallery", { body: await page.screenshot({ fullPage: true }), contentType: "image/png" });
    await page.context().close();
  });
}

for (const [what, look, style, found] of [
  ["a row that is too wide", looks[0]!, ".product-row { min-inline-size: 500px }", /Product rows: too wide/],
  ["a title that is cut off", looks[0]!, ".notice__title { block-size: 8px; overflow: hidden }", /Notices: cut off/],
  ["buttons over each other", looks[0]!, ".stepper__button:last-child { margin-inline-start: -90px }", /: under button/],
  ["a button that sticks out on one side", looks[5]!, ".notice .button { margin-inline-start: -400px }", /Notices: too wide/],
] as const) {
  base(`the control: ${what} is found`, async ({ browser }) => {
    const page = await opened(browser, look);
    expect(await faults(page)).toEqual([]);
    await page.addStyleTag({ content: style });
    expect((await faults(page)).join("\n")).toMatch(found);
    await page.context().close();
  });
}
