import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pactlProgram } from '../../../host/soundServer/pactl.ts';
import { findSoundServer } from '../../../host/soundServer/SoundServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();

/** Writes a program that is run in place of pactl. */
function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe.skipIf(process.platform === 'win32')('pactl', () => {
  it('prints numbers and texts independent of the locale', async () => {
    const pactl = pactlProgram(program('locale', 'echo "$1 $LC_ALL"'));
    expect(await pactl(['info'])).toBe('info C.UTF-8\n');
  });

  it('is killed at its deadline', async () => {
    const start = performance.now();
    const pactl = pactlProgram(program('hanging', 'exec sleep 60'), 150);
    await expect(pactl(['info'])).rejects.toThrow(
      'no-audio-system: the sound server did not answer pactl within 0.15 s; restart it',
    );
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('is killed when it prints without end', async () => {
    await expect(pactlProgram(program('endless', 'exec yes'))(['info'])).rejects.toThrow(
      'pactl printed more than 4 MB',
    );
  });

  it('says why it failed, or what to install', async () => {
    const failing = pactlProgram(program('failing', 'echo "Connection failure: Connection refused" >&2; exit 1'));
    await expect(failing(['info'])).rejects.toThrow(
      'no sound server answers pactl (Connection failure: Connection refused); start PulseAudio',
    );
    const missing = pactlProgram(join(folder, 'missing'));
    await expect(missing(['info'])).rejects.toMatchObject({
      kind: 'package-missing',
      happened: 'pactl is not installed',
    });
  });

  it('that fails, or prints no JSON, is no sound server', async () => {
    expect(await findSoundServer(pactlProgram(program('old', 'echo "Server Name: pulseaudio"')))).toBeNull();
    expect(await findSoundServer(pactlProgram(join(folder, 'missing')))).toBeNull();
  });
});
