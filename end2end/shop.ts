// One real server with a database of its own, and what happens in shops while a shopper looks at them.

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Friday 20 November 2026, 11:00 in Paris. The clocks of the server and of the page stand still there. */
export const NOW = "2026-11-20T10:00:00Z";

/** Which feeds were imported: the demo (27 shops), or a real retailer's size (over 3,000). */
export type Catalogue = "demo" | "electronics";

/** The database that `cargo xtask` prepared, if it could. */
export function prepared(catalogue: Catalogue): string | undefined {
  return catalogue === "demo" ? process.env.NEARSHELF_DEMO_DB : process.env.NEARSHELF_ELECTRONICS_DB;
}

type Reservation = { id: string; code: string; manage_token: string; pass_url: string; hold_expires_at: string };

/** A reservation as the people in the shop see it. */
type Task = {
  id: string;
  items: { sku: string; quantity: number }[];
  promo_codes?: string[];
  attribution?: Record<string, string>;
};

export class Shop {
  /** Everything that the server wrote to its log. */
  log = "";
  private child?: ChildProcess;
  private port = 0;
  private sequence = 0;

  private constructor(
    private readonly catalogue: Catalogue,
    private readonly folder: string,
    private readonly token: string,
    private readonly options: readonly string[],
  ) {}

  /** Starts a server on a copy of the prepared database. */
  static async open(catalogue: Catalogue, more: readonly string[] = [], gazetteers: readonly string[] = []): Promise<Shop> {
    const source = prepared(catalogue);
    if (!source) throw new Error(`there is no database of "${catalogue}": run this through cargo xtask end2end`);
    const folder = await mkdtemp(join(tmpdir(), "nearshelf-"));
    for (const part of ["", "-wal"]) {
      if (existsSync(source + part)) {
        await copyFile(source + part, join(folder, `shop.db${part}`), constants.COPYFILE_FICLONE);
      }
    }
    const token = (await readFile(source.replace(/\.db$/, ".feed-token"), "utf8")).trim();
    if (gazetteers.length > 0) {
      const places = gazetteers.flatMap((country) => ["--places", join(required("NEARSHELF_POSTCODES"), `${country}.csv.gz`)]);
      await promisify(execFile)(required("NEARSHELF_SERVER"), ["import", "--db", join(folder, "shop.db"), ...places]);
    }
    const shop = new Shop(catalogue, folder, token, more);
    await shop.start();
    return shop;
  }

