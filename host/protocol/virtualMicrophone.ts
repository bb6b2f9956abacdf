/** Id of the output that other programs record as a microphone. A session makes it when it is chosen; it is listed where that is possible. */
export const VIRTUAL_MICROPHONE = 'virtual-mic';
