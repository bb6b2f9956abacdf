import type { Random } from '../../../../engine/core/Random.ts';
import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import type { SeparatorOptions } from '../../../../engine/separator/Separator.ts';
import type { PluginFactory } from './Plugin.ts';

/** A case of a check. All its random numbers come from `random`, so that its seed reproduces it. */
export interface CheckCase {
  readonly random: Random;
  /** 1 to 10, see `ValidationOptions` */
  readonly strictness: number;
  readonly speakerSet: SpeakerSet;
  readonly options: SeparatorOptions;
  readonly create: PluginFactory;
}

/** Measurements of a check, by name and unit. */
export type Figures = Readonly<Record<string, number>>;

/** A check of one property, or of several that are tested together. */
export interface Check {
  readonly name: string;
  /** The property that is checked, in a few words. */
  readonly title: string;
  /** Depends on the machine and is not random: one case suffices. */
  readonly isMeasurement?: true;
  /** @throws Violation */
  run(each: CheckCase): Figures | Promise<Figures>;
}
