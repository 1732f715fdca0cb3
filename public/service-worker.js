// The app without a network: one version of all its files, kept as one set and never mixed with another.
//
// The build writes VERSION and FILES. A new version waits until the page says "take over"; until then all tabs stay with the
// old one. To switch this off for everybody, serve `service-worker-off.js` under this name: it clears up and goes.

const VERSION = "BUILD_VERSION";
const FILES = ["BUILD_FILES"];
// The server puts a line before this script that names the retailer's settings: others are another version of the same files.
const APP = `nearshelf/app/${VERSION}${self.settingsVersion ?? ""}`;
/// Addresses of pages that are none of the app's: the box in somebody else's frame, whose policy the server decides.
const NO_SCREENS = ["/v1/", "/embed/", "/demo/"];
const PICTURES = "nearshelf/pictures/1";
const PICTURES_KEPT = 300;
// The page writes there which languages were used on this device.
const LANGUAGES = "nearshelf/languages/1";

self.addEventListener("install", (event) => {
  event.waitUntil(keepAll());
});

/** All or nothing: a set with a hole would be found out in a tunnel. */
async function keepAll() {
  const cache = await caches.open(APP);
  try {
    // Names with a hash never change what they stand for; of the others no copy is believed, not for a second.
    const fresh = (file) => new Request(file, { cache: /-[0-9a-f]{8,}/.test(file) ? "default" : "reload" });
    const languages = await usedLanguages();
    await cache.addAll(FILES.filter((file) => isWanted(file, languages)).map(fresh));
  } catch (error) {
    await caches.delete(APP);
    throw error;
  }
}

/** Who saves data searches with the server's help, and is not sent the engine. */
function isWanted(file, languages) {
  const language = languageOf(file);
  if (language) return languages.includes(language);
  return !(navigator.connection?.saveData && file.startsWith("/search/"));
}

/** The language of a catalog: `/locales/pl-0123456789abcdef.txt` is of `pl`. */
const languageOf = (file) => /^\/locales\/(.+)-[0-9a-f]+\.txt$/.exec(file)?.[1];

/** Those whose catalogs are kept: English, which stands in for the others, and those that were used; all if nobody knows. */
async function usedLanguages() {
  const used = await caches.open(LANGUAGES).then((cache) => cache.keys());
  const names = used.map((request) => request.url.split("/").pop());
  return names.length ? ["en", ...names] : FILES.map(languageOf).filter(Boolean);
}

self.addEventListener("activate", (event) => {
  event.waitUntil(clearUp());
});

async function clearUp() {
  for (const name of await caches.keys()) {
    if (name.startsWith("nearshelf/app/") && name !== APP) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (!NO_SCREENS.some((folder) => url.pathname.startsWith(folder))) event.respondWith(kept("/", event));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(kept(url.pathname, event));
  } else if (url.pathname.startsWith("/media/")) {
    event.respondWith(picture(event));
  }
});

/** A file of this version; from the network where the device has thrown it away. */
async function kept(path, event) {
  const known = await caches.match(path, { cacheName: APP }).catch(() => undefined);
  if (known || !languageOf(path)) return known ?? fetch(event.request);
  // A language that is used for the first time is kept from now on.
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(keep(caches.open(APP), path, answer.clone()));
  return answer;
}

/** A picture that was seen before is shown at once and without a network. */
async function picture(event) {
  const { request } = event;
  const cache = caches.open(PICTURES);
  const known = await cache.then((cache) => cache.match(request)).catch(() => undefined);
  if (known) return known;
  const answer = await fetch(request);
  // Nobody waits for the device to have written it.
  if (answer.ok) event.waitUntil(keep(cache, request, answer.clone(), PICTURES_KEPT));
  return answer;
}

/** Keeps an answer, the last so many of its kind; a device that keeps nothing is an ordinary case. */
async function keep(opening, name, answer, most = Infinity) {
  try {
    const cache = await opening;
    await cache.put(name, answer);
    const all = most < Infinity ? await cache.keys() : [];
    for (const old of all.slice(0, Math.max(0, all.length - most))) await cache.delete(old);
  } catch (error) {
    console.info(`not kept: ${error.message}`);
  }
}
