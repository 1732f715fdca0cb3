// A shop with the demo data: the release server on a copy of the database, and the tills that tell it of sales.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** What a device keeps of somebody who has chosen a shop. */
export const SHOPPER = JSON.stringify({
  place: { label: "Lyon Part-Dieu", position: { latitude: 45.7606, longitude: 4.8594 } },
  store: "lyo-part-dieu",
});

export class Shop {
  sequence = 0;
  sent = 0;

  /** Starts a server of its own; `close` ends it and forgets its data. */
  static async open(options) {
    const shop = new Shop();
    shop.folder = await mkdtemp(path.join(tmpdir(), "nearshelf-bench-"));
    const database = path.join(shop.folder, "shop.db");
    for (const part of ["", "-wal"]) if (existsSync(options.database + part)) await copyFile(options.database + part, database + part);
    shop.token = (await readFile(options.token, "utf8")).trim();
    const words = ["serve", "--db", database, "--port", "0", "--dist", options.dist, "--limits", "off"];
    if (options.media) words.push("--media", options.media);
    const child = spawn(options.server, words, { stdio: ["ignore", "pipe", "pipe"] });
    shop.child = child;
    let log = "";
    child.stderr.on("data", (bytes) => (log = (log + bytes).slice(-4_000)));
    shop.url = await new Promise((ready, failed) => {
      let printed = "";
      child.stdout.on("data", (bytes) => {
        printed += bytes;
        const port = /listening on http:\/\/[^\s]*:(\d+)/.exec(printed)?.[1];
        if (port) ready(`http://127.0.0.1:${port}`);
      });
      child.once("error", failed);
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}: ${log}`)));
    });
    return shop;
  }

  async close() {
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGTERM");
    const impatient = setTimeout(() => this.child.kill("SIGKILL"), 8_000);
    await ended;
    clearTimeout(impatient);
    await rm(this.folder, { recursive: true, force: true });
  }

  async get(address) {
    const answer = await fetch(this.url + address);
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    return await answer.json();
  }

  /** Every shelf that a screen of these products at these shops shows. */
  async shelves(words, latitude, longitude, shops) {
    const products = await this.get(`/v1/products?limit=20&q=${encodeURIComponent(words)}`);
    const body = { distance: { center: { latitude, longitude } }, pagination: { limit: shops } };
    const answer = await this.post("/v1/locations/search", body);
    const skus = products.products.map((product) => product.sku);
    return answer.locations.flatMap((location) => skus.map((sku) => ({ location_id: location.id, sku })));
  }

  async post(address, body, headers = {}) {
    const answer = await fetch(this.url + address, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
    return await answer.json();
  }

  /**
   * Tills that count these shelves, `rate` times a second in all and each time otherwise, until `stop` is called, which answers
   * how many counts a second there were.
   */
  tills(shelves, rate) {
    const EVERY_MS = 100;
    const each = Math.max(1, Math.round((rate * EVERY_MS) / 1_000));
    const begun = performance.now();
    let [running, done, at] = [true, 0, 0];
    const work = (async () => {
      while (running) {
        const changes = Array.from({ length: each }, () => {
          const shelf = shelves[at++ % shelves.length];
          this.sequence += 1;
          return { ...shelf, kind: "set", quantity: 20 + (this.sequence % 7), source: "bench", sequence: this.sequence };
        });
        const answer = await this.post("/v1/inventory", { changes }, { authorization: `Bearer ${this.token}` });
        done += answer.results.filter((result) => result.verdict === "applied").length;
        // Not later for a batch that took long: the rate is kept.
        const next = begun + (at / each) * EVERY_MS * (each / ((rate * EVERY_MS) / 1_000));
        await new Promise((later) => setTimeout(later, Math.max(0, next - performance.now())));
      }
    })();
    let trouble;
    work.catch((error) => (trouble = error));
    return {
      async stop() {
        running = false;
        const seconds = (performance.now() - begun) / 1_000;
        await work.catch(() => {});
        if (trouble) throw trouble;
        return done / seconds;
      },
    };
  }
}
