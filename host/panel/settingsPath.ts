import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** A file beside the session's settings. */
export function settingsPath(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  const { UNMINGLE_SETTINGS: settings, APPDATA: data, XDG_CONFIG_HOME: configuration } = environment;
  if (settings) return join(dirname(settings), name);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'unmingle', name);
  if (process.platform === 'win32') return join(data || join(homedir(), 'AppData', 'Roaming'), 'unmingle', name);
  return join(configuration || join(homedir(), '.config'), 'unmingle', name);
}
