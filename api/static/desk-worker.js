// Answers for the desk's page while there is no line: with the page and its files as they last were. It keeps nothing of readers; what is
// scanned meanwhile desk-offline.js keeps, sealed. Everything but the desk's page and these files goes to the network as if this were not here.
const CACHE = "desk-1";
const SHELL = new URL(self.registration.scope).pathname;
const PATIENCE = 4000; // milliseconds until a line that does not answer counts as none

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data.keep || [])));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate" && address.pathname === SHELL) event.respondWith(page(request));
  else if (address.searchParams.has("v")) event.respondWith(file(request)); // its digest: another file would have another address
});

async function takeOver() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

// The desk's page as anybody at this desk gets it: of no reader, and not the way in.
async function keepShell(cache) {
  const answer = await fetch(SHELL, { credentials: "same-origin", cache: "no-store" });
  if (answer.ok && !answer.redirected && (await answer.clone().text()).includes("data-desk")) await cache.put(SHELL, answer);
}

async function keep(addresses) {
  const cache = await caches.open(CACHE);
  const wanted = new Set(addresses);
  for (const address of wanted) {
    if (await cache.match(address)) continue;
    const answer = await fetch(address);
    if (answer.ok) await cache.put(address, answer);
  }
  await keepShell(cache);
  for (const kept of await cache.keys()) {
    const { pathname, search } = new URL(kept.url);
    if (pathname !== SHELL && !wanted.has(pathname + search)) await cache.delete(kept);
  }
}

async function page(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(SHELL);
  if (!kept) return fetch(request);
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), PATIENCE);
  try {
    const answer = await fetch(request, { signal: waiting.signal });
    return answer.status >= 502 && answer.status <= 504 ? kept : answer;
  } catch {
    return kept;
  } finally {
    clearTimeout(timer);
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) || fetch(request);
}
