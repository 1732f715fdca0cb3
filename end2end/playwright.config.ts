// Journeys on a phone, and those tagged @desktop on a desktop as well. `cargo xtask end2end` says where everything is.

import { defineConfig } from "@playwright/test";
import type { Options } from "./fixtures";

export default defineConfig<Options>({
  testDir: "tests",
  outputDir: "test-results",
  // Each test has a server and a browser of its own; two at a time would measure the machine.
  workers: 1,
  // On a machine that is shared a journey may meet a moment that it does not foresee. In CI it has a second try, after which it is
  // named as flaky and is to be looked into; at home it has none.
  retries: process.env.CI ? 1 : 0,
  // A machine may be busy: what is awaited comes at once or, at worst, late.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [["list"], ["json", { outputFile: "test-results/results.json" }]],
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "Europe/Paris",
    actionTimeout: 15_000,
    // What a test intercepts must not be answered from what is kept; `offline.spec.ts` allows it.
    serviceWorkers: "block",
    // Screens change at once: what is looked at is never half of one and half of another. `history.spec.ts` has them fade.
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    {
      name: "phone",
      grepInvert: /@desktop-only/,
      use: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    },
    { name: "desktop", grep: /@desktop/, use: { viewport: { width: 1280, height: 800 } } },
  ],
});
