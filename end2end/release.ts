// An app of its own for a test: a copy of what was built, which the test may change as a deployment would.

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Shop } from "./shop";

export class Release {
  private constructor(
    /** The folder that is served. */
    readonly dist: string,
    readonly shop: Shop,
  ) {}

  /** Starts a server that serves a copy. */
  static async open(): Promise<Release> {
    const dist = await mkdtemp(join(tmpdir(), "nearshelf-dist-"));
    await cp(process.env.NEARSHELF_DIST!, dist, { recursive: true });
    return new Release(dist, await Shop.open("demo", ["--dist", dist]));
  }

  /** Puts a newer version in its place: the page says `<meta name="version" content="2">`, and all of it is kept under another name. */
  async renew(): Promise<void> {
    const index = join(this.dist, "index.html");
    await writeFile(index, (await readFile(index, "utf8")).replace("<title>", '<meta name="version" content="2" /><title>'));
    const worker = join(this.dist, "service-worker.js");
    await writeFile(worker, (await readFile(worker, "utf8")).replace(/nearshelf\/app\//, "nearshelf/app/2-"));
    for (const twin of [".br", ".gz"]) for (const file of [index, worker]) await rm(file + twin, { force: true });
  }

  async close(): Promise<void> {
    await this.shop.close();
    await rm(this.dist, { recursive: true, force: true });
  }
}
