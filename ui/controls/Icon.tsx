/** SVG paths on a 16 x 16 grid, drawn as strokes. */
const PATHS = {
  record: 'M8 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8Z',
  stop: 'M5 5h6v6H5Z',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  pencil: 'M3 13l.8-3L10.500 3.300a1.400 1.400 0 0 1 2 2L5.900 12Z',
  bin: 'M3 4.500h10M6.500 4.500V3h3v1.500M4.500 4.500l.6 8.500h5.800l.6-8.500',
  download: 'M8 3v7M5 7.500L8 10.500L11 7.500M3.500 13h9',
  upload: 'M8 10.500v-7M5 6L8 3L11 6M3.500 13h9',
  sun: 'M8 5.500a2.500 2.500 0 1 0 0 5a2.500 2.500 0 0 0 0-5ZM8 1.500v1.500M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1 1M11.600 11.600l1 1M12.600 3.400l-1 1M4.400 11.600l-1 1',
  moon: 'M12.800 9.600A5.300 5.300 0 0 1 6.400 3.200A5.300 5.300 0 1 0 12.800 9.600Z',
  auto: 'M8 2.500a5.500 5.500 0 1 0 0 11a5.500 5.500 0 0 0 0-11ZM8 2.500v11',
  send: 'M3 8h9M9 4.500L12.500 8L9 11.500',
  play: 'M5.500 3.500v9L12.500 8Z',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  minus: 'M3 8h10',
  undo: 'M6 3.500L3 6.500L6 9.500M3 6.500h6.500a3.250 3.250 0 0 1 0 6.500H7',
  redo: 'M10 3.500L13 6.500L10 9.500M13 6.500H6.500a3.250 3.250 0 0 0 0 6.500H9',
  keep: 'M4.500 2.500h7v11L8 10.500L4.500 13.500Z',
  merge: 'M3 3.500c3.500 0 3.500 4.500 7 4.500h3M3 12.500c3.500 0 3.500-4.500 7-4.500M10.500 5.500L13 8L10.500 10.500',
  speaker: 'M2.500 6h2.500L8.500 3v10L5 10H2.500ZM10.500 6a3 3 0 0 1 0 4M12.200 4.200a5.500 5.500 0 0 1 0 7.600',
  folder: 'M2.500 4.500V13h11V5.500H8L6.500 3.500h-4Z',
  drawer: 'M2.500 3h11v10h-11ZM10 3v10',
  microphone:
    'M8 2a2 2 0 0 0-2 2v3.500a2 2 0 0 0 4 0V4a2 2 0 0 0-2-2ZM3.800 7.500a4.200 4.200 0 0 0 8.400 0M8 11.700V14',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
