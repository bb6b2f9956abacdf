export const takes = {
  name: 'Recordings',
  /** @param length minutes and seconds */
  recording: (length: string) => `Recording: ${length}`,
  none: 'No recordings yet. Press Record to make one.',
  unknownLength: 'unknown length',
  /** @param reason from the host */
  brokeOff: (reason: string) => `Broke off: ${reason}`,
  track: (take: string) => `Track of ${take}`,
  play: (take: string) => `Play ${take}`,
  stop: (take: string) => `Stop ${take}`,
  save: (take: string) => `Save ${take}`,
  rename: 'Rename',
  renameTake: (take: string) => `Rename ${take}`,
  newName: (take: string) => `New name for ${take}`,
  delete: (take: string) => `Delete ${take}`,
  showFolder: (take: string) => `Show folder of ${take}`,
};
