/** Time for the browser to start a download before its address is revoked. */
const REVOKE_MILLISECONDS = 60_000;

/** Saves files as the browser saves downloads, one after the other: each may be large. */
export async function saveBlobs(
  files: readonly { readonly name: string; readonly content: () => Promise<Blob> }[],
): Promise<void> {
  for (const { name, content } of files) saveBlob(name, await content());
}

/** Saves a file as the browser saves downloads. */
export function saveBlob(fileName: string, content: Blob): void {
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(content);
  anchor.download = fileName;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), REVOKE_MILLISECONDS);
}
