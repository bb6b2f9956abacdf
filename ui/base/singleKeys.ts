import { BehaviorSubject } from 'rxjs';
import { remember, remembered } from './useRemembered.ts';

/**
 * Whether keys without a modifier, such as B, are shortcuts. Who dictates, or hits keys by accident, can turn them off (WCAG 2.1.4).
 * Space, arrows and keys of a focused control are not concerned.
 */
export const areSingleKeysOn$ = new BehaviorSubject(remembered('single-keys', 'on', ['on', 'off']) === 'on');

export function turnSingleKeys(isOn: boolean): void {
  areSingleKeysOn$.next(isOn);
  remember('single-keys', isOn ? 'on' : 'off');
}

/** @returns whether the user has turned this key off as a shortcut */
export function isTurnedOff({ key, ctrlKey, metaKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>): boolean {
  return !areSingleKeysOn$.value && key.length === 1 && key !== ' ' && !ctrlKey && !metaKey;
}
