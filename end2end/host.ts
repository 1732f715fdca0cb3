// Pages of somebody else: a small server on an origin of its own, which knows nothing of the shop.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Shop } from "./shop";

/** The key of the partner whose pages they are. */
export const KEY = "pk_alpine-journal";

export class Host {
  private pages = new Map<string, { body: string; type: string; headers: Record<string, string> }>();
  /** The shop that lets these pages show its box. */
  shop!: Shop;
  private folder = "";

  private constructor(private readonly server: Server) {}

  static async open(settings: object = {}): Promise<Host> {
    const server = createServer((request, answer) => {
      const page = host.pages.get(new URL(request.url ?? "/", "http://host").pathname);
      answer.writeHead(page ? 200 : 404, { "Content-Type": page?.type ?? "text/plain", ...page?.headers });
      answer.end(page?.body ?? "nothing here");
    });
    const host = new Host(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    host.folder = await mkdtemp(join(tmpdir(), "nearshelf-host-"));
    const file = join(host.folder, "settings.json");
    await writeFile(file, JSON.stringify({ embed: [{ key: KEY, origins: [host.url] }], ...settings }));
    host.shop = await Shop.open("demo", ["--settings", file]);
    return host;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A page with the loader, and this in its body. */
  page(path: string, body: string, headers: Record<string, string> = {}): string {
    const head = `<meta charset="utf-8" /><meta name="viewport" content="width=device-width" /><title>Host</title>`;
    const loader = `<script src="${this.shop.url}/nearshelf.js" async></script>`;
    const text = `<!doctype html><html lang="en"><head>${head}${loader}</head><body><main><h1>Host</h1>${body}</main></body></html>`;
    this.pages.set(path, { body: text, type: "text/html; charset=utf-8", headers });
    return this.url + path;
  }

  /** The landing page of the demo, as a partner would serve it. */
  async landing(): Promise<string> {
    const file = (name: string) => readFile(join(__dirname, "..", "public", "demo", name), "utf8");
    const page = (await file("landing.html"))
      .replace('src="/nearshelf.js"', `src="${this.shop.url}/nearshelf.js"`)
      .replaceAll(/<nearshelf-(\w+)/g, `<nearshelf-$1 key="${KEY}"`);
    this.pages.set("/demo/landing.html", { body: page, type: "text/html; charset=utf-8", headers: {} });
    this.pages.set("/demo/landing.css", { body: await file("landing.css"), type: "text/css", headers: {} });
    return `${this.url}/demo/landing.html`;
  }

  async close(): Promise<void> {
    await this.shop.close();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** An element of ours, as a partner writes it. */
export function box(attributes = "", name = "nearshelf-stock"): string {
  return `<${name} key="${KEY}" ${name === "nearshelf-stock" && !attributes.includes("sku=") ? 'sku="BO-075-GLA"' : ""} ${attributes}></${name}>`;
}
