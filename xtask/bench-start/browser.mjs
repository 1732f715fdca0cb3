// A headless Chromium as the journeys have it, and pages of a phone in it.

import { createRequire } from "node:module";
import path from "node:path";

/** As in `end2end/playwright.config.ts`: nothing that Chromium does on its own is measured with the app. */
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launch(options, more = []) {
  const { chromium } = createRequire(path.join(options.end2end, "package.json"))("@playwright/test");
  return await chromium.launch({ executablePath: options.chromium, args: [...FLAGS, ...more] });
}

/**
 * A phone from an empty profile; `kept` is what its storage holds of the shopper. `quiet` looks at nothing but memories: a list of
 * what was seen would itself be what grows. `alone` does without a service worker.
 */
export async function phone(browser, kept, { quiet = false, alone = false } = {}) {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    locale: "en-GB",
    timezoneId: "Europe/Paris",
    serviceWorkers: alone ? "block" : "allow",
  });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.addInitScript(watch, quiet);
  if (kept) await page.addInitScript((kept) => localStorage.getItem("nearshelf/1") ?? localStorage.setItem("nearshelf/1", kept), kept);
  return { context, page, cdp: await context.newCDPSession(page), faults };
}

/** Runs in the page before anything else: `bench` holds what is seen there. */
function watch(quiet) {
  const bench = { shifts: 0, shifted: [], tasks: [], events: [], memories: new Set(), shell: 0, screen: 0, stock: 0, lcp: undefined };
  globalThis.bench = bench;
  // The memories of programs: their number and size are asked for later.
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const plain = WebAssembly[name];
    WebAssembly[name] = async function (...words) {
      const made = await plain.apply(this, words);
      const instance = made.instance ?? made;
      for (const thing of Object.values(instance.exports)) if (thing instanceof WebAssembly.Memory) bench.memories.add(thing);
      return made;
    };
  }
  if (quiet) return;

  const observe = (type, each, more = {}) => {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...more });
    } catch {
      // An older browser has it not.
    }
  };
  observe("layout-shift", (entry) => {
    if (entry.hadRecentInput) return;
    bench.shifts += entry.value;
    bench.shifted.push(...entry.sources.map(({ node }) => node?.className || node?.nodeName || "?"));
  });
  observe("longtask", (entry) => bench.tasks.push([entry.startTime, entry.duration]));
  observe("event", (entry) => bench.events.push([entry.name, entry.startTime, entry.duration, entry.processingEnd - entry.startTime]), { durationThreshold: 16 });
  observe("largest-contentful-paint", (entry) => (bench.lcp = [entry.startTime, entry.element?.className || entry.element?.nodeName]));

  // When the first screen is there, and the first number of a shelf on it.
  const look = (_, observer) => {
    const boot = document.getElementById("boot");
    const now = performance.now();
    if (!bench.shell && boot) bench.shell = now;
    if (!bench.screen && !boot && document.querySelector("main")) bench.screen = now;
    if (!bench.stock && !boot && document.querySelector(".product-row__stock, .offer__stock, .stock")?.textContent.match(/\d|Sold out/)) bench.stock = now;
    if (bench.stock) observer.disconnect();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}

/** The value of a share of them, of numbers in any order. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const rounded = (number, digits = 0) => Number(Number(number).toFixed(digits));
