// What stands between some shoppers and the shop: a proxy that counts open streams, holds them back, or lets nothing of
// them through.

import { createServer, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Shop } from "./shop";

export class Proxy {
  /** Streams that are open at this moment. */
  open = 0;
  /** Streams that were asked for since the beginning. */
  asked = 0;
  /** How often the stock was asked for by the way of questions. */
  questions = 0;
  /** Takes the body of a stream and passes nothing on, as a proxy does that waits for the whole of it. */
  buffers = false;

  private constructor(private readonly server: Server) {}

  static async before(shop: Shop): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server);
    server.on("request", (incoming, answer: ServerResponse) => {
      const stream = incoming.url?.startsWith("/v1/availability/events") ?? false;
      if (incoming.url === "/v1/availability") proxy.questions += 1;
      if (stream) {
        proxy.asked += 1;
        proxy.open += 1;
        answer.once("close", () => (proxy.open -= 1));
      }
      const url = new URL(incoming.url ?? "/", shop.url);
      const outgoing = request(url, { method: incoming.method, headers: incoming.headers }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        answer.flushHeaders();
        if (stream && proxy.buffers) response.resume();
        else response.pipe(answer);
      });
      outgoing.on("error", () => answer.destroy());
      answer.once("close", () => outgoing.destroy());
      incoming.pipe(outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
