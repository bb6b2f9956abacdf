import { levelDecibels } from '../../engine/realtime/telemetryFrame.ts';
import type { Theme } from '../base/theme.ts';

/** Level range of the colour scale: 80 dB. */
const RANGE_DECIBELS = { minimum: -100, maximum: -20 } as const;

/** Position in the range, 0 to 1, of the pure signal colour. Most speech lies in the upper half of the range. */
const FULL_COLOUR = 0.78;
/** Exponent of the curve from level to shade. */
const BEND = 1.35;

type Rgb = readonly [red: number, green: number, blue: number];

const GROUND: Readonly<Record<Theme, Rgb>> = { dark: [13, 16, 19], light: [250, 249, 246] };
const LOUDEST: Readonly<Record<Theme, Rgb>> = { dark: [255, 252, 244], light: [16, 18, 22] };
const MIXTURE: Readonly<Record<Theme, Rgb>> = { dark: [150, 166, 184], light: [92, 104, 118] };

function parseColour(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Background colour as a packed pixel. */
export function groundColour(theme: Theme): number {
  return packed(GROUND[theme]);
}

/**
 * Colour of each level byte, from the background through the signal's colour to white (dark theme) or black (light theme).
 * @param hex #rrggbb; null: the grey of the mixture
 * @returns [256] packed pixels
 */
export function levelRamp(theme: Theme, hex: string | null): Uint32Array {
  return ramp(theme, hex === null ? MIXTURE[theme] : parseColour(hex), levelShare);
}

/** Position of a level byte in the range; 0 to 1 within it. */
function levelShare(byte: number): number {
  const { minimum, maximum } = RANGE_DECIBELS;
  return (levelDecibels(byte) - minimum) / (maximum - minimum);
}

/** Background of the mask overlay: the mixture's greys, faint enough for the speaker's colour to stand out. */
export function faintRamp(theme: Theme): Uint32Array {
  const faint = blend(GROUND[theme], MIXTURE[theme], 0.5);
  return ramp(theme, faint, (byte) => Math.min(FULL_COLOUR, levelShare(byte)));
}

/** Colour of each activation byte. */
export function activationRamp(theme: Theme, hex: string): Uint32Array {
  return ramp(theme, parseColour(hex), (byte) => (byte / 150) ** 0.8);
}

function ramp(theme: Theme, colour: Rgb, shareOf: (byte: number) => number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const level = Math.min(1, Math.max(0, shareOf(byte)));
    const knee = FULL_COLOUR ** BEND;
    const shade = level ** BEND;
    if (shade < knee) return packed(blend(GROUND[theme], colour, shade / knee));
    return packed(blend(colour, LOUDEST[theme], ((shade - knee) / (1 - knee)) * 0.85));
  });
}

/** @param share of `other`, 0 to 1 */
function blend([red, green, blue]: Rgb, other: Rgb, share: number): Rgb {
  return [red + (other[0] - red) * share, green + (other[1] - green) * share, blue + (other[2] - blue) * share];
}

/** Packs a colour as ImageData stores it on little-endian machines: red in the lowest byte, opaque alpha in the highest. */
function packed([red, green, blue]: Rgb): number {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}
