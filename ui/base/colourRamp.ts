import { levelDecibels } from '../../engine/realtime/telemetryFrame.ts';

export type Theme = 'dark' | 'light';

/** 80 dB of every picture. */
export const PICTURE_RANGE_DECIBELS = { minimum: -100, maximum: -20 } as const;

/** Most of speech lies in the upper half of the range: there is the colour itself, as high as this in it. */
const FULL_COLOUR = 0.78;
const BEND = 1.35;

type Rgb = readonly [red: number, green: number, blue: number];

const GROUND: Readonly<Record<Theme, Rgb>> = { dark: [13, 16, 19], light: [250, 249, 246] };
const LOUDEST: Readonly<Record<Theme, Rgb>> = { dark: [255, 252, 244], light: [16, 18, 22] };
const MIXTURE: Readonly<Record<Theme, Rgb>> = { dark: [150, 166, 184], light: [92, 104, 118] };

export function parseColour(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function groundColour(theme: Theme): number {
  return packed(GROUND[theme]);
}

/** Colour of each level byte: from the ground through the signal's own colour to white (dark theme) or ink (light). */
export function levelRamp(theme: Theme, hex: string | null): Uint32Array {
  return ramp(theme, hex === null ? MIXTURE[theme] : parseColour(hex), pictureHeight);
}

function pictureHeight(byte: number): number {
  const { minimum, maximum } = PICTURE_RANGE_DECIBELS;
  return (levelDecibels(byte) - minimum) / (maximum - minimum);
}

/** Beside coloured sound: the same greys, so faint that colour stands out. */
export function faintRamp(theme: Theme): Uint32Array {
  const faint = blend(GROUND[theme], MIXTURE[theme], 0.5);
  return ramp(theme, faint, (byte) => Math.min(FULL_COLOUR, pictureHeight(byte)));
}

/** Colour of each activation byte. */
export function activationRamp(theme: Theme, hex: string): Uint32Array {
  return ramp(theme, parseColour(hex), (byte) => (byte / 150) ** 0.8);
}

function ramp(theme: Theme, colour: Rgb, height: (byte: number) => number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const level = Math.min(1, Math.max(0, height(byte)));
    const knee = FULL_COLOUR ** BEND;
    const shade = level ** BEND;
    if (shade < knee) return packed(blend(GROUND[theme], colour, shade / knee));
    return packed(blend(colour, LOUDEST[theme], ((shade - knee) / (1 - knee)) * 0.85));
  });
}

function blend(one: Rgb, other: Rgb, share: number): Rgb {
  return [0, 1, 2].map((channel) => one[channel]! + (other[channel]! - one[channel]!) * share) as unknown as Rgb;
}

/** As ImageData wants it, on the little-endian machines that there are. */
function packed([red, green, blue]: Rgb): number {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}
