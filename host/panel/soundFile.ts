import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * Sends a WAV file to be saved.
 * @param name under which the browser saves it
 * @returns false, without an answer, if there is no such file
 */
export async function sendSoundFile(path: string, name: string, response: ServerResponse): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { size } = await file.stat();
    response.writeHead(200, { 'Content-Type': 'audio/wav', 'Content-Length': size, ...savedAs(name) });
    // A file that is still being written has grown meanwhile.
    await pipeline(file.createReadStream({ autoClose: false, end: Math.max(0, size - 1) }), response);
  } finally {
    await file.close();
  }
  return true;
}

/** @param fileName any text; as RFC 6266 and 8187 write it */
export function savedAs(fileName: string): { readonly 'Content-Disposition': string } {
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return { 'Content-Disposition': `attachment; filename*=UTF-8''${encoded}` };
}
