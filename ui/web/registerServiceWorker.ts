/** Makes the page work without a network. @param onReady called once, when all of its files are kept for the first time */
export function registerServiceWorker(onReady: () => void): void {
  const workers = navigator.serviceWorker;
  if (workers === undefined) return;
  const isFirst = workers.controller === null;
  workers
    .register('./service-worker.js')
    .then(() => workers.ready)
    .then(
      () => isFirst && onReady(),
      // Without it, the page works as long as there is a network.
      () => {},
    );
}
