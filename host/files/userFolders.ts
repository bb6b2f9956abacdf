import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

type Environment = NodeJS.ProcessEnv;

/**
 * File of the user's settings.
 * `UNMINGLE_SETTINGS` names the session's own settings file; all other settings are kept beside it.
 */
export function settingsFile(
  name: string,
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const { UNMINGLE_SETTINGS: sessionFile, XDG_CONFIG_HOME: configuration } = environment;
  if (sessionFile) return join(dirname(sessionFile), name);
  return join(userFolder(environment, platform, configuration || join(homedir(), '.config')), name);
}

/** Folder of the user's own presets and adaptations. `UNMINGLE_PRESETS` replaces it. */
export function presetsFolder(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (environment.UNMINGLE_PRESETS) return environment.UNMINGLE_PRESETS;
  const data = environment.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  return join(userFolder(environment, platform, data), 'presets');
}

/** Folder for results that can be computed again. `UNMINGLE_CACHE` replaces it. */
export function cacheFolder(environment: Environment = process.env): string {
  const { UNMINGLE_CACHE: cache, XDG_CACHE_HOME: platformCache } = environment;
  return cache ?? join(platformCache ?? join(homedir(), '.cache'), 'unmingle');
}

/** @param xdgFolder folder for files of this kind on systems other than macOS and Windows */
function userFolder(environment: Environment, platform: NodeJS.Platform, xdgFolder: string): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'unmingle');
  if (platform === 'win32') {
    return join(environment.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'unmingle');
  }
  return join(xdgFolder, 'unmingle');
}
