import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { remember } from '../base/useRemembered.ts';

/** What a user can begin with. */
export type StartChoice = 'demo' | 'recording' | 'live' | 'voice';

/** Page and tab that a choice leads to, and what it asks of the host. */
interface Beginning {
  readonly view: 'live' | 'recording';
  /** Tab of the side panel, which is opened; null: it stays as it is. */
  readonly tab: 'sound' | 'enrol' | null;
  readonly messages: readonly ControlMessage[];
}

/** @returns where a choice of the start page leads */
export function beginWith(choice: StartChoice, { settings }: LiveState): Beginning {
  const isFile = settings.backend === 'file';
  const microphone: ControlMessage[] = isFile ? [{ type: 'setDevices', backend: null, input: null }] : [];
  switch (choice) {
    case 'demo': {
      const isRunning = isFile && settings.input === null && settings.speakers.length > 0;
      return { view: 'live', tab: null, messages: isRunning ? [] : [{ type: 'startDemo' }] };
    }
    case 'recording':
      return { view: 'recording', tab: null, messages: [] };
    case 'live':
      return { view: 'live', tab: 'sound', messages: microphone };
    case 'voice':
      return { view: 'live', tab: 'enrol', messages: microphone };
  }
}

/** Chooses the tab that the side panel shows when it is opened next. */
export function rememberTab(tab: 'sound' | 'enrol'): void {
  remember('tab', tab);
}
