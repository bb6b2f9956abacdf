import { AdaptationFit } from '../../engine/adaptation/AdaptationFit.ts';
import { serializeAdaptation } from '../../engine/model/JointAdaptation.ts';
import { parsePreset } from '../../engine/model/Preset.ts';
import { parseEvidence } from '../../engine/model/SpeakerEvidence.ts';
import { serveThread } from '../rpc/serveThread.ts';
import type { AdaptationRequests } from './adaptationMessages.ts';
import { lowerThreadPriority } from './threadPriority.ts';

const SEED = 1;

serveThread<AdaptationRequests>({
  // Does not pause for messages: it is cancelled by terminating the thread.
  adapt: ({ presets, evidence, persistence, key, isLowPriority }, { onProgress }) => {
    if (isLowPriority) lowerThreadPriority();
    const fit = new AdaptationFit(presets.map(parsePreset), evidence.map(parseEvidence), SEED, persistence);
    for (let step = 1; step <= fit.steps; step++) {
      fit.advance();
      const fraction = step / fit.steps;
      const isBetter = step === fit.earlyGainSteps || step === fit.gainSteps;
      onProgress({ fraction, ...(isBetter ? { gains: serializeAdaptation(fit.adaptation(), key) } : {}) });
    }
    return serializeAdaptation(fit.adaptation(), key);
  },
});
