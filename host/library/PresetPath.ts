declare const given: unique symbol;

/**
 * Path of a preset file that the user of this machine has given, absolute or relative to the working directory. A type of its own, so
 * that a name from the panel or a remote control cannot be used as a path: only commands call `presetPath`.
 */
export type PresetPath = string & { readonly [given]: 'PresetPath' };

/** @param path from the command line or the calling program, never from the network */
export function presetPath(path: string): PresetPath {
  return path as PresetPath;
}
