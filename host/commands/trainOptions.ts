import type { TrainingTransform } from '../../engine/model/Preset.ts';
import type { ChannelOptions } from './channelOption.ts';

/** Options of `train`. */
export interface TrainOptions extends ChannelOptions {
  readonly name: string;
  readonly out?: string;
  readonly templates: number;
  readonly seconds: number;
  readonly updates: number;
  readonly transform: TrainingTransform;
  readonly seed: number;
  readonly notes: string;
  readonly licence: string;
  readonly holdout?: readonly string[];
  readonly clean?: boolean;
  readonly evidence: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  /** ISO 8601 date that the preset states. @default today */
  readonly created?: string;
  /** Whether the backend of tfjs is not reported. @default false */
  readonly isBackendKnown?: boolean;
}

/** @returns date in ISO 8601 */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
