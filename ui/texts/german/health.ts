import { countText, plural } from '../../base/numberText.ts';
import type { health as english } from '../english/health.ts';

export const health: typeof english = {
  noMeasurements: 'Noch keine Messwerte.',
  latency: 'Latenz',
  algorithm: 'Algorithmus',
  buffers: 'Puffer',
  devices: 'Geräte',
  load: 'Last',
  blockTime: 'Blockzeit, Median',
  percentile: '99. Perzentil',
  maximum: 'Höchstwert',
  overload: 'Überlast',
  overloads: {
    none: 'keine',
    'fewer-iterations': 'weniger Iterationen',
    'fewer-templates': 'weniger Templates',
    bypass: 'Bypass',
  },
  chart: {
    name: 'Last und Latenz der letzten fünf Minuten',
    load: 'Last',
    loadHint: 'Median der Rechenzeit je Block im Verhältnis zu seiner Dauer',
    percentile: '99. Perzentil',
    latency: 'Latenz',
    latencyHint: 'Vollausschlag ist 100 ms',
    problem: 'Problem',
    problemHint: 'Aussetzer oder Überlast',
  },
  diagnosis: 'Diagnose',
  noProblems: 'Keine Probleme erkannt',
  findings: {
    noDevice: 'Kein Audiogerät ist geöffnet.',
    deadInput: (input) => `Von ${input} kommt kein Ton. Stummgeschaltet oder nicht angeschlossen?`,
    longDelay: (milliseconds) =>
      `Alles ist ${milliseconds} ms verspätet zu hören, vor allem wegen der Audiogeräte. Andere Programme schließen oder ein anderes Gerät wählen.`,
    noSpeaker: 'Keine Stimme geladen: Aller Ton geht in den Rest.',
    oneSpeaker:
      'Nur eine Stimme geladen, sie bekommt deshalb allen Ton. Auch „background“ laden oder Rest höher einstellen.',
    overload:
      'Dieser Rechner ist zu langsam für diese Einstellungen. Anruf oder Studio wählen oder weniger Iterationen.',
    similar: (one, other) => `${one} und ${other} klingen ähnlich: mit Übersprechen rechnen.`,
    loudRest: 'Viel Ton passt zu keiner geladenen Stimme. Vielleicht fehlt eine.',
  },
  times: (count) => (count === 1 ? 'einmal' : `${countText(count)}-mal`),
  faults: {
    engineRestarts: (times) =>
      `Die Engine ist abgestürzt oder hat nicht mehr reagiert und wurde ${times} neu gestartet. Wenn es wieder geschieht, bitte mit den Meldungen im Terminal berichten.`,
    restarts: (times) => `Ein Audiogerät ging ${times} verloren und wurde wieder geöffnet. Kabel prüfen.`,
    outputGaps: (times) =>
      `Der Ausgang war ${times} still, weil nicht rechtzeitig Ton bereitstand. Andere Programme schließen oder Anruf oder Studio wählen.`,
    inputGaps: (times) =>
      `Ton vom Eingang ging ${times} verloren, weil dieser Rechner beschäftigt war. Andere Programme schließen.`,
    dryFallbacks: (times) =>
      `Der Eingang wurde ${times} unbearbeitet wiedergegeben, weil die Engine zu spät war. Andere Programme schließen oder Anruf oder Studio wählen.`,
    shortenings: (times) =>
      `Ton wurde ${times} übersprungen, weil die Verzögerung gewachsen war. Andere Programme schließen.`,
    overloads: (times) =>
      `Die Trennung wurde ${times} reduziert, weil dieser Rechner zu langsam war. Anruf oder Studio wählen oder weniger Iterationen.`,
    recordingDroppedSamples: () =>
      'Teile einer Aufnahme fehlen, weil der Datenträger zu langsam war. Auf einen anderen aufnehmen.',
    clippedSamples: () => 'Der Eingang war übersteuert. Mikrofon leiser stellen.',
    invalidSamples: () => 'Der Eingang enthielt ungültige Samples. Treiber des Audiogeräts prüfen.',
  },
  quality: 'Qualität',
  gap: 'KL-Abstand',
  gapHint: 'Obere Schranke für den Abstand des Lösers von seinem Optimum',
  iterations: 'Iterationen',
  rest: 'Rest',
  restHint: 'Pegel des Tons, der keiner Stimme zugeordnet ist, relativ zum Eingang',
  restOff: 'aus',
  similarity: 'Ähnlichkeit der Templates',
  similarityOf: (one, other, share) => `${one} und ${other}: ${share}`,
  adapting: (progress) => `Die Stimmen werden aneinander angepasst: ${progress}`,
  adapted: 'Die Stimmen sind aneinander angepasst.',
  notAdapted: (reason) => `Stimmen nicht aneinander angepasst: ${reason}`,
  sinceStart: 'Seit dem Start',
  counters: {
    name: 'Zähler',
    inputGaps: 'Lücken im Eingang',
    outputGaps: 'Lücken im Ausgang',
    shortenings: 'Gekürzte Puffer',
    overloads: 'Überlastungen',
    dryFallbacks: 'Unbearbeitete Ausgabe',
    engineRestarts: 'Neustarts der Engine',
    restarts: 'Neustarts der Geräte',
    clippedSamples: 'Übersteuerte Samples',
    invalidSamples: 'Ungültige Samples',
    recordingDroppedSamples: 'Nicht aufgenommene Samples',
    telemetryDropped: 'Verworfene Telemetrie-Frames',
  },
  samples: (count) => `${countText(count)} ${plural(count, 'Sample', 'Samples')}`,
  clockDrift: 'Taktabweichung',
  memory: 'Speicher',
};
