// Keeps the site for times without a network. The build writes two lines in front of this file:
// VERSION, and FILES, the path and the hash of every file that is kept.
//
// Invariant: whoever is answered from here is answered from one build alone. A new build is kept
// beside the old one, whole or not at all, and takes its place when the person says so; every page
// of the site that is open loads itself anew then (start.js, lesson.js).
const OWN = `lagoon ${registration.scope} `;
const KEPT = OWN + VERSION;

addEventListener("install", (event) => {
  const keep = async () => {
    const requests = FILES.map(([path, integrity]) => new Request(path, { integrity, cache: "no-cache" }));
    await (await caches.open(KEPT)).addAll(requests);
  };
  event.waitUntil(keep());
});

addEventListener("activate", (event) => {
  const clear = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(OWN) && name !== KEPT);
    await Promise.all(old.map((name) => caches.delete(name)));
  };
  event.waitUntil(clear());
});

addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  const answer = async () => {
    const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    const kept = await (await caches.open(KEPT)).match(origin + path);
    return kept ?? fetch(event.request);
  };
  event.respondWith(answer());
});
