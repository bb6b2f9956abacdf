import type { takes as english } from '../english/takes.ts';

export const takes: typeof english = {
  name: 'Takes',
  recording: (length) => `Aufnahme läuft: ${length}`,
  none: 'Noch keine Takes. „Aufnehmen“ beginnt einen.',
  unknownLength: 'Länge unbekannt',
  brokeOff: (reason) => `Abgebrochen: ${reason}`,
  track: (take) => `Spur von ${take}`,
  play: (take) => `${take} abspielen`,
  stop: (take) => `${take} stoppen`,
  save: (take) => `${take} speichern`,
  rename: 'Umbenennen',
  renameTake: (take) => `${take} umbenennen`,
  newName: (take) => `Neuer Name für ${take}`,
  delete: (take) => `${take} löschen`,
  showFolder: (take) => `Ordner von ${take} zeigen`,
};
