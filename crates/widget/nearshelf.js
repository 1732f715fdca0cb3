// The loader: what a page of somebody else names. It fetches nothing more until one of our elements comes near the screen, and
// everything that comes then is fetched once for all of them. See docs/embedding.md.

(() => {
  const script = document.currentScript;
  if (!script?.src || customElements.get("nearshelf-stock")) return;
  const app = new URL(script.src).origin;
  const api = (script.dataset.api || app).replace(/\/$/, "");
  const NAMES = ["view", "located", "reserved", "error"].map((name) => `nearshelf:${name}`);
  const [LOWEST, HIGHEST] = [40, 4000];

  let box;
  const load = () =>
    (box ??= import(app + BOX_SCRIPT).catch((error) => {
      box = undefined;
      throw error;
    }));

  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) target.comesNear();
    },
    { rootMargin: "300px" },
  );

  class Box extends HTMLElement {
    static observedAttributes = ["sku", "near", "limit", "theme", "key", "lang", "code", "reserve", "campaign", "campaign-id", "source", "medium"];
    #turn = 0;
    #take;
    /// Keeps a place free as long as there is no box, unless the page says itself how large that is.
    #reserved = [];

    connectedCallback() {
      for (const [name, value] of [["display", "block"], ["minHeight", "120px"]]) {
        if (!this.style[name] && !this.#take) {
          this.style[name] = value;
          this.#reserved.push(name);
        }
      }
      near.observe(this);
    }

    disconnectedCallback() {
      near.unobserve(this);
      this.#turn++;
      this.#take?.();
      this.#take = undefined;
    }

    /// Another product, say: drawn anew once the page is done changing things.
    async attributeChangedCallback() {
      if (!this.#take) return;
      const turn = ++this.#turn;
      await undefined;
      if (turn === this.#turn) this.comesNear();
    }

    async comesNear() {
      near.unobserve(this);
      const turn = ++this.#turn;
      try {
        const { put } = await load();
        const ready = await put(this, api);
        // Taken away, or changed once more, meanwhile.
        if (turn !== this.#turn) return;
        this.#take?.();
        this.#take = ready(this.shadowRoot ?? this.attachShadow({ mode: "open" }));
        for (const name of this.#reserved.splice(0)) this.style[name] = "";
      } catch {
        // What stands inside the element in the page is shown as long as there is no box.
        this.dispatchEvent(new CustomEvent(NAMES[3], { bubbles: true, composed: true, detail: { kind: "load" } }));
      }
    }
  }
  customElements.define("nearshelf-stock", class extends Box {});
  customElements.define("nearshelf-locator", class extends Box {});

  // What our page in a frame says: how tall it is, and what happened in it. Anything else is somebody else's.
  addEventListener("message", ({ data, origin, source }) => {
    if (origin !== app || !source || typeof data !== "object" || data === null) return;
    const frame = [...document.querySelectorAll("iframe")].find((frame) => frame.contentWindow === source);
    if (!frame?.src.startsWith(`${app}/embed/`)) return;
    const { type, height, detail } = Object.fromEntries(Object.entries(data));
    if (type === "nearshelf:height" && Number.isFinite(height) && height >= LOWEST && height <= HIGHEST) {
      frame.style.height = `${Math.ceil(height)}px`;
    } else if (NAMES.includes(type) && typeof detail === "object") {
      const plain = Object.entries(detail ?? {}).filter(([, value]) => typeof value === "string" && value.length < 200);
      frame.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail: Object.fromEntries(plain.slice(0, 9)) }));
    }
  });
})();
