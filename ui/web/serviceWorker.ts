/** The files of this build: their addresses, relative to the page, and a hash of all of them. Written by build.mjs. */
declare const PRECACHE: { readonly version: string; readonly files: readonly string[] };

/** The parts of a service worker's global scope that are used; the page's types do not include it. */
interface WorkerScope {
  readonly location: { readonly href: string; readonly origin: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}
interface ExtendableEvent {
  waitUntil(done: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const scope = globalThis as unknown as WorkerScope;
const PREFIX = 'unmingle-web-';
const CACHE = PREFIX + PRECACHE.version;

scope.addEventListener('install', (event) => event.waitUntil(install()));
scope.addEventListener('activate', (event) => event.waitUntil(activate()));
scope.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && new URL(url).origin === scope.location.origin) event.respondWith(answer(event.request));
});

/** Keeps all files of this build, or none. Past the HTTP cache, which may hold those of another build. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(
    PRECACHE.files.map((file) => new Request(new URL(file, scope.location.href), { cache: 'reload' })),
  );
}

/** Earlier builds are kept until none of their pages is open. */
async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/** The kept file; what is not kept comes from the network. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const page = new URL('./index.html', scope.location.href);
  const isPage = new URL(request.url).pathname === new URL('./', scope.location.href).pathname;
  return (await cache.match(isPage ? page : request, { ignoreSearch: true })) ?? fetch(request);
}
