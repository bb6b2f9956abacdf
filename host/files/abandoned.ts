/** Coarsest resolution of the time of a file, on FAT. */
const FILE_TIME_MILLISECONDS = 2000;

/**
 * Whether the process that made a temporary file has ended. A container often gives the same id to each run, so a file of this process's
 * id may be older than the process.
 * @param processId from the file's name
 */
export function isAbandoned(processId: number, modifiedMilliseconds: number): boolean {
  if (processId !== process.pid) return !isRunning(processId);
  const startMilliseconds = Date.now() - 1000 * process.uptime();
  return modifiedMilliseconds < startMilliseconds - FILE_TIME_MILLISECONDS;
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Any other error, such as a missing permission, means that the process may exist.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
