import { describe, expect, it } from 'vitest';
import type { ListedDevice } from '../../../host/protocol/LiveState.ts';
import { DeviceList } from '../../../host/session/DeviceList.ts';
import { nextSearchState, type SearchEvent, type SearchState } from '../../../host/session/searchState.ts';
import { FakeClock } from '../../FakeClock.ts';

const NOW = 10_000;
const idle: SearchState = { name: 'idle' };
const searching: SearchState = { name: 'searching' };
const early: SearchState = { name: 'resting', untilMilliseconds: NOW + 1 };
const rested: SearchState = { name: 'resting', untilMilliseconds: NOW };
const after: SearchState = { name: 'resting', untilMilliseconds: NOW + 2000 };
const closed: SearchState = { name: 'closed' };

it.each<readonly [SearchState, SearchEvent, SearchState]>([
  [idle, 'search', searching],
  [idle, 'ended', idle],
  [idle, 'close', closed],
  [searching, 'search', searching],
  [searching, 'ended', after],
  [searching, 'close', closed],
  [early, 'search', early],
  [rested, 'search', searching],
  [early, 'ended', early],
  [early, 'close', closed],
  [closed, 'search', closed],
  [closed, 'ended', closed],
  [closed, 'close', closed],
])('a search that is %o, event "%s", becomes %o', (state, event, next) => {
  expect(nextSearchState(state, event, NOW)).toEqual(next);
});

const microphone = { id: 'mic', name: 'Mic' } as ListedDevice;

function create() {
  const clock = new FakeClock();
  const searches: { resolve: (devices: readonly ListedDevice[]) => void; reject: (error: Error) => void }[] = [];
  const shown: (readonly ListedDevice[])[] = [];
  const list = new DeviceList({
    state: () => ({
      backend: 'portaudio',
      phase: 'running',
      devices: [],
      inputName: null,
      outputName: null,
      sendName: null,
    }),
    onChange: (devices) => shown.push(devices),
    list: (_, signal) =>
      new Promise((resolve, reject) => {
        searches.push({ resolve: (devices) => resolve({ devices }), reject });
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      }),
    clock,
  });
  return { clock, searches, shown, list };
}

describe('a device list', () => {
  it('runs one search at a time, and the next one 2 s later at the earliest', async () => {
    const { clock, searches, shown, list } = create();
    const search = list.search();
    await list.search();
    expect(searches).toHaveLength(1);
    searches[0]!.resolve([microphone]);
    await search;
    expect(shown).toEqual([[microphone]]);
    await list.search();
    expect(searches).toHaveLength(1);
    clock.advance(2000);
    void list.search();
    expect(searches).toHaveLength(2);
  });

  it('searches again after a search that failed', async () => {
    const { clock, searches, shown, list } = create();
    const search = list.search();
    searches[0]!.reject(new Error('does not respond'));
    await search;
    clock.advance(2000);
    void list.search();
    expect(searches).toHaveLength(2);
    expect(shown).toEqual([]);
  });

  it('cancels its search when it is closed, and starts no other', async () => {
    const { clock, searches, shown, list } = create();
    const search = list.search();
    list.close();
    await search;
    clock.advance(10_000);
    await list.search();
    expect(searches).toHaveLength(1);
    expect(shown).toEqual([]);
  });
});
