// Not a test: `cargo xtask profile` records with it what the first screens run.

import base from "./playwright.config";

export default { ...base, testDir: "profile", timeout: 300_000 };
