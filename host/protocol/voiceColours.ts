const FIRST_COLOUR = '#e69f00';

/** Eight hues that colour-blind people can tell apart, on dark and light backgrounds (after Okabe and Ito). */
export const VOICE_COLOURS: readonly string[] = [
  FIRST_COLOUR,
  '#56b4e9',
  '#009e73',
  '#cc79a7',
  '#d55e00',
  '#0072b2',
  '#b8a400',
  '#8f8f8f',
];

/** Colour of the voice at an index, #rrggbb. */
export function voiceColour(index: number): string {
  return VOICE_COLOURS[index % VOICE_COLOURS.length] ?? FIRST_COLOUR;
}
