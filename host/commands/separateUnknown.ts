import type { PresetName } from '../../engine/model/PresetName.ts';
import { numberedNames } from '../../engine/recording/numberedNames.ts';
import { type ChosenChannels, chooseChannels } from '../audio/channelChoice.ts';
import { openInput } from '../audio/InputFile.ts';
import type { CommandContext } from './CommandContext.ts';
import { keptText, learnVoices } from './learnVoices.ts';
import { separateUnknownChannels } from './perChannel.ts';
import { type SeparateOptions, separateInput } from './separateInput.ts';
import { readVoiceOptions } from './voiceOptions.ts';

type UnknownOptions = Omit<SeparateOptions, 'out'> & { readonly out: string };

/**
 * Separates voices that are not known: each from its channel if everybody has one; else it finds them in the recording, learns them, and
 * keeps what was learnt beside the tracks.
 */
export async function separateUnknown(
  context: CommandContext,
  mixturePath: string,
  options: UnknownOptions,
): Promise<void> {
  const { terminal, signal } = context;
  const input = await openInput(mixturePath, signal);
  try {
    const chosen = await chooseChannels(input.path, options.channel, { name: input.name, signal });
    const channelNames = await namesOfChannels(chosen, options);
    if (channelNames !== null) return await separateUnknownChannels(context, input, channelNames, options);
    const learnt = await learnVoices(context, input, chosen, options);
    try {
      await separateInput(context, input, learnt.voices, { ...options, piped: null }, null, {
        chosen,
        report: learnt.report,
      });
      const kept = await learnt.keep();
      if (options.json !== true) terminal.result(keptText(kept));
    } finally {
      await learnt.remove();
    }
  } finally {
    await input.remove();
  }
}

/** @returns the name of each channel's voice; null unless each channel holds the voice of one person, and these are all that are wanted */
async function namesOfChannels(
  { finding: { relation, sounding }, channels }: ChosenChannels,
  options: UnknownOptions,
): Promise<readonly PresetName[] | null> {
  const { count, names } = await readVoiceOptions(options);
  const isOneEach = relation === 'separate' && sounding.length === channels && (count ?? channels) === channels;
  return isOneEach && options.channel === 'best' && options.rest !== true ? (names ?? numberedNames(channels)) : null;
}
