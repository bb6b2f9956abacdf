import { plural } from '../../base/numberText.ts';
import type { voices as english } from '../english/voices.ts';

export const voices: typeof english = {
  name: 'Stimmen',
  dropHere: 'Presets hier ablegen, um sie zu importieren',
  search: 'Stimmen durchsuchen',
  import: 'Importieren',
  importHint: 'Preset-Datei importieren',
  imported: (preset) => `${preset} importiert`,
  replace: 'Ersetzen',
  fileField: 'Preset-Dateien',
  tooLarge: (file, most) => `${file} ist zu groß: Presets haben höchstens ${most}`,
  noneFound: 'Keine passenden Stimmen.',
  deleted: 'Gelöscht',
  restore: 'Wiederherstellen',
  load: (preset) => `${preset} laden`,
  unload: (preset) => `${preset} entladen`,
  loadHint: (templates, notes, licence) =>
    `In den nächsten Kanalzug laden. ${templates} ${plural(templates, 'Template', 'Templates')}. ${notes} ${licence}`,
  unloadHint: (templates, notes, licence) =>
    `Entladen. ${templates} ${plural(templates, 'Template', 'Templates')}. ${notes} ${licence}`,
  export: 'Exportieren',
  exportPreset: (preset) => `${preset} exportieren`,
  rename: 'Umbenennen',
  renamePreset: (preset) => `${preset} umbenennen`,
  newName: (preset) => `Neuer Name für ${preset}`,
  delete: 'Löschen',
  deletePreset: (preset) => `${preset} löschen`,
  deleteLoaded: 'Vor dem Löschen entladen',
  facts: {
    own: (speechSeconds, size) => `${speechSeconds} s Sprache, ${size}`,
    bundled: (speechSeconds, size) => `mitgeliefert, ${speechSeconds} s Sprache, ${size}`,
    file: (speechSeconds, size) => `aus einer Datei, ${speechSeconds} s Sprache, ${size}`,
    found: (speechSeconds, size) => `in dieser Sitzung gefunden, ${speechSeconds} s Sprache, ${size}`,
  },
};
