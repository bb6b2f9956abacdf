import { Random } from '../../../../engine/core/Random.ts';
import { normalizeRows } from '../../../../engine/model/normalizeRows.ts';
import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import { binCount, planStft } from '../../../../engine/stft/StftPlan.ts';

const CORE_TEMPLATES = 64;

/** Speakers at 48 kHz and the default latency, 64 templates each with two frequency-scaled copies; not adapted. */
export function steadySpeakerSet(speakers: number): SpeakerSet {
  const random = new Random(1);
  const plan = planStft({ sampleRateHertz: 48_000 });
  const bins = binCount(plan);
  const templates = 3 * CORE_TEMPLATES;
  return {
    plan,
    magnitudeExponent: 0.5,
    bins,
    speakers: Array.from({ length: speakers }, (_, s) => ({
      name: `speaker ${s + 1}`,
      templates,
      coreTemplates: CORE_TEMPLATES,
      values: normalizeRows(
        Float32Array.from({ length: templates * bins }, () => random.uniform() ** 4 + 0.01),
        bins,
      ),
    })),
  };
}
