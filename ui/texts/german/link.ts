import type { link as english } from '../english/link.ts';

export const link: typeof english = {
  notConnected: 'nicht verbunden: Die Änderung wurde nicht gesendet',
  lostDuring: (fileName) => `${fileName}: Die Verbindung zum Host ist abgebrochen`,
  httpStatus: (status) => `der Host hat mit HTTP-Status ${status} geantwortet`,
};
