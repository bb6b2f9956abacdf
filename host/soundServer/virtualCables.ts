/** Programs that provide a virtual microphone where the system has none. */
const BLACK_HOLE = 'install BlackHole (https://existential.audio/blackhole), then use --send BlackHole';
const VB_CABLE = 'install VB-Cable (https://vb-audio.com/Cable), then use --send "CABLE Input"';

/** How another program hears a session on a system on which this program cannot make a virtual microphone. */
export function virtualCableRemedy(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return BLACK_HOLE;
  if (platform === 'win32') return VB_CABLE;
  return 'it needs Linux with PulseAudio or PipeWire';
}
