// Serve this as /service-worker.js to switch the service worker off for everybody: on their next visit it takes away what was
// kept and itself. What shoppers made (their pickups) is not touched.

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith("nearshelf/")) await caches.delete(name);
      await self.registration.unregister();
    })(),
  );
});
