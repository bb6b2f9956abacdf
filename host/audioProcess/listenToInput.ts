import type { DemixingSlot } from '../../engine/channels/DemixingSlot.ts';
import type { Hertz } from '../../engine/core/units.ts';
import type { InputPort } from '../../engine/realtime/InputPort.ts';
import type { DeviceRequest } from '../rpc/audioMessages.ts';
import { ChannelThread } from './ChannelThread.ts';
import { DemixingThread } from './DemixingThread.ts';

export interface InputListening {
  readonly input: InputPort;
  /** Name of the input device. */
  readonly name: string;
  /** Opened channels. */
  readonly channels: number;
  readonly sampleRateHertz: Hertz;
  readonly request: Pick<DeviceRequest, 'inputChannel' | 'voiceChannels'>;
  /** Where demixings arrive; null: voices have no channels. */
  readonly slot: DemixingSlot | null;
  /** @param remark one line for the user on what has been found about the channels, and is used from now on */
  readonly onFound: (remark: string) => void;
  /** @param text one line for the user */
  readonly onNotice: (text: string) => void;
}

const DEMIXED = 'the bleed between the channels has been measured, and is removed from now on';

/**
 * Listens to all channels of the input in a thread, as far as the request needs it: to find the best ones, or to measure the bleed between
 * those of the voices.
 * @thread device
 * @returns the thread, to be terminated when the devices are closed; null if there is nothing to find
 */
export function listenToInput(listening: InputListening): { terminate(): Promise<void> } | null {
  const { request, channels, slot } = listening;
  if (slot !== null && request.voiceChannels !== null) return measureBleed(listening, slot, request.voiceChannels);
  return request.inputChannel === 'best' && channels > 1 ? findChannels(listening) : null;
}

function findChannels({ input, name, channels, sampleRateHertz, onFound, onNotice }: InputListening): ChannelThread {
  const thread = new ChannelThread({
    name: `input "${name}"`,
    channels,
    sampleRateHertz,
    onChosen: ({ weights, remark }) => {
      input.copyTo(null);
      input.setWeights(weights);
      onFound(remark);
    },
    onFailed: ({ message }) => {
      input.copyTo(null);
      onNotice(message);
    },
  });
  input.copyTo(thread.ring);
  return thread;
}

function measureBleed(
  { input, name, sampleRateHertz, onFound, onNotice }: InputListening,
  slot: DemixingSlot,
  voiceChannels: readonly boolean[],
): DemixingThread {
  const thread = new DemixingThread({
    slot,
    voiced: voiceChannels.flatMap((hasVoice, channel) => (hasVoice ? [channel] : [])),
    sampleRateHertz,
    onDemixed: () => onFound(`input "${name}": ${DEMIXED}`),
    onFailed: ({ message }) => {
      input.copyTo(null);
      onNotice(message);
    },
  });
  input.copyTo(thread.ring);
  return thread;
}
