// Runs the built engine alone in a process and counts garbage collections.
// countCollections.mjs default|plain: the bundled voices, adapted and with their mask network, or without.
import { planStft, Separator } from '../../../dist/engine/index.js';
import { defaultSpeakerSet, plainSpeakerSet } from '../../../dist/host/library/defaultSpeakerSet.js';
import { countGarbage } from '../countGarbage.mjs';

const plan = planStft({ sampleRateHertz: 48_000 });
const isPlain = process.argv[2] === 'plain';
const speakerSet = await (isPlain ? plainSpeakerSet(plan) : defaultSpeakerSet(plan));
const separator = new Separator(speakerSet);
const input = new Float32Array(128);
const outputs = {
  speakers: [new Float32Array(128), new Float32Array(128)],
  rest: new Float32Array(128),
  dry: new Float32Array(128),
};
let n = 0;
const run = (blocks) => {
  for (let block = 0; block < blocks; block++) {
    for (let sample = 0; sample < 128; sample++) input[sample] = Math.sin(n++ * 0.05) * Math.sin(n * 0.001);
    separator.process(input, outputs);
  }
};
console.log(JSON.stringify({ ...(await countGarbage(run)), hasNetwork: speakerSet.network !== undefined }));
