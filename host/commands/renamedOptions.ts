import { type Command, Option } from 'commander';
import type { Terminal } from './Terminal.ts';

/** Parsed values of the options that `addAdaptationOption` adds. */
export interface AdaptationChoice {
  /** false with --no-adaptation. */
  readonly adaptation: boolean;
  /** false with --no-scene, the name of --no-adaptation up to version 0.1. */
  readonly scene: boolean;
}

/** Adds `--no-adaptation`, and its former name `--no-scene` as a hidden alias. */
export function addAdaptationOption(command: Command, description: string): Command {
  return command.option('--no-adaptation', description).addOption(new Option('--no-scene').hideHelp());
}

/** @returns whether the speakers are to be adapted to each other; reports the former option name */
export function isAdaptationWanted({ adaptation, scene }: AdaptationChoice, terminal: Terminal): boolean {
  if (!scene) terminal.notice('--no-scene is now called --no-adaptation; the old name will be removed');
  return adaptation && scene;
}
