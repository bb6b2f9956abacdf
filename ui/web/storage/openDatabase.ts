/** What is kept: the user's presets, by the key of their name, and adaptations of sets of voices, by their key. */
export const STORES = ['presets', 'adaptations'] as const;
export type StoreName = (typeof STORES)[number];

const NAME = 'unmingle';
const VERSION = 1;

/** @throws DOMException if the browser refuses storage, as some private windows do */
export function openDatabase(factory: IDBFactory = indexedDB): Promise<IDBDatabase> {
  const opening = factory.open(NAME, VERSION);
  opening.onupgradeneeded = () => {
    for (const store of STORES) {
      if (!opening.result.objectStoreNames.contains(store)) opening.result.createObjectStore(store);
    }
  };
  return answerOf(opening).then((database) => {
    // Another tab with a later version of the page may change it.
    database.onversionchange = () => database.close();
    return database;
  });
}

/** @throws what the request fails with */
export function answerOf<Answer>(request: IDBRequest<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the request was aborted'));
  });
}
