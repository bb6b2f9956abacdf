// Separates a recording into one WAV file for each voice, which are first adapted to each other.
//   node separateFile.mjs RECORDING VOICE,VOICE FOLDER
import { presetName } from 'unmingle';
import { AdaptationLibrary, PresetLibrary, separateFile } from 'unmingle/host';

const [recording, voices, folder] = process.argv.slice(2);
if (recording === undefined || voices === undefined || folder === undefined) {
  console.error('usage: node separateFile.mjs RECORDING VOICE,VOICE FOLDER');
  process.exit(1);
}
const abortion = new AbortController();
process.once('SIGINT', () => abortion.abort());
const { signal } = abortion;

const library = new PresetLibrary();
const files = await Promise.all(voices.split(',').map((voice) => library.byName(presetName(voice))));

// Learnt once for each set of voices, in 10 to 20 s, and kept in the library. null: the training data of a voice is missing.
const adaptations = new AdaptationLibrary(library);
const source = await adaptations.source(files);
if (source.reason !== null) console.error(`not adapted: ${source.reason}`);
const learnt = await adaptations.adapt(source, { signal });

const result = await separateFile({
  mixturePath: recording,
  presets: source.presets,
  adaptation: learnt?.adaptation ?? null,
  outFolder: folder,
  latency: 'monitor',
  isRestWritten: true,
  isOffline: true,
  format: 'pcm16',
  signal,
});
for (const { speaker, path } of result.files) console.log(`${speaker ?? 'rest'}: ${path}`);
