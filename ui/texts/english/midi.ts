export const midi = {
  name: 'MIDI controller',
  buttons: { off: 'Connect', asking: 'Cancel', elsewhere: 'Disconnect', on: 'Disconnect' },
  learn: 'Learn',
  learnHint: 'Assign controls to faders and buttons (Esc to stop)',
  status: {
    off: 'Move faders and buttons with a MIDI controller on this computer.',
    asking: 'Allow MIDI in the browser’s prompt.',
    elsewhere: 'Another panel in this browser uses MIDI. This one takes over when it closes.',
    noController: 'No MIDI controller found. Plug one in.',
  },
  problems: {
    unavailable: 'MIDI is not available here: use Chrome, Edge or Firefox on the computer that runs Unmingle.',
    denied: 'MIDI permission denied: allow it next to the address bar, then try again.',
    /** @param reason from the browser */
    failed: (reason: string) => `Cannot open MIDI: ${reason}.`,
  },
  chooseTarget: 'Click a fader or button in the mixer.',
  moveControl: (target: string) => `Move a knob or press a key for “${target}”.`,
  mappings: 'MIDI mappings',
  mappingList: 'Mappings',
  forgetAll: 'Forget all',
  forget: 'Forget',
  forgetTarget: (target: string) => `Forget ${target}`,
  turn: { up: 'turn up to reach the fader', down: 'turn down to reach the fader' },
  noMappings: 'No mappings yet. Connect, press Learn, click a fader or button, then move a control.',
  about: 'A fader follows its knob once they meet, so levels never jump. Buttons toggle on each press.',
  /** A target whose strip is empty. */
  emptyTargets: {
    level: (slot: number) => `Speaker ${slot} level (empty)`,
    mute: (slot: number) => `Speaker ${slot} mute (empty)`,
    solo: (slot: number) => `Speaker ${slot} solo (empty)`,
    send: (slot: number) => `Speaker ${slot} send (empty)`,
  },
  /** Controls of a device. */
  controls: {
    controller: (device: string, number: string, channel: string) =>
      `${device}: controller ${number}, channel ${channel}`,
    note: (device: string, number: string, channel: string) => `${device}: note ${number}, channel ${channel}`,
    pitchBend: (device: string, channel: string) => `${device}: pitch bend, channel ${channel}`,
  },
};
