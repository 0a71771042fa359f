// Stands in the place of sw.js where the page is served for development: takes the worker of an
// earlier visit away, with all that it kept.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => {
  const leave = async () => {
    const own = (await caches.keys()).filter((name) => name.startsWith(`lagoon ${registration.scope} `));
    await Promise.all(own.map((name) => caches.delete(name)));
    await registration.unregister();
    for (const page of await clients.matchAll({ type: "window" })) page.navigate(page.url);
  };
  event.waitUntil(leave());
});
