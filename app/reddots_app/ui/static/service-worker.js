// Offline: the pages that need no server, as they were when they were last read. No answer of a
// person passes through here: only pages and files are kept.
const FIXED = FILES;
const CACHE = "red-dots-" + FIXED.join("|").replace(/\W+/g, "-");

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FIXED)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) =>
    Promise.all(names.filter((name) => name.startsWith("red-dots-") && name !== CACHE).map((name) => caches.delete(name))),
  );
  event.waitUntil(old.then(() => self.clients.claim()));
});

const kept = async (request) => {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? cache.match(request, { ignoreSearch: true });
};
// Pages come from the server, so that they are never old; from here only where it does not answer.
const page = async (request) => {
  try {
    const answer = await fetch(request);
    if (answer.ok) (await caches.open(CACHE)).put(request, answer.clone());
    return answer;
  } catch {
    return (await kept(request)) ?? Response.error();
  }
};
const file = async (request) => (await kept(request)) ?? fetch(request);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(file(request));
  else if (request.mode === "navigate" && FIXED.includes(url.pathname)) event.respondWith(page(request));
});
