// Keeps the public pages that were read, so that they open without a network: docs/decisions/0018-offline.md
// The server writes a line before this one (config/offline.py): const RELEASE = {pages, files, note, static, logOut};
// it names the files of this release by their hashes, so that a new release is a new worker.

const PAGES = "pages-1"; // another number where what is kept takes another form: the old is then dropped
const FILES = "files-1";
const MOST_PAGES = 40;
const MOST_BYTES = 3000000;
const MOST_FILES = 80;
const LONGEST = 30 * 24 * 60 * 60 * 1000; // nothing older is shown
const PATIENCE = 8000; // milliseconds that a poor network has before the kept page is shown
const DOWN = [502, 503, 504];
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const LOOK = /data-size="\w+" data-contrast="\w+"/;
const BEGIN = /<body[^>]*>(\s*<a class="skip"[^>]*>[^<]*<\/a>)?/; // the way to the text stays the first thing
const CHINESE = {
  slow: "网络太慢，新的还没有到。",
  away: "现在连不上网站。",
  none: "现在没有网络。",
  kept: (headers) => `这是${decodeURIComponent(headers.get("Kept-When"))}存下的内容，可能已经变了。`,
  missing: "您要看的这一页，这部手机上没有存。",
  again: "再试一次",
  label: "从前存下的页面",
};
const inEnglish = (moment) =>
  moment.toLocaleString("en-GB", { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" });
const ENGLISH = {
  slow: "The network is too slow. ",
  away: "The site cannot be reached. ",
  none: "There is no network. ",
  kept: (headers) => `This was kept on ${inEnglish(new Date(Number(headers.get("Kept-At"))))} and may have changed.`,
  missing: "This page is not kept on this phone.",
  again: "Try again",
  label: "A page kept from before",
};
const NEEDED = [
  "Content-Type",
  "Content-Security-Policy",
  "Permissions-Policy",
  "Referrer-Policy",
  "X-Content-Type-Options",
];

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && pathname === RELEASE.logOut) event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (pathname.startsWith(RELEASE.static)) event.respondWith(file(request));
});

// The pages that are open were asked for before there was a worker: once more, as a stranger, who is given only what
// everybody may read. Last come the pages of the release, in the reader's text size.
async function install() {
  const files = await caches.open(FILES);
  await files.addAll(RELEASE.files);
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const { url } of open) await settle(url.split("#")[0], await fetch(url, { credentials: "omit" }));
  for (const path of RELEASE.pages) await settle(path, await fetch(path));
  await self.skipWaiting();
}

