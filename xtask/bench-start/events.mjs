// Typing on a slow phone while the tills of the shops around sell: 200 counts a second of the very shelves that are shown.

import { SHOPPER } from "./shop.mjs";
import { phone, quantile, rounded } from "./browser.mjs";

const WORDS = "bottle";
const TYPED = ["jacket", "tent pole", "insulated", "rain", "kids bottle", "lamp"];
const SLOWDOWN = 4;
export const GOALS = { longest_task_ms: 50, typing_p99_ms: 50 };

/** The same twice: in silence, which shows what the machine and the app cost alone, and with events. */
export async function measure(shop, browser, options) {
  return [await under(shop, browser, options, 0), await under(shop, browser, options, options.rate)];
}

async function under(shop, browser, options, rate) {
  const { context, page, cdp, faults } = await phone(browser, SHOPPER);
  await page.goto(`${shop.url}/search?q=${WORDS}`);
  await page.locator(".product-row__stock").getByText(/\d/).first().waitFor();
  await page.locator("html[data-search=ready][data-shops=ready]").waitFor({ state: "attached", timeout: 60_000 });
  const field = page.getByRole("combobox").first();
  await field.focus();
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  const shelves = await shop.shelves(WORDS, 45.76, 4.86, 6);
  const tills = rate ? shop.tills(shelves, rate) : undefined;
  // What is still going on from loading is not meant.
  await page.waitForTimeout(2_000);
  const begin = await page.evaluate(() => {
    bench.changes = 0;
    new MutationObserver((records) => (bench.changes += records.length)).observe(document.querySelector(".results__rows"), { subtree: true, characterData: true, childList: true });
    // From the key until the picture that shows it: two frames begin in between at most.
    bench.strokes = [];
    addEventListener(
      "keydown",
      (event) => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => bench.strokes.push(performance.now() - event.timeStamp);
        channel.port2.postMessage(0);
      }),
      true,
    );
    return performance.now();
  });
  // First only looking: nobody types, so that what is changed is the list that the events are about.
  await page.waitForTimeout((options.seconds * 1_000) / 4);
  const looked = await page.evaluate(() => performance.now());
  const until = Date.now() + (options.seconds * 1_000 * 3) / 4;
  for (let at = 0; Date.now() < until; at++) {
    const words = TYPED[at % TYPED.length];
    for (const letter of words) {
      await cdp.send("Input.dispatchKeyEvent", { type: "keyDown", text: letter, key: letter, unmodifiedText: letter });
      await cdp.send("Input.dispatchKeyEvent", { type: "keyUp", key: letter });
      await page.waitForTimeout(120);
      if (Date.now() > until) break;
    }
    // Back to the list of before, as one does.
    await page.evaluate((words) => document.querySelector("[role=combobox]").setSelectionRange(0, words.length), words);
  }
  const seen = await page.evaluate(() => ({ ...bench, memories: bench.memories.size }));
  const reached = await tills?.stop();
  await context.close();
  if (faults.length) throw new Error(`the app ended: ${faults[0]}`);

  const tasks = (from, to) => seen.tasks.filter(([at]) => at >= from && at < to).map(([, took]) => took);
  const looking = tasks(begin, looked);
  const typing = tasks(looked, Infinity);
  // The browser tells of no event that took less than 16 ms, and in steps of 8.
  const events = seen.events.filter(([name, at]) => name === "keydown" && at >= looked).map(([, , took]) => took);
  return {
    name: rate ? `${rate} stock events a second` : "no stock events",
    events_a_second: rate ? rounded(reached) : 0,
    changes_of_the_list: seen.changes,
    slowdown: SLOWDOWN,
    longest_task_looking_ms: rounded(Math.max(0, ...looking)),
    longest_task_ms: rounded(Math.max(0, ...looking, ...typing)),
    long_tasks: looking.length + typing.length,
    strokes: seen.strokes.length,
    typing_p50_ms: rounded(quantile(seen.strokes, 0.5)),
    typing_p99_ms: rounded(quantile(seen.strokes, 0.99)),
    slow_key_events: events.length,
    key_event_longest_ms: rounded(Math.max(0, ...events)),
  };
}
