import type { Random } from '../../../../engine/core/Random.ts';
import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import type { SeparatorOptions } from '../../../../engine/separator/Separator.ts';
import type { PluginFactory } from './Plugin.ts';

/** One case of a check: everything random comes from `random`, so that the seed repeats it. */
export interface CheckCase {
  readonly random: Random;
  readonly speakerSet: SpeakerSet;
  readonly options: SeparatorOptions;
  readonly create: PluginFactory;
}

/** Numbers that a check has measured, by name and unit. */
export type Figures = Readonly<Record<string, number>>;

/** One promise, or some that are tried together. */
export interface Check {
  readonly name: string;
  /** What it tries, in a few words. */
  readonly title: string;
  /** Measures the machine too: one case is enough, and it is not random. */
  readonly isMeasurement?: true;
  /** @throws Violation */
  run(each: CheckCase): Figures | Promise<Figures>;
}
