/** Formats a report as JSON. Numbers that are not finite, such as the SDR of a perfect copy, become null. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
