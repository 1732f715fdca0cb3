// Starts the app in the shopper's language, and says so where that fails. It stands outside the program, so that a program
// that is not there, is broken or has ended leaves nobody before an empty page.
//
// `window.nearshelf` is the one place where page and program meet; `src/browser/boot.rs` and `language.rs` read it:
//   language, locale, direction, catalog, languages   what was chosen, and what there is to choose from
//   ready        resolves once the catalog is there; the program mounts nothing before it
//   started()    the program says that its first screen is there
//   crashed(why) the program has ended
//   safe         it ended three times within a minute: start without whatever is not needed
//   recovered    it ended within the last minute, and was started again
//   version      which program this is
//   occupied     on a screen in a shop: whether somebody is there
//   settled      resolves once the first screen is there, or is not going to be
//   streams      lines that are open, which are closed when the program ends
//   say(key)     a text that is there without a catalog
//   part(n)      fetches a later part of the program, where it has parts
(() => {
  // The build writes them here: what is said without a catalog, by language.
  const TEXTS = { BUILD_TEXTS: {} };
  const SLOW_MS = 10_000;
  // For so long at most the first picture is let before the program.
  const PATIENCE_MS = 200;
  const CRASHES = "nearshelf/crashes";
  const RENEWED = "nearshelf/renewed";
  // Screens that a later part of the program shows: whoever comes to one by a link needs that part at once.
  const LATER = [/^\/(p|stores|reserve|basket|pickups|kiosk|take|01)\b/, /^\/(reserve|basket|pickups|kiosk|take|01)\b/];
  // Nobody stands ready to tap something on a screen in a shop: it starts again by itself.
  const UNATTENDED = /^\/kiosk\//.test(location.pathname);
  // What "Start afresh" leaves of what the app keeps: nobody loses a pickup, or a wish that was sent and not answered.
  const STAYS = ["pickups", "unanswered"];

  // What the screen of an address asks the API first, where nobody has said yet where they are.
  const ASKED = [
    [/^\/$/, () => ["/v1/products?limit=24", "/v1/products?limit=1"]],
  ];

  const meta = (name) => document.querySelector(`meta[name="nearshelf-${name}"]`)?.content ?? "";
  /** Storage may be refused, full or damaged: then there is nothing. */
  const tried = (what) => {
    try {
      return what();
    } catch {
      return undefined;
    }
  };
  const glue = meta("program");
  const program = glue.replace(/\.js$/, "_bg.wasm");
  const serviceWorkers = navigator.serviceWorker;

  // ---- The language

  const files = new Map(meta("languages").split(" ").filter(Boolean).map((pair) => pair.split("=")));
  const base = (tag) => String(tag).split("-")[0].toLowerCase();
  // Languages that nobody speaks are for tests, and have to be asked for.
  const shipped = [...files.keys()].filter((tag) => !tag.includes("-X"));
  const settings = tried(() => JSON.parse(document.getElementById("nearshelf-settings").textContent).languages) ?? [];
  const wanted = tried(() => settings.filter((tag) => shipped.includes(tag))) ?? [];
  const languages = wanted.length ? wanted : shipped;
  const asked = new URLSearchParams(location.search).get("lang");
  const stored = tried(() => localStorage.getItem("nearshelf/language")?.replaceAll('"', ""));
  const spoken = navigator.languages ?? [];
  const language =
    asked?.includes("-X") && files.has(asked)
      ? asked
      : ([asked, stored, ...spoken].filter(Boolean).map(base).find((tag) => languages.includes(tag)) ?? wanted[0] ?? "en");

  /** How this browser writes numbers in a language; a tag that `Intl` does not take would throw in the middle of the app. */
  const localeOf = (language) =>
    spoken.find((tag) => tag.includes("-") && base(tag) === base(language) && tried(() => Intl.getCanonicalLocales(tag))) ?? language;

  const crashes = () => {
    const kept = tried(() => JSON.parse(sessionStorage.getItem(CRASHES)));
    return Array.isArray(kept) ? kept.filter((at) => Math.abs(Date.now() - at) < 60_000) : [];
  };

  let settle;
  const page = {
    settled: new Promise((done) => (settle = done)),
    languages,
    safe: crashes().length >= 3,
    recovered: crashes().length > 0,
    version: /-(\w{8})\w*\.js$/.exec(glue)?.[1] ?? "development",
    streams: new Set(),
    say: (key) => TEXTS[page.language]?.[key] ?? TEXTS.en?.[key] ?? "",
    started,
    crashed,
  };
  window.nearshelf = page;

  function speak(language, catalog) {
    // `pl ltr one,few,many,other` is its first line.
    const direction = catalog?.split(" ", 2)[1] ?? "ltr";
    Object.assign(page, { language, locale: localeOf(language), direction, catalog: catalog ?? "" });
    Object.assign(document.documentElement, { lang: language, dir: direction });
  }

  async function fetched(url, options) {
    const answer = await fetch(url, options);
    if (!answer.ok) throw Object.assign(new Error(`${url}: ${answer.status}`), { status: answer.status });
    return answer;
  }

  async function learn(language) {
    const text = await (await fetched(files.get(language))).text();
    // Whatever a network on the way may have put in its place.
    if (!text.startsWith(`${language} `)) throw new Error(`${files.get(language)} is no catalog`);
    speak(language, text);
  }

  speak(language);
  page.ready = learn(language)
    .catch((error) => (language === "en" ? Promise.reject(error) : learn("en")))
    .catch((error) => {
      fail("failed", error);
      // The program waits for it, and mounts nothing.
      return new Promise(() => {});
    });

  // ---- What the first screen shows, before the program

  /** It is on its way while the program still is, which finds it there when it asks. */
  function ask(address) {
    const link = Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", href: meta("api") + address });
    link.crossOrigin = "anonymous";
    document.head.append(link);
  }

  const make = (tag, className, ...content) => {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...content);
    return element;
  };
  const bodyIsHere = async () => document.body ?? new Promise((done) => addEventListener("DOMContentLoaded", done));

  /** A product by its name, price and picture. */
  function product({ title, image, price }) {
    const picture = make("span", "picture picture--large");
    if (image) {
      for (const className of ["picture__ground", ""]) {
        const element = make("img", className);
        element.alt = "";
        element.src = image.startsWith("/") ? meta("api") + image : image;
        picture.append(element);
      }
    }
    const money = price && new Intl.NumberFormat(page.locale, { style: "currency", currency: price.currency });
    const amount = money?.format(price.amount / 10 ** money.resolvedOptions().maximumFractionDigits) ?? "";
    const cost = make("p", "product__price", make("span", "price price--large", amount));
    const head = make("div", "product__head", make("h1", "product__title", title), cost);
    const body = make("div", "product__body", head);
    return make("article", "product", make("div", "product__picture", picture), body);
  }

  /** A shop by its name. */
  const shop = ({ name }) => make("article", "store", make("div", "store__card", make("h1", "page-title", name)));

  // What a link leads to, as the program will show it, which takes longer to come.
  const LINKED = [
    [/^\/p\/([\w.~-]+)$/, "products", product],
    [/^\/stores\/([\w.~-]+)$/, "locations", shop],
  ];

  /** What the first picture shows, as far as it is not in the page. */
  const shown = [];

  let introduced = false;
  async function introduce(address, drawn) {
    const article = drawn(await (await fetched(address)).json());
    const heading = article.querySelector("h1").textContent;
    await bodyIsHere();
    const screen = document.querySelector("#boot .main");
    if (!screen || !heading) return;
    screen.replaceChildren(make("span", "back"), article);
    document.title = heading;
    introduced = true;
    await Promise.all([...article.querySelectorAll("img")].map((image) => image.decode()));
  }

  /** The words that a link searches for, in the field where they will stand, and what is being done about them. */
  async function repeat(words) {
    if (!words) return;
    await bodyIsHere();
    document.querySelector(".boot__search")?.append(words);
    document.querySelector(".boot__head")?.append(make("p", "results__count", page.say("find_loading")));
  }

  /** The first words of the start screen, in the place where the program will show them. */
  async function invite() {
    await bodyIsHere();
    const results = document.querySelector("#boot .results");
    if (!results || !page.say("find_invitation")) return;
    const words = [make("h2", "", page.say("find_invitation")), make("p", "", page.say("find_invitation_reason")), make("div", "")];
    results.append(make("section", "invitation boot__invitation", ...words));
  }

  const place = tried(() => JSON.parse(localStorage.getItem("nearshelf/1")).place);
  // With words or filters the start screen is a search.
  const isStart = location.pathname === "/" && /^(\?lang=[\w-]*)?$/.test(location.search);
  if (glue && !place && (isStart || location.pathname !== "/")) {
    for (const [paths, asked] of ASKED) {
      const found = paths.exec(location.pathname);
      if (found) asked(found[1]).forEach(ask);
    }
    if (isStart) shown.push(invite());
  }
  if (glue) {
    for (const [paths, kind, drawn] of LINKED) {
      const id = paths.exec(location.pathname)?.[1];
      // Nothing is lost where it does not come: the program asks again.
      if (id) shown.push(introduce(`${meta("api")}/v1/${kind}/${id}`, drawn));
    }
    shown.push(repeat(new URLSearchParams(location.search).get("q") ?? ""));
  }

  // ---- The program

  let stop;
  /** The program has ended, or will not begin. */
  let over = false;
  const slow = setTimeout(() => over || show("slow"), SLOW_MS);

  /** Once the first picture is drawn, but without waiting for long; a page that nobody looks at is not drawn. */
  const firstPicture = () =>
    new Promise((done) => {
      setTimeout(done, document.hidden ? 0 : PATIENCE_MS);
      // What is written before one frame is on the screen by the next.
      const frames = () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
      Promise.allSettled(shown).then(frames);
    });

  async function start() {
    if (typeof WebAssembly !== "object") return fail("unsupported", new Error("there is no WebAssembly"));
    // Without a name Trunk's own script starts it (`trunk serve`).
    if (!glue) return;
    // The glue is small, and tells what else there is to fetch. What is not waited for yet may fail until then.
    const coming = import(glue);
    coming.catch(() => {});
    // First things first: on a slow line whatever else is on its way holds up the first picture.
    await firstPicture();
    const arriving = fetched(program);
    arriving.catch(() => {});
    const bindings = await coming;
    stop = bindings.stop;
    if (bindings.part) {
      page.part = (n) => bindings.part(n);
      // In parallel with the program; who needs it asks again and is told where it fails.
      LATER.forEach((paths, at) => paths.test(location.pathname) && soon(at + 1));
    }
    const answer = await arriving;
    try {
      await bindings.default({ module_or_path: answer });
    } catch (error) {
      // Reading while it arrives was not possible, or broke off: once more, in one piece.
      if (error?.name !== "TypeError" || isOurs(error)) throw error;
      await bindings.default({ module_or_path: await (await fetched(program)).arrayBuffer() });
    }
  }
  start().catch((error) => fail("failed", error));
  // The first formatter takes a slow phone a tenth of a second, which it has while the program is on its way, and not before the
  // first picture.
  const idle = self.requestIdleCallback ?? setTimeout;
  idle(() => tried(() => new Intl.NumberFormat(page.locale, { style: "currency", currency: "EUR" }).format(1)));

  /** Fetches a part that nobody waits for yet. */
  const soon = (number) => page.part(number).catch(() => {});

  function started() {
    clearTimeout(slow);
    settle();
    tried(() => sessionStorage.removeItem(RENEWED));
    document.getElementById("failure")?.remove();
    makeWay();
    if (page.part && !navigator.connection?.saveData) {
      const later = () => LATER.forEach((_, at) => soon(at + 1));
      self.requestIdleCallback ? requestIdleCallback(later, { timeout: 5_000 }) : setTimeout(later, 2_000);
    }
  }

  /** What stands in for the first screen goes; what a link leads to, once the screen has it as well. */
  function makeWay() {
    const boot = document.getElementById("boot");
    const main = document.getElementById("main");
    if (!boot || !main) return;
    if (!introduced) return boot.remove();
    const gone = () => {
      watch.disconnect();
      clearTimeout(last);
      boot.remove();
    };
    const look = () => main.querySelector(":scope > .skeleton, .product--loading") ?? gone();
    const watch = new MutationObserver(look);
    const last = setTimeout(gone, 3_000);
    watch.observe(main, { childList: true, subtree: true });
    look();
  }

  // ---- The end

  /** The program cannot begin. */
  async function fail(kind, error) {
    if (over) return;
    // A trap in its first steps.
    if (isOurs(error)) return crashed(error);
    over = true;
    settle();
    console.error(error);
    if (!((await isGone(error)) && once() && (await renew([])))) show(kind);
  }

  /** Whether the server has this version no more; it is not asked for long. */
  async function isGone(error) {
    const { status } = Object(error);
    if (status) return status === 404 || status === 410;
    const asked = fetch(glue, { method: "HEAD", cache: "no-store" }).then((answer) => answer.status === 404, () => false);
    return Boolean(glue) && Promise.race([asked, new Promise((done) => setTimeout(done, 300))]);
  }

  /** A page that loads itself anew must be able to know that it did. */
  function once() {
    return tried(() => {
      const first = !sessionStorage.getItem(RENEWED);
      sessionStorage.setItem(RENEWED, "1");
      return first;
    });
  }

  /** Loads the page anew past everything that is kept of it; without a network what is kept stays, and it answers false. */
  async function renew(files) {
    try {
      await fetch("/service-worker.js", { cache: "no-store" });
      for (const registration of (await serviceWorkers?.getRegistrations()) ?? []) await registration.unregister();
      await forget("nearshelf/app/");
      for (const file of [location.href, ...files]) await fetch(file, { cache: "reload" }).then((answer) => answer.arrayBuffer());
    } catch {
      return false;
    }
    location.reload();
    return true;
  }

  async function forget(beginning) {
    for (const name of (await self.caches?.keys()) ?? []) if (name.startsWith(beginning)) await caches.delete(name);
  }

  /** The program has ended: nothing of it runs any more, what the device keeps stays as it is. */
  function crashed(why) {
    if (over) return;
    over = true;
    settle();
    tried(() => stop?.());
    for (const stream of page.streams) tried(() => stream.close());
    const last = setTimeout(() => {});
    // A number may be that of something else, which somebody who stands in for the browser's clock refuses to clear.
    for (let id = last; id > Math.max(0, last - 50_000); id--) tried(() => clearTimeout(id));
    tried(() => sessionStorage.setItem(CRASHES, JSON.stringify([...crashes(), Date.now()])));
    console.error("the program has ended:", why);
    show("crashed");
  }

  /** Whether it came out of the program, and not of an extension of the browser or of a script beside it. */
  function isOurs(error) {
    return error?.name === "RuntimeError" || /wasm-function/.test(error?.stack);
  }
  addEventListener("error", ({ error }) => isOurs(error) && crashed(error));
  // A promise that a script beside the program refused is its own affair.
  addEventListener("unhandledrejection", ({ reason }) => /^R\w+Error$/.test(reason?.name) && isOurs(reason) && crashed(reason));

  // ---- What is said then

  async function show(kind) {
    await bodyIsHere();
    const text = (key) => make("p", "notice__text", page.say(key));
    const button = (key, className, act) => {
      const button = make("button", `button button--wide ${className}`, page.say(key));
      button.type = "button";
      button.addEventListener("click", () => {
        button.disabled = true;
        act();
      });
      return button;
    };
    const heading = make("h1", "notice__title", page.say(`${kind}_title`) || page.say("failed_title"));
    heading.tabIndex = -1;
    const actions = make("div", "notice__actions", button("reload", "", () => again(kind)));
    const notice = make("section", "notice", heading, text(`${kind}_text`), text("safe"), actions);
    if (kind === "crashed" && tried(() => localStorage.length)) {
      actions.append(button("fresh", "button--quiet", afresh));
      notice.append(make("p", "hint", page.say("fresh_text")));
    }
    notice.append(make("p", "notice__reference", page.say("reference").replace("{version}", page.version)));
    notice.setAttribute("role", "alert");
    const main = make("main", "main", notice);
    main.id = "failure";
    document.body.replaceChildren(main);
    document.title = heading.textContent;
    heading.focus();
    if (UNATTENDED) startAgain(kind);
  }

  /** Later each time, up to a minute, and only once the server answers: a browser that finds none shows a page of its own. */
  function startAgain(kind) {
    const wait = kind === "slow" ? 60_000 : Math.min(60_000, 3_000 * 2 ** crashes().length);
    setTimeout(async () => {
      if (!document.getElementById("failure")) return;
      const answer = await fetch("/service-worker.js", { cache: "no-store" }).catch(() => undefined);
      if (answer) await again(kind);
      else startAgain(kind);
    }, wait);
  }

  async function again(kind) {
    const past = kind === "failed" ? [glue, program].filter(Boolean) : crashes().length >= 3 && [];
    if (!(past && (await renew(past)))) location.reload();
  }

  async function afresh() {
    tried(() => {
      // What cannot be read is nothing.
      const kept = Object(tried(() => JSON.parse(localStorage.getItem("nearshelf/1"))));
      const stays = Object.fromEntries(STAYS.filter((name) => name in kept).map((name) => [name, kept[name]]));
      for (const name of Object.keys(localStorage)) if (name.startsWith("nearshelf/") && name !== "nearshelf/queue/1") localStorage.removeItem(name);
      localStorage.setItem("nearshelf/1", JSON.stringify(stays));
    });
    await forget("nearshelf/").catch(() => {});
    if (!(await renew([]))) location.reload();
  }

  // What is kept of the app may be what ends it.
  if (page.safe && serviceWorkers?.controller && once()) renew([]);
})();
