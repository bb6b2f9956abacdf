import { join } from 'node:path';
import type { Hertz, Samples } from '../../engine/core/units.ts';
import type { TapMark } from '../../engine/realtime/TapMarks.ts';
import { TAP_FIRST_SPEAKER, TAP_MAIN, TAP_MIXTURE, TAP_REST } from '../../engine/realtime/tapChannels.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { serializeTakeFile, TAKE_FILE_NAME } from '../protocol/takeFile.ts';
import type { LoadedVoice, RecordingFigures } from '../rpc/takeMessages.ts';
import { Stem } from './Stem.ts';
import { TakeTimeline } from './TakeTimeline.ts';
import type { TapBlock } from './TapBlock.ts';

const COMMON_CHANNELS = { mixture: TAP_MIXTURE, rest: TAP_REST, mix: TAP_MAIN } as const;
const COMMON_FILES = { mixture: 'mixture.wav', rest: 'rest.wav', mix: 'mix.wav' } as const;
const COMMON_NAMES = ['mixture', 'rest', 'mix'] as const;

interface VoiceStem {
  readonly stem: Stem;
  /** Output of the separator on which the voice is heard; null: it is unloaded. */
  output: number | null;
}

/**
 * The folder of a take: mixture, rest, mix, one file per voice, and the take file. All WAV files have the same length at any moment. A voice
 * that is loaded later gets a file that is silent up to then; the file of an unloaded voice continues in silence.
 * @thread worker
 */
export class TakeFiles {
  private readonly folder: string;
  private readonly sampleRateHertz: Hertz;
  private readonly common: ReadonlyMap<(typeof COMMON_NAMES)[number], Stem>;
  private readonly timeline: TakeTimeline;
  /** By id. */
  private readonly voices = new Map<number, VoiceStem>();
  /** Voices that have been named, in that order. */
  private readonly known = new Map<number, LoadedVoice>();
  private samples: Samples = 0;
  private mark: number | null = null;

  private constructor(
    folder: string,
    sampleRateHertz: Hertz,
    common: ReadonlyMap<(typeof COMMON_NAMES)[number], Stem>,
    startTime: Date,
  ) {
    this.folder = folder;
    this.sampleRateHertz = sampleRateHertz;
    this.common = common;
    this.timeline = new TakeTimeline(sampleRateHertz, startTime, COMMON_FILES);
  }

  /**
   * @param voices names of the loaded voices
   * @throws InputError if a file exists or cannot be created; then none is left
   */
  static async create(folder: string, voices: readonly LoadedVoice[], sampleRateHertz: Hertz): Promise<TakeFiles> {
    const common = new Map<(typeof COMMON_NAMES)[number], Stem>();
    try {
      for (const name of COMMON_NAMES)
        common.set(name, await Stem.create(join(folder, COMMON_FILES[name]), sampleRateHertz));
      const take = new TakeFiles(folder, sampleRateHertz, common, new Date());
      take.nameVoices(voices);
      await take.describe();
      return take;
    } catch (error) {
      for (const stem of common.values()) await stem.abort();
      throw error;
    }
  }

  get figures(): RecordingFigures {
    return { samples: this.samples, bytes: this.stems.reduce((total, stem) => total + stem.bytes, 0) };
  }

  /** Names voices before they are heard. A voice keeps the name that it had first. */
  nameVoices(voices: readonly LoadedVoice[]): void {
    for (const voice of voices) if (!this.known.has(voice.id)) this.known.set(voice.id, voice);
  }

  /** @throws InputError if a file cannot be written */
  async append(block: TapBlock): Promise<void> {
    if (block.mark !== this.mark) await this.change(block.state);
    this.mark = block.mark;
    for (const [name, stem] of this.common) await stem.append(block, COMMON_CHANNELS[name]);
    for (const { stem, output } of this.voices.values())
      await stem.append(block, output === null ? null : TAP_FIRST_SPEAKER + output);
    this.samples += block.count;
  }

  /**
   * @param brokenOff why the take ends early; null: it is complete
   * @throws the first error, after all files were closed or tried
   */
  async close(brokenOff: string | null): Promise<void> {
    const { samples, stems } = this;
    this.timeline.end(samples, brokenOff);
    const results = await Promise.allSettled([...stems.map((stem) => stem.close(samples)), this.describe()]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private get stems(): Stem[] {
    return [...this.common.values(), ...[...this.voices.values()].map(({ stem }) => stem)];
  }

  /** Voices, latency or gaps have changed at the present sample. */
  private async change(state: TapMark): Promise<void> {
    const { samples, timeline } = this;
    timeline.setLatency(samples, state.latencySamples);
    timeline.setDropped(samples, state.droppedSamples);
    for (const [id, voice] of this.voices) {
      if (voice.output === null || state.voices[voice.output] === id) continue;
      voice.output = null;
      timeline.endVoice(id, samples);
    }
    // Of voices that begin together, files are numbered in the order of the strips.
    const order = [...this.known.keys()];
    const begun = [...state.voices.entries()].filter(
      ([, id]) => id !== 0 && (this.voices.get(id)?.output ?? null) === null,
    );
    begun.sort(([, one], [, other]) => order.indexOf(one) - order.indexOf(other));
    for (const [output, id] of begun) await this.begin(id, output);
    await this.describe();
  }

  private async begin(id: number, output: number): Promise<void> {
    const { folder, sampleRateHertz, samples, timeline } = this;
    let voice = this.voices.get(id);
    if (voice === undefined) {
      const { name, presetHash } = this.known.get(id) ?? { name: `voice ${id}`, presetHash: null };
      const file = `${this.voices.size + 1}-${name}.wav`;
      voice = { stem: await Stem.create(join(folder, file), sampleRateHertz, samples), output };
      this.voices.set(id, voice);
      timeline.addVoice({ id, name, presetHash, file });
    }
    voice.output = output;
    timeline.beginVoice(id, samples);
  }

  private describe(): Promise<void> {
    return writeTextFile(join(this.folder, TAKE_FILE_NAME), serializeTakeFile(this.timeline.file), 'replace');
  }
}
