import { plural } from '../../base/numberText.ts';

export const voices = {
  name: 'Voices',
  dropHere: 'Drop presets here to import them',
  search: 'Search voices',
  import: 'Import',
  importHint: 'Import a preset file',
  imported: (preset: string) => `Imported ${preset}`,
  replace: 'Replace',
  fileField: 'Preset files',
  /** @param most size with its unit */
  tooLarge: (file: string, most: string) => `${file} is too large: presets have at most ${most}`,
  noneFound: 'No matching voices.',
  deleted: 'Deleted',
  restore: 'Restore',
  load: (preset: string) => `Load ${preset}`,
  unload: (preset: string) => `Unload ${preset}`,
  /** @param notes, licence from the preset */
  loadHint: (templates: number, notes: string, licence: string) =>
    `Load into the next slot. ${templates} ${plural(templates, 'template', 'templates')}. ${notes} ${licence}`,
  unloadHint: (templates: number, notes: string, licence: string) =>
    `Unload. ${templates} ${plural(templates, 'template', 'templates')}. ${notes} ${licence}`,
  export: 'Export',
  exportPreset: (preset: string) => `Export ${preset}`,
  rename: 'Rename',
  renamePreset: (preset: string) => `Rename ${preset}`,
  newName: (preset: string) => `New name for ${preset}`,
  delete: 'Delete',
  deletePreset: (preset: string) => `Delete ${preset}`,
  deleteLoaded: 'Unload before deleting',
  /** @param size with its unit */
  facts: {
    own: (speechSeconds: number, size: string) => `${speechSeconds} s of speech, ${size}`,
    bundled: (speechSeconds: number, size: string) => `bundled, ${speechSeconds} s of speech, ${size}`,
    file: (speechSeconds: number, size: string) => `from a file, ${speechSeconds} s of speech, ${size}`,
    found: (speechSeconds: number, size: string) => `found in this session, ${speechSeconds} s of speech, ${size}`,
  },
};
