/** 16-bit integers as little-endian bytes, whatever the byte order of this machine. */
export function int16ToBytes(values: Int16Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, index) => {
    view.setInt16(2 * index, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** @param bytes an even number, little-endian */
export function bytesToInt16(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int16Array.from({ length: bytes.length / 2 }, (_, index) => view.getInt16(2 * index, true));
}
