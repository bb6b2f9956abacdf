import type { midi as english } from '../english/midi.ts';

export const midi: typeof english = {
  name: 'MIDI-Controller',
  buttons: { off: 'Verbinden', asking: 'Abbrechen', elsewhere: 'Verbindung trennen', on: 'Verbindung trennen' },
  learn: 'Lernen',
  learnHint: 'Bedienelemente Fadern und Tasten zuweisen (Esc beendet)',
  status: {
    off: 'Fader und Tasten mit einem MIDI-Controller an diesem Rechner bewegen.',
    asking: 'MIDI in der Abfrage des Browsers erlauben.',
    elsewhere: 'Eine andere Seite in diesem Browser nutzt MIDI. Diese übernimmt, sobald jene schließt.',
    noController: 'Kein MIDI-Controller gefunden. Einen anschließen.',
  },
  problems: {
    unavailable: 'MIDI ist hier nicht verfügbar: Chrome, Edge oder Firefox auf dem Rechner mit Unmingle verwenden.',
    denied: 'MIDI wurde nicht erlaubt: neben der Adresszeile erlauben und erneut versuchen.',
    failed: (reason) => `MIDI lässt sich nicht öffnen: ${reason}.`,
  },
  chooseTarget: 'Auf einen Fader oder eine Taste im Mischpult klicken.',
  moveControl: (target) => `Für „${target}“ einen Regler bewegen oder eine Taste drücken.`,
  mappings: 'MIDI-Zuweisungen',
  mappingList: 'Zuweisungen',
  forgetAll: 'Alle löschen',
  forget: 'Löschen',
  forgetTarget: (target) => `Zuweisung löschen: ${target}`,
  turn: { up: 'aufdrehen bis zum Fader', down: 'zurückdrehen bis zum Fader' },
  noMappings:
    'Noch keine Zuweisungen. Verbinden, Lernen drücken, einen Fader oder eine Taste anklicken, dann ein Bedienelement bewegen.',
  about:
    'Ein Fader folgt seinem Regler, sobald sich beide treffen: Pegel springen nie. Tasten schalten bei jedem Druck um.',
  emptyTargets: {
    level: (slot) => `Stimme ${slot}, Pegel (leer)`,
    mute: (slot) => `Stimme ${slot}, stumm (leer)`,
    solo: (slot) => `Stimme ${slot}, Solo (leer)`,
    send: (slot) => `Stimme ${slot}, Send (leer)`,
  },
  controls: {
    controller: (device, number, channel) => `${device}: Controller ${number}, Kanal ${channel}`,
    note: (device, number, channel) => `${device}: Note ${number}, Kanal ${channel}`,
    pitchBend: (device, channel) => `${device}: Pitch-Bend, Kanal ${channel}`,
  },
};
