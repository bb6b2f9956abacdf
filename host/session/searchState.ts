import type { Seconds } from '../../engine/core/units.ts';

/** State of the search for added and removed devices; the diagram is in ARCHITECTURE.md. */
export type SearchState =
  | { readonly name: 'idle' }
  | { readonly name: 'searching' }
  /** A search has ended; the next one may start when `untilMilliseconds` is reached. */
  | { readonly name: 'resting'; readonly untilMilliseconds: number }
  | { readonly name: 'closed' };

export type SearchEvent = 'search' | 'ended' | 'close';

/** Minimum interval between searches, whatever the number of panels: each starts a process and costs half a second of one core. */
export const SEARCH_INTERVAL_SECONDS: Seconds = 2;

/** @returns the next state; `state` itself if the event changes nothing */
export function nextSearchState(state: SearchState, event: SearchEvent, nowMilliseconds: number): SearchState {
  if (state.name === 'closed') return state;
  switch (event) {
    case 'search': {
      const isRested = state.name === 'resting' && nowMilliseconds >= state.untilMilliseconds;
      return state.name === 'idle' || isRested ? { name: 'searching' } : state;
    }
    case 'ended':
      if (state.name !== 'searching') return state;
      return { name: 'resting', untilMilliseconds: nowMilliseconds + 1000 * SEARCH_INTERVAL_SECONDS };
    case 'close':
      return { name: 'closed' };
  }
}
