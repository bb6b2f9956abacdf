#!/usr/bin/env node
import { Interruption, runProgram } from './commands/program.ts';
import { EXIT, ProcessTerminal } from './commands/Terminal.ts';
import { PresetLibrary } from './library/PresetLibrary.ts';

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // The first signal lets the command clean up, the second one exits at once.
    if (interruption.signal.aborted) process.exit(EXIT.interrupted);
    interruption.abort(new Interruption(name));
  });
}

process.exitCode = await runProgram(process.argv.slice(2), {
  terminal: new ProcessTerminal(),
  library: new PresetLibrary(),
  signal: interruption.signal,
});