async function activate() {
  const others = (await caches.keys()).filter((name) => name !== PAGES && name !== FILES);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// A page comes from the network. Where there is none, or it is too slow, it is the kept one, which says so.
async function page(event) {
  const { request } = event;
  const answer = fetch(request);
  // Two copies of what is kept, not of a film: the second would lie in the memory until somebody read it.
  const copy = answer.then((fresh) => (isMarked(fresh) ? fresh.clone() : fresh));
  event.waitUntil(copy.then((fresh) => settle(request.url, fresh)).catch(() => {}));
  const kept = await keptPage(request.url);
  const races = [answer.catch(() => "gone")];
  if (kept) races.push(new Promise((resolve) => setTimeout(resolve, PATIENCE, "slow")));
  const first = await Promise.race(races);
  if (first instanceof Response && !DOWN.includes(first.status)) return first;
  const trouble = first === "slow" ? "slow" : navigator.onLine ? "away" : "none";
  if (kept) return told(kept, trouble, 200);
  const list = await keptPage(RELEASE.pages[0]);
  if (list) return told(list, trouble, 503);
  return first instanceof Response ? first : answer;
}

// A name with a hash never means another file.
async function file(request) {
  const kept = await caches.match(request, { cacheName: FILES, ignoreVary: true }).catch(() => {});
  if (kept && HASHED.test(request.url)) return kept;
  return fetch(request).catch((trouble) => kept || Promise.reject(trouble));
}

const isMarked = (fresh) => fresh.status === 200 && !fresh.redirected && fresh.headers.has("Keep-On-Device");

// Keep what the server marks as the same for every reader; let go of what it does not give any more.
async function settle(address, fresh) {
  const pages = await caches.open(PAGES);
  if (isMarked(fresh)) await keep(pages, address, fresh.headers, await fresh.text());
  else if (fresh.status < 500 && fresh.status !== 429) await pages.delete(address);
}

async function keep(pages, address, given, text) {
  const bytes = new Blob([text]).size;
  if (bytes > MOST_BYTES / 10) return;
  const headers = new Headers(NEEDED.filter((name) => given.has(name)).map((name) => [name, given.get(name)]));
  const now = new Date();
  const hour = now.getHours();
  const part = hour < 12 ? "上午" : hour < 18 ? "下午" : "晚上";
  const clock = `${hour > 12 ? hour - 12 : hour}:${String(now.getMinutes()).padStart(2, "0")}`;
  headers.set("Kept-At", now.getTime());
  headers.set("Kept-When", encodeURIComponent(`${now.getMonth() + 1}月${now.getDate()}日${part}${clock}`));
  headers.set("Kept-Title", encodeURIComponent((text.match(/<title>([^<]*)/) || ["", address])[1]));
  headers.set("Kept-Look", (text.match(LOOK) || [""])[0]);
  headers.set("Kept-Bytes", bytes);
  await keepFiles(text);
  await pages.put(address, new Response(text, { headers }));
  await prune(pages);
}

async function keepFiles(text) {
  const files = await caches.open(FILES);
  const named = [...text.matchAll(/\s(?:src|href)="([^"]+)"/g)].map((found) => found[1]);
  const wanted = named.filter((name) => name.startsWith(RELEASE.static));
  const there = await Promise.all(wanted.map((name) => files.match(name, { ignoreVary: true })));
  await Promise.all(wanted.filter((_, index) => !there[index]).map((name) => files.add(name).catch(() => {})));
  const kept = await files.keys();
  await Promise.all(kept.slice(0, -MOST_FILES).map((name) => files.delete(name)));
}

// The newest first: [the request, the headers it is kept with].
async function all(pages) {
  const kept = await Promise.all((await pages.keys()).map(async (key) => [key, (await pages.match(key)).headers]));
  return kept.sort((one, other) => other[1].get("Kept-At") - one[1].get("Kept-At"));
}

function isOfRelease(request) {
  const { pathname, search } = new URL(request.url);
  return RELEASE.pages.includes(pathname + search);
}

async function prune(pages) {
  let number = 0;
  let bytes = 0;
  for (const [key, headers] of await all(pages)) {
    number += 1;
    bytes += Number(headers.get("Kept-Bytes"));
    const isOver = number > MOST_PAGES || bytes > MOST_BYTES || isOld(headers);
    if (isOver && !isOfRelease(key)) await pages.delete(key);
  }
}

// Somebody of the staff logs out: what they looked at is nobody's business.
async function forget() {
  const pages = await caches.open(PAGES);
  const theirs = (await pages.keys()).filter((key) => !isOfRelease(key));
  await Promise.all(theirs.map((key) => pages.delete(key)));
}

const isOld = (headers) => Date.now() - headers.get("Kept-At") > LONGEST;

async function keptPage(address) {
  const kept = await caches.match(address, { cacheName: PAGES }).catch(() => {});
  return kept && !isOld(kept.headers) ? kept : undefined;
}

// A kept page (200), or the list of them (503), with a word at its top; in the text size of the page read last.
async function told(kept, trouble, status) {
  const [[, newest]] = await all(await caches.open(PAGES));
  const look = newest.get("Kept-Look");
  const page = await kept.text();
  const words = page.includes('<html lang="en"') ? ENGLISH : CHINESE;
  const said = words[trouble] + (status === 200 ? words.kept(kept.headers) : words.missing);
  const label = `<aside class="demo no-print screen-only" aria-label="${words.label}"><div class="wrap">`;
  const again = `<a class="keep" href="">${words.again}</a>`;
  const note = `${label}<p role="status" data-kept><span>${said}</span> ${again}</p></div></aside>`;
  const text = page
    .replace(LOOK, (asItWas) => look || asItWas)
    .replace(BEGIN, (begin) => `${begin}${note}<script type="module" src="${RELEASE.note}"></script>`);
  return new Response(text, { status, headers: kept.headers });
}
