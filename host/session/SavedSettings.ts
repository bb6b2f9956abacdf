import { InputError } from '../../engine/core/errors.ts';
import { isSameName } from '../../engine/model/PresetName.ts';
import type { LiveSettings, StoredStrip } from '../protocol/LiveState.ts';
import type { Snapshot } from '../protocol/settingsSchema.ts';
import { snapshotOf } from './liveSettings.ts';
import { identified } from './loadedVoices.ts';
import type { SessionState } from './SessionState.ts';
import type { SessionStore } from './SessionStore.ts';

/** Settings kept across sessions: named snapshots, and the settings last used with each input device. */
export class SavedSettings {
  private readonly store: SessionStore;
  private readonly state: SessionState;
  /** Deleted in this session. */
  private readonly deleted = new Map<string, Snapshot>();

  constructor(store: SessionStore, state: SessionState) {
    this.store = store;
    this.state = state;
  }

  /** @throws InputError if the file cannot be written */
  async saveSnapshot(name: string): Promise<void> {
    await this.store.saveSnapshot(name, this.lasting());
    this.showSnapshots();
  }

  /** @throws InputError if the file cannot be written */
  async deleteSnapshot(name: string): Promise<void> {
    const deleted = this.store.snapshot(name);
    await this.store.deleteSnapshot(name);
    if (deleted !== null) this.deleted.set(name, deleted);
    this.showSnapshots();
  }

  /** @throws InputError if it was not deleted in this session, the name has been used again, or the file cannot be written */
  async restoreSnapshot(name: string): Promise<void> {
    const deleted = this.deleted.get(name);
    if (deleted === undefined) throw new InputError(`no snapshot called "${name}" has been deleted`);
    if (this.store.snapshot(name) !== null) throw new InputError(`there is another snapshot called "${name}" now`);
    await this.store.saveSnapshot(name, deleted);
    this.deleted.delete(name);
    this.showSnapshots();
  }

  /** @returns the settings of a snapshot; null for an unknown name */
  snapshot(name: string): Snapshot | null {
    return this.store.snapshot(name);
  }

  /** Remembers the present settings for the input device in use. A settings file that cannot be written does not stop a session. */
  async remember(): Promise<void> {
    const { inputName } = this.state.current;
    if (inputName !== null) await this.store.remember(inputName, this.lasting()).catch(() => {});
  }

  /** @returns settings with the speakers last used with the open input device that can still be loaded; null if there are none */
  lastUsed(): LiveSettings | null {
    const { inputName, presets, settings } = this.state.current;
    const last = inputName === null ? null : this.store.lastWith(inputName);
    if (last === null) return null;
    const speakers = last.speakers.filter(({ preset }) =>
      presets.some(({ name, problem }) => isSameName(name, preset) && problem === null),
    );
    if (speakers.length === 0) return null;
    const loaded = identified(speakers, settings.speakers, () => this.state.newVoice());
    return { ...settings, speakers: loaded, rest: last.rest };
  }

  /** The settings without the voices that were found in this session, which are forgotten at its end. */
  private lasting(): Snapshot {
    const { presets, settings } = this.state.current;
    const found = presets.filter(({ origin }) => origin === 'found');
    const isLasting = ({ preset }: StoredStrip) => !found.some(({ name }) => isSameName(name, preset));
    return snapshotOf({ ...settings, speakers: settings.speakers.filter(isLasting) });
  }

  private showSnapshots(): void {
    this.state.update({ snapshots: this.store.snapshotNames, deletedSnapshots: [...this.deleted.keys()] });
  }
}