  /** Starts a server that knows nothing but these feeds, each the text of its file. */
  static async of(feeds: Partial<Record<"stores" | "products" | "inventory", string>>): Promise<Shop> {
    const folder = await mkdtemp(join(tmpdir(), "nearshelf-"));
    const files: string[] = [];
    for (const [name, text] of Object.entries(feeds)) {
      const file = join(folder, name === "stores" ? "stores.csv" : `${name}.tsv`);
      await writeFile(file, text);
      files.push(`--${name}`, file);
    }
    const database = ["--db", join(folder, "shop.db")];
    const server = required("NEARSHELF_SERVER");
    if (files.length > 0) await promisify(execFile)(server, ["import", ...database, ...files]);
    const feed = ["--scope", "feed", "--name", "end2end"];
    const { stdout } = await promisify(execFile)(server, ["token", "create", ...database, ...feed]);
    const shop = new Shop("demo", folder, stdout.trim(), []);
    await shop.start();
    return shop;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it (again, on the same port). */
  async start(): Promise<void> {
    const options = ["serve", "--db", join(this.folder, "shop.db"), "--port", String(this.port)];
    if (!this.options.includes("--clock")) options.push("--clock", NOW);
    if (!this.options.includes("--dist")) options.push("--dist", required("NEARSHELF_DIST"));
    const media = process.env.NEARSHELF_DEMO_MEDIA;
    if (this.catalogue === "demo" && media) options.push("--media", media);
    options.push(...this.options);
    const child = spawn(required("NEARSHELF_SERVER"), options, { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    child.stderr.on("data", (bytes) => (this.log += bytes));
    this.port = await new Promise<number>((resolve, reject) => {
      let printed = "";
      child.stdout.on("data", (bytes) => {
        printed += bytes;
        const port = /listening on http:\/\/[^\s]*:(\d+)/.exec(printed)?.[1];
        if (port) resolve(Number(port));
      });
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${this.log}`)));
    });
  }

  /** Ends it, as a restart or a lost connection would. */
  async stop(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const impatient = setTimeout(() => child.kill("SIGKILL"), 8_000);
    await ended;
    clearTimeout(impatient);
  }

  /** Ends it and forgets its data. */
  async close(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A token with a scope, for a shop where it needs one. */
  async tokenFor(scope: "device" | "staff" | "ops", location?: string): Promise<string> {
    const of = location ? ["--location", location] : [];
    const options = ["token", "create", "--db", join(this.folder, "shop.db"), "--scope", scope, "--name", "end2end", ...of];
    const { stdout } = await promisify(execFile)(required("NEARSHELF_SERVER"), options);
    return stdout.trim();
  }

  /** Takes a token back, by its id. */
  async revoke(id: string): Promise<void> {
    await promisify(execFile)(required("NEARSHELF_SERVER"), ["token", "revoke", "--db", join(this.folder, "shop.db"), id]);
  }

  /** A till sells so many units there. */
  async sell(location: string, sku: string, units = 1): Promise<void> {
    await this.change(location, sku, "delta", -units);
  }

  /** Somebody counts the shelf. */
  async count(location: string, sku: string, units: number): Promise<void> {
    await this.change(location, sku, "set", units);
  }

  /** Another shopper has so many units put aside. */
  async reserve(location: string, sku: string, quantity = 1): Promise<Reservation> {
    const body = {
      location_id: location,
      method: "in_store",
      items: [{ sku, quantity }],
      contact: { name: "Another shopper", email: "another@shopper.example" },
    };
    return (await this.post("/v1/reservations", body, { "idempotency-key": randomUUID() })) as Reservation;
  }

  /** What the staff of a shop have to do, oldest first. */
  async tasks(location: string): Promise<Task[]> {
    const database = ["--db", join(this.folder, "shop.db")];
    const staff = ["--scope", "staff", "--location", location, "--name", "end2end"];
    const { stdout } = await promisify(execFile)(required("NEARSHELF_SERVER"), ["token", "create", ...database, ...staff]);
    const response = await fetch(`${this.url}/v1/locations/${location}/tasks`, { headers: { authorization: `Bearer ${stdout.trim()}` } });
    return ((await response.json()) as { tasks: Task[] }).tasks;
  }

  /** The one reservation of a shop, as its staff see it. */
  async reserved(location: string): Promise<Task> {
    const tasks = await this.tasks(location);
    if (tasks.length !== 1 || !tasks[0]) throw new Error(`${tasks.length} reservations at ${location}`);
    const items = tasks[0].items.map(({ sku, quantity }) => ({ sku, quantity }));
    return { ...tasks[0], items };
  }

  /** Units that shoppers have put aside at a shop. */
  async reservedUnits(location: string): Promise<number> {
    const lines = (await this.tasks(location)).flatMap(({ items }) => items);
    return lines.reduce((sum, { quantity }) => sum + quantity, 0);
  }

  /** The shop agrees on times of pickup from now on, each for so many reservations. */
  async agreesOnTimes(location: string, minutes: number, capacity: number): Promise<void> {
    const [head, ...rows] = (await readFile(join(__dirname, "../demo/stores.csv"), "utf8")).trim().split(/\r?\n/);
    const row = rows.find((row) => row.startsWith(`${location},`));
    if (!head || !row) throw new Error(`the demo has no shop ${location}`);
    const file = join(this.folder, "stores.csv");
    await writeFile(file, `${head},Pickup window minutes,Pickup capacity\n${row},${minutes},${capacity}\n`);
    const database = join(this.folder, "shop.db");
    await promisify(execFile)(required("NEARSHELF_SERVER"), ["import", "--db", database, "--stores", file]);
    // The server looks for news by itself, some time later.
    await this.stop();
    await this.start();
  }

  private async change(location_id: string, sku: string, kind: "set" | "delta", quantity: number): Promise<void> {
    this.sequence += 1;
    const change = { location_id, sku, kind, quantity, source: "end2end", sequence: this.sequence };
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = (await this.post("/v1/inventory", { changes: [change] }, headers)) as {
      results: { verdict: string; detail?: string }[];
    };
    const [result] = answer.results;
    if (result?.verdict !== "applied") throw new Error(`the change was not applied: ${JSON.stringify(result)}`);
  }

  private async post(path: string, body: unknown, headers: Record<string, string>): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this through cargo xtask end2end`);
  return value;
}
