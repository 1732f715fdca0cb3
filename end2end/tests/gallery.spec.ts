// Every component in each of its states: nothing sticks out, nothing is out of reach, in any scheme, size and direction.
//
// Pictures are taken and put beside the results for people to look at. They are not compared dot by dot: fonts differ from one
// machine to the next.

import AxeBuilder from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";

base.setTimeout(90_000);

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const looks = [
  { name: "phone", width: 360, scheme: "light" },
  { name: "phone in the dark", width: 360, scheme: "dark" },
  { name: "desktop", width: 1280, scheme: "light" },
  { name: "phone with text at 200 percent", width: 360, scheme: "light", text: "200%" },
  { name: "phone from right to left", width: 360, scheme: "light", direction: "rtl" },
  { name: "widget width", width: 240, scheme: "light" },
] as const;

for (const look of looks) {
  base(`every component holds together: ${look.name}`, async ({ browser }, info) => {
    const context = await browser.newContext({ viewport: { width: look.width, height: 740 }, colorScheme: look.scheme });
    const page = await context.newPage();
    await page.goto(`file://${process.env.NEARSHELF_GALLERY}`);
    await page.evaluate((look) => {
      if ("text" in look) document.documentElement.style.fontSize = look.text;
      if ("direction" in look) document.documentElement.dir = look.direction;
    }, look);

    // Each state shows something, and none is wider than the screen.
    const states = page.locator(".specimen__state");
    expect(await states.count()).toBeGreaterThan(50);
    const wrong = await states.evaluateAll((all) =>
      all.flatMap((state) => {
        const box = state.getBoundingClientRect();
        const wide = [...state.querySelectorAll("*")].some((part) => {
          const { left, right, width } = part.getBoundingClientRect();
          return width > 1 && (left < -1 || right > innerWidth + 1) && getComputedStyle(part).position !== "absolute";
        });
        const name = state.closest("section")?.getAttribute("aria-label");
        return box.height < 8 || wide ? [`${name}: ${wide ? "too wide" : "empty"}: ${state.textContent?.slice(0, 40)}`] : [];
      }),
    );
    expect(wrong).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

    const { violations } = await new AxeBuilder({ page }).withTags(RULES).disableRules(["document-title"]).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
    expect(found).toEqual([]);
    await info.attach("gallery", { body: await page.screenshot({ fullPage: true }), contentType: "image/png" });
    await context.close();
  });
}
