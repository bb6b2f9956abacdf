/** Usual endings of file names of sound, lower case: of all formats that the host recognises, whether or not it reads them. */
export const SOUND_FILE_ENDINGS: readonly string[] = (
  'wav|wave|rf64|bwf|w64|au|snd|flac|ogg|oga|opus|spx|aif|aiff|aifc|caf|m4a|mp4|m4v|mov|3gp|webm|mkv|mka|avi|amr|awb|wma|asf|wv|tta|mpc|' +
  'qoa|dsf|dff|eac3|ec3|ac3|dts|ape|sph|voc|ra|rm|flv|slk|mid|mpg|vob|ts|m2ts|mp3|aac|mp2'
)
  .split('|')
  .map((ending) => `.${ending}`);

/** Value of the attribute `accept` of file fields for sound. It lists endings too, because browsers know the media types of few formats. */
export const SOUND_FILES = ['audio/*', 'video/*', ...SOUND_FILE_ENDINGS].join(',');

/** Whether a file seems to be sound or a film, by its type, or by its name if the browser does not know the type. */
export function isSoundFile({ type, name }: Pick<File, 'type' | 'name'>): boolean {
  const lower = name.toLowerCase();
  return /^(audio|video)\//.test(type) || SOUND_FILE_ENDINGS.some((ending) => lower.endsWith(ending));
}
