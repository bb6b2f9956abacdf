import { chooseChannels } from '../audio/channelChoice.ts';
import { openInput } from '../audio/InputFile.ts';
import type { CommandContext } from './CommandContext.ts';
import { keptText, learnVoices } from './learnVoices.ts';
import { type SeparateOptions, separateInput } from './separateInput.ts';

/** Finds the voices of the recording, learns them, separates them, and keeps what was learnt beside the tracks. */
export async function separateUnknown(
  context: CommandContext,
  mixturePath: string,
  options: Omit<SeparateOptions, 'out'> & { readonly out: string },
): Promise<void> {
  const { terminal, signal } = context;
  const input = await openInput(mixturePath, signal);
  try {
    const chosen = await chooseChannels(input.path, options.channel, { name: input.name, signal });
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
