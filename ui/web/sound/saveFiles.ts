import { saveBlobs } from '../../base/saveBlob.ts';
import type { SavedFile } from '../../recording/RecordingDesk.ts';

/** The parts of the File System Access API that are used, which not every browser has. */
interface FilePickers {
  readonly showSaveFilePicker?: (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>;
  readonly showDirectoryPicker?: (options: { readonly mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>;
}

/**
 * Saves one file where the user chooses, several into a folder that the user chooses; as downloads in browsers without the File System Access
 * API. A file of the same name in the folder is kept: the new one gets a number.
 * @throws what writing throws; nothing if the user cancels
 */
export async function saveFiles(files: readonly SavedFile[]): Promise<void> {
  const { showSaveFilePicker, showDirectoryPicker } = window as unknown as FilePickers;
  const [first] = files;
  if (first === undefined) return;
  if (files.length === 1 && showSaveFilePicker !== undefined) {
    const handle = await unlessCancelled(showSaveFilePicker.call(window, { suggestedName: first.name }));
    if (handle !== null) await write(handle, await first.content());
  } else if (files.length > 1 && showDirectoryPicker !== undefined) {
    const folder = await unlessCancelled(showDirectoryPicker.call(window, { mode: 'readwrite' }));
    if (folder === null) return;
    for (const { name, content } of files) await write(await newFile(folder, name), await content());
  } else await saveBlobs(files);
}

/** Closing commits the file; what fails before leaves none or the old one. */
async function write(handle: FileSystemFileHandle, content: Blob): Promise<void> {
  const stream = await handle.createWritable();
  try {
    await stream.write(content);
    await stream.close();
  } catch (error) {
    await stream.abort().catch(() => {});
    throw error;
  }
}

async function newFile(folder: FileSystemDirectoryHandle, name: string): Promise<FileSystemFileHandle> {
  const end = name.lastIndexOf('.');
  const [stem, ending] = end > 0 ? [name.slice(0, end), name.slice(end)] : [name, ''];
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${stem} ${number}${ending}`;
    const exists = await folder.getFileHandle(free).then(
      () => true,
      (error: unknown) => (error as DOMException).name !== 'NotFoundError',
    );
    if (!exists) return folder.getFileHandle(free, { create: true });
  }
}

async function unlessCancelled<Handle>(picked: Promise<Handle>): Promise<Handle | null> {
  try {
    return await picked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}
