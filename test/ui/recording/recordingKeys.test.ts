import { describe, expect, it } from 'vitest';
import { recordingAction } from '../../../ui/recording/recordingKeys.ts';
import { lengthText, tenthsText, tickText } from '../../../ui/recording/timeText.ts';
import { trackGains, UNITY_STRIP } from '../../../ui/recording/trackGains.ts';

function pressed(key: string, modifiers: Partial<KeyboardEvent> = {}) {
  return recordingAction({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers });
}

describe('keys of the recording view', () => {
  it('play, seek, zoom, undo and redo', () => {
    expect(pressed(' ')).toEqual({ type: 'play' });
    expect(pressed('ArrowLeft')).toEqual({ type: 'seekBy', seconds: -1 });
    expect(pressed('ArrowRight', { shiftKey: true })).toEqual({ type: 'seekBy', seconds: 10 });
    expect(pressed('+')).toEqual({ type: 'zoom', isCloser: true });
    expect(pressed('z', { ctrlKey: true })).toEqual({ type: 'undo' });
    expect(pressed('Z', { metaKey: true, shiftKey: true })).toEqual({ type: 'redo' });
    expect(pressed('y', { ctrlKey: true })).toEqual({ type: 'redo' });
  });

  it('others, and those of the browser, do nothing', () => {
    expect(pressed('b')).toBeNull();
    expect(pressed('constructor')).toBeNull();
    expect(pressed('ArrowLeft', { altKey: true })).toBeNull();
    expect(pressed('+', { ctrlKey: true })).toBeNull();
  });
});

describe('gains of the tracks', () => {
  const strips = [{ ...UNITY_STRIP, gainDecibels: -20 }, { ...UNITY_STRIP, isMuted: true }, UNITY_STRIP];

  it('the mixture silences the tracks, and the tracks the mixture', () => {
    expect([...trackGains('mixture', strips)]).toEqual([
      [-1, 1],
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    expect([...trackGains('tracks', strips)]).toEqual([
      [-1, 0],
      [0, 0.1],
      [1, 0],
      [2, 1],
    ]);
  });

  it('solo silences all others; mute silences also a soloed track', () => {
    const soloed = strips.map((strip, index) => ({ ...strip, isSoloed: index < 2 }));
    expect([...trackGains('tracks', soloed).values()]).toEqual([0, 0.1, 0, 0]);
  });
});

describe('times', () => {
  it('are written with tenths, without 60 seconds', () => {
    expect([0, 59.96, 61.25, 3725.5].map(tenthsText)).toEqual(['00:00.0', '01:00.0', '01:01.3', '1:02:05.5']);
    expect([tickText(0.30000000000000004, 0.1), tickText(90, 30)]).toEqual(['00:00.3', '01:30']);
    expect([0, 9.94, 9.96, 65, 3720].map(lengthText)).toEqual(['0.0 s', '9.9 s', '10 s', '1 min 5 s', '1 h 2 min']);
  });
});
