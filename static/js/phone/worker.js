// The service worker of /m/. It keeps the program (the same for everybody) and the pages of one account, the one that
// was last here; a page of anybody else empties them. Nothing outside /m/ and its own files passes through it.
"use strict";

const SHELL = "phone-shell-" + FACTS.version;
const MINE = "phone-mine";
const OWNER = "/m/owner";
const WEEK = 7 * 24 * 3600 * 1000;
const FRESH = 30 * 60 * 1000; // younger pages are not fetched ahead again
const PATIENCE = 4000;
let left = ""; // who has just signed out: what is still on its way for him is not kept

self.addEventListener("install", (event) => {
  // "reload": what a browser still remembers of an older edition is not taken.
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FACTS.shell.map((path) => new Request(path, { cache: "reload", credentials: "omit" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("phone-shell-") && name !== SHELL).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  const said = event.data || {};
  if (said.does === "take over") self.skipWaiting();
  if (said.does === "forget") {
    left = said.account;
    event.waitUntil(caches.delete(MINE).then(() => event.ports[0] && event.ports[0].postMessage("done")));
  }
  if (said.does === "fetch") event.waitUntil(fetchAhead(said.pages || [], said.account));
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (FACTS.shell.includes(address.pathname)) event.respondWith(program(request, address));
  else if (request.mode === "navigate" && address.pathname.startsWith(FACTS.scope)) event.respondWith(page(event, request));
});

async function program(request, address) {
  const kept = await caches.match(address.pathname, { cacheName: SHELL, ignoreVary: true });
  return kept || fetch(request);
}

// The network first; without an answer in time, what is kept; without that, the page that says so.
async function page(event, request) {
  const asked = fetch(request).then(async (answer) => {
    if (answer.headers.get("X-Phone-Account") === left) left = ""; // back again
    await keep(request.url, answer.clone());
    return answer;
  });
  event.waitUntil(asked.catch(() => {}));
  const kept = await recall(request.url);
  try {
    const answer = await (kept ? Promise.race([asked, late()]) : asked);
    if (answer && (answer.status < 500 || !kept)) return answer;
  } catch (silent) { /* no network */ }
  return kept || (await caches.match(FACTS.offline, { cacheName: SHELL, ignoreVary: true })) || Response.error();
}
function late() { return new Promise((done) => setTimeout(() => done(null), PATIENCE)); }

async function recall(url) {
  const kept = await caches.match(url, { cacheName: MINE, ignoreVary: true });
  if (!kept) return null;
  const at = Number(kept.headers.get("X-Phone-Kept"));
  return at && Date.now() - at < WEEK ? kept : null;
}

async function keep(url, answer) {
  const account = answer.headers.get("X-Phone-Account");
  if (!account || account === left || answer.status !== 200 || answer.redirected || answer.type !== "basic") return;
  const cache = await mineOf(account);
  const headers = new Headers(answer.headers);
  headers.set("X-Phone-Kept", String(Date.now()));
  await cache.put(url, new Response(await answer.blob(), { status: 200, headers: headers }));
  if (account === left) await caches.delete(MINE);
}
async function mineOf(account) {
  let cache = await caches.open(MINE);
  const owner = await cache.match(OWNER);
  if (owner && (await owner.text()) === account) return cache;
  await caches.delete(MINE);
  cache = await caches.open(MINE);
  await cache.put(OWNER, new Response(account));
  return cache;
}

async function fetchAhead(pages, account) {
  for (const path of pages) {
    const url = new URL(path, self.location.origin).href;
    const kept = await recall(url);
    if (kept && Date.now() - Number(kept.headers.get("X-Phone-Kept")) < FRESH) continue;
    try {
      const answer = await fetch(url, { credentials: "same-origin", redirect: "manual", headers: { Accept: "text/html" } });
      if (answer.headers.get("X-Phone-Account") === account) await keep(url, answer);
    } catch (silent) { return; }
  }
}
