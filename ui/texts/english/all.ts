import { controls } from './controls.ts';
import { enrol } from './enrol.ts';
import { health } from './health.ts';
import { link } from './link.ts';
import { listening } from './listening.ts';
import { midi } from './midi.ts';
import { mixer } from './mixer.ts';
import { model } from './model.ts';
import { recording } from './recording.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';
import { start } from './start.ts';
import { takes } from './takes.ts';
import { visualizer } from './visualizer.ts';
import { voices } from './voices.ts';
import { web } from './web.ts';

export const ENGLISH = {
  controls,
  enrol,
  health,
  link,
  listening,
  midi,
  mixer,
  model,
  recording,
  settings,
  shell,
  start,
  takes,
  visualizer,
  voices,
  web,
};
