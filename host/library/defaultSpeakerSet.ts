import { join } from 'node:path';
import { adaptSpeakerSet, type JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { type SpeakerSet, sampleSpeakerSet } from '../../engine/model/SpeakerSet.ts';
import type { StftPlan } from '../../engine/stft/StftPlan.ts';
import { DEMO_SPEAKERS } from '../files/demoFiles.ts';
import { AdaptationLibrary } from './AdaptationLibrary.ts';
import { PRESET_EXTENSION, PresetLibrary, presetFolders } from './PresetLibrary.ts';

/** Library of the bundled files alone: the user's own presets and adaptations must change neither the demo nor a measurement. */
export function bundledLibrary(): PresetLibrary {
  const { bundled } = presetFolders();
  return new PresetLibrary({ bundled, own: bundled });
}

/** Paths of the bundled presets of the demo voices, in the order of `DEMO_SPEAKERS`. */
export function demoPresetPaths(): string[] {
  return DEMO_SPEAKERS.map((name) => join(presetFolders().bundled, name + PRESET_EXTENSION));
}

/** Presets of the demo voices, and the bundled adaptation of them. */
export interface DefaultSpeakers {
  readonly presets: readonly Preset[];
  readonly adaptation: JointAdaptation;
}

/** @throws Error if the adaptation is missing, which makes the installation incomplete */
export async function loadDefaultSpeakers(): Promise<DefaultSpeakers> {
  const adaptations = new AdaptationLibrary(bundledLibrary());
  const source = await adaptations.source(demoPresetPaths());
  const stored = await adaptations.find(source);
  if (stored === null) throw new Error(`no bundled adaptation of ${DEMO_SPEAKERS.join(' and ')}`);
  return { presets: source.presets, adaptation: stored.adaptation };
}

/**
 * The speaker set of `live` and `demo` in a new installation: the demo voices with their bundled joint adaptation, which includes a mask
 * network. What is measured or checked as the usual case is measured with this one.
 */
export async function defaultSpeakerSet(plan: StftPlan): Promise<SpeakerSet> {
  const { presets, adaptation } = await loadDefaultSpeakers();
  return adaptSpeakerSet(sampleSpeakerSet(presets, plan), adaptation);
}

/** The same voices without adaptation and mask network, as `--no-adaptation` loads them. */
export async function plainSpeakerSet(plan: StftPlan): Promise<SpeakerSet> {
  const { presets } = await loadDefaultSpeakers();
  return sampleSpeakerSet(presets, plan);
}
