// Registers the service worker once the page is idle, and asks before a new version takes over.

const serviceWorkers = navigator.serviceWorker;
let reloading = false;
// On a screen in a shop nobody is asked: a newer version takes over while nobody is there.
const unattended = /^\/kiosk\//.test(location.pathname);
const LOOK_MS = 10 * 60_000;
// Without a first screen by then there is a newer version to be found all the more.
const LATEST_MS = 10_000;

/** Whether somebody has typed something that a reload would lose. */
const isBusy = () => window.nearshelf.occupied || [...document.querySelectorAll("input:not([type=search], [type=radio], [type=checkbox])")].some((field) => field.value);

/** A bar with one button; a form that is being filled in is not taken away from under anybody. */
function offer(registration) {
  // Whichever waits by then: an even newer one may have taken the place of the one that was found.
  const ask = () => registration.waiting?.postMessage("take over");
  if (unattended) {
    setInterval(() => isBusy() || ask(), 5_000);
    setInterval(() => past(registration), 60_000);
    return;
  }
  if (document.getElementById("new-version")) return;
  const bar = document.createElement("div");
  bar.id = "new-version";
  bar.className = "version-bar";
  bar.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = window.nearshelf.say("newer");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet";
  button.textContent = window.nearshelf.say("newer_load");
  button.addEventListener("click", () => {
    ask();
    // A worker that is asleep may not have heard it: until the page goes, it is asked again.
    setInterval(ask, 1_000);
    setInterval(() => past(registration), 4_000);
  });
  bar.append(words, button);
  document.body.append(bar);
}

/**
 * Loads the page past a worker that does not make way: Chromium lets one that it thinks busy stay for up to five minutes, now and
 * then without any reason that a page can see. A worker is registered anew by the page that comes; without a network all stays.
 */
async function past(registration) {
  if (reloading || isBusy() || !(await fetch("/service-worker.js", { cache: "no-store" }).catch(() => undefined))?.ok) return;
  reloading = true;
  await registration.unregister();
  location.reload();
}

/** Of all languages those that are used on this device are kept for when there is no network. */
async function remember(language) {
  const used = await caches.open("nearshelf/languages/1");
  await used.put(`/locales/${language}`, new Response());
}

async function start() {
  // `boot.js` knows whether the app ended again and again: then nothing is kept for a while.
  const { language, safe } = window.nearshelf;
  if (safe) return;
  await remember(language).catch(() => {});
  const registration = await serviceWorkers.register("/service-worker.js", { updateViaCache: "none" });
  const look = (worker) => {
    // The first one has nothing to take over from.
    if (worker?.state === "installed" && serviceWorkers.controller) offer(registration);
  };
  look(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => look(worker));
  });
  const controlled = Boolean(serviceWorkers.controller);
  serviceWorkers.addEventListener("controllerchange", () => {
    // All tabs change together: none asks the new set for a file of the old one.
    if (!controlled || reloading) return;
    reloading = true;
    // Once only: asking again would begin a load anew that takes longer than that.
    const timer = setInterval(() => {
      if (isBusy()) return;
      clearInterval(timer);
      location.reload();
    }, 500);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  });
  // Nobody ever puts such a page away and looks at it again.
  if (unattended) setInterval(() => registration.update().catch(() => {}), LOOK_MS);
}

// Without one (private windows, storage refused) everything works as long as there is a network.
if (serviceWorkers) {
  const begin = () => start().catch((error) => console.info(`offline: ${error.message}`));
  const late = new Promise((done) => setTimeout(done, LATEST_MS));
  // Keeping all files on a slow line would be in the way of the one program that somebody waits for.
  addEventListener("load", async () => {
    await Promise.race([window.nearshelf?.settled, late]);
    self.requestIdleCallback ? requestIdleCallback(begin, { timeout: 10_000 }) : setTimeout(begin, 3_000);
  });
}
