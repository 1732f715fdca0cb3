// What Lighthouse says of each page that a shopper may come by, each from an empty profile.

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { FLAGS, quantile, rounded } from "./browser.mjs";

const PAGES = [
  ["start", "/"],
  ["search", "/search?q=bottle"],
  ["product", "/p/BO-075-GLA"],
  ["shop", "/stores/lyo-part-dieu"],
];

export async function measure(shop, options) {
  const results = [];
  for (const [name, address] of PAGES) {
    const runs = [];
    for (let run = 0; run < options.runs; run++) runs.push(await once(shop.url + address, options));
    // The run in the middle: the machine has other things to do as well.
    const middle = quantile(runs.map((run) => run.lcp_ms), 0.5);
    const result = { name: `lighthouse ${name}`, ...runs.find((run) => run.lcp_ms === middle), runs: options.runs };
    result.lcp_ms_of_runs = runs.map((run) => run.lcp_ms);
    results.push(result);
  }
  return results;
}

async function once(url, options, left = 2) {
  const chrome = await launch({ chromePath: options.chromium, chromeFlags: [...FLAGS, "--headless=new"], logLevel: "silent" });
  try {
    const { lhr } = await lighthouse(url, {
      port: chrome.port,
      logLevel: "silent",
      onlyCategories: ["performance", "accessibility", "best-practices", "seo"],
    });
    // On a machine with much else to do Chromium now and then loses the beginning of a recording.
    if (lhr.runtimeError && left > 0) return await once(url, options, left - 1);
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
    const score = (category) => rounded(lhr.categories[category].score * 100);
    const value = (audit) => lhr.audits[audit].numericValue ?? 0;
    // What costs points, and what it says.
    const found = Object.entries(lhr.categories).flatMap(([category, { auditRefs }]) =>
      auditRefs
        .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.995)
        .map(({ id }) => `${category}: ${id} ${lhr.audits[id].displayValue ?? ""}`.trim()),
    );
    const observed = lhr.audits.metrics.details.items[0];
    return {
      performance: score("performance"),
      accessibility: score("accessibility"),
      best_practices: score("best-practices"),
      seo: score("seo"),
      fcp_ms: rounded(value("first-contentful-paint")),
      lcp_ms: rounded(value("largest-contentful-paint")),
      tbt_ms: rounded(value("total-blocking-time")),
      cls: rounded(value("cumulative-layout-shift"), 4),
      speed_index_ms: rounded(value("speed-index")),
      total_kB: rounded(value("total-byte-weight") / 1_000, 1),
      observed_lcp_ms: rounded(observed.observedLargestContentfulPaint),
      machine: rounded(lhr.environment.benchmarkIndex),
      found,
      report: options.keep ? lhr : undefined,
    };
  } finally {
    await chrome.kill();
  }
}
