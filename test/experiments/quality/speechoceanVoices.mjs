import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePreset, serializePreset } from '../../../dist/engine/model/Preset.js';
import { parseEvidence, serializeEvidence } from '../../../dist/engine/model/SpeakerEvidence.js';
import { collectEvidence, joinSpeech, trainSpeaker } from '../../../dist/engine/trainer/index.js';
import { readRecording } from '../../../dist/host/audio/readRecording.js';

/** Files of a speaker that the voice is trained on; the others are unseen. */
const TRAINING_FILES = 8;
/** Level (RMS) of unseen speech. */
const LEVEL = 0.05;

/**
 * Trains the voice of a speaker of `data/speechocean`.
 * @param {string} folder of the speakers
 * @param {string} cache folder that keeps the trained voices
 * @param {string} name of the speaker
 * @returns preset and evidence
 */
export async function trainedVoice(folder, cache, name) {
  const path = join(cache, `${name}.json`);
  if (!existsSync(path)) {
    const recordings = (await recordingsOf(folder, name)).slice(0, TRAINING_FILES);
    const preset = serializePreset(await trainSpeaker(recordings, { name, created: '2026-01-01' }));
    const evidence = serializeEvidence(collectEvidence(name, recordings, 60, 1));
    mkdirSync(cache, { recursive: true });
    writeFileSync(path, JSON.stringify({ preset, evidence }));
  }
  const { preset, evidence } = JSON.parse(readFileSync(path, 'utf8'));
  return { preset: parsePreset(preset), evidence: parseEvidence(evidence) };
}

/**
 * Speech that the voice of a speaker is not trained on, at the same level for all speakers.
 * @param {string} folder of the speakers
 * @param {string} name of the speaker
 * @param {number} seconds of speech at most
 * @returns {Promise<Float32Array>}
 */
export async function unseenSpeech(folder, name, seconds) {
  const speech = joinSpeech((await recordingsOf(folder, name)).slice(TRAINING_FILES), seconds).samples;
  const gain = LEVEL / Math.sqrt(speech.reduce((sum, value) => sum + value * value, 0) / speech.length);
  return speech.map((value) => value * gain);
}

function recordingsOf(folder, name) {
  return Promise.all(
    readdirSync(join(folder, name))
      .filter((file) => file.endsWith('.flac'))
      .sort()
      .map((file) => readRecording(join(folder, name, file))),
  );
}
