import type { Seconds } from '../../engine/core/units.ts';
import { type Preset, parsePreset } from '../../engine/model/Preset.ts';
import { isSameName, type PresetName, presetName } from '../../engine/model/PresetName.ts';
import { TRAINING_RANGES } from '../../engine/model/trainingRanges.ts';
import type { PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';
import { NO_VOICE_SEARCH, type SearchedVoice, type VoiceSearchState } from '../protocol/voiceSearch.ts';
import type { InputSound } from '../rpc/takeMessages.ts';
import { trainInThread } from '../workers/TrainerThread.ts';
import { type KnownPerson, knownPeople, recognizedPerson } from './knownPeople.ts';
import type { Findings, VoicePassages } from './VoiceFinder.ts';
import { startVoiceFinder, type VoiceFinderLink } from './VoiceFinderThread.ts';
import type { VoiceFinderConfig } from './voiceFinderMessages.ts';
import { nextVoiceSearch, type VoiceSearchEvent, voiceToLearn } from './voiceSearchReducer.ts';

export interface VoiceSearchOptions {
  readonly library: Pick<PresetLibrary, 'list'>;
  readonly onState: (state: VoiceSearchState) => void;
  /** Starts or stops the sound that `hear` receives. */
  readonly followInput: (isFollowed: boolean) => void;
  /** Names of the loaded presets. */
  readonly loaded: () => readonly PresetName[];
  /** Makes a found preset available, or replaces it, and loads it unless the user has unloaded it before. @throws InputError if that fails */
  readonly addFound: (file: PresetFile, isNew: boolean) => Promise<void>;
  /** Loads a preset of the library. @throws InputError if that fails */
  readonly load: (name: PresetName) => Promise<void>;
  /** @default a worker thread */
  readonly startFinder?: (config: VoiceFinderConfig, onEnded: (error: Error) => void) => VoiceFinderLink;
  /** @default a worker thread */
  readonly train?: typeof trainInThread;
}

/** Sound between two searches. */
const SEARCH_SECONDS: Seconds = 2;
/** Sound is dropped while so many calls, each of a quarter of a second, have not been answered. */
const MOST_WAITING_CALLS = 240;

/** What exists while a search runs. */
interface Search {
  readonly finder: VoiceFinderLink;
  readonly abortion: AbortController;
  readonly people: readonly KnownPerson[];
  /** By the number of the voice. */
  readonly presets: Map<number, Preset>;
}

/**
 * Searches the input of a live session for voices that nobody has enrolled: the only owner of the search's thread, its trainer and its
 * state, which `nextVoiceSearch` changes. Sound and found presets are in memory only.
 */
export class VoiceSearch {
  private readonly options: VoiceSearchOptions;
  private current = NO_VOICE_SEARCH;
  private search: Search | null = null;
  private waitingCalls = 0;
  private isFinding = false;
  /** Sound since the latest search. */
  private unsearchedSeconds: Seconds = 0;

  constructor(options: VoiceSearchOptions) {
    this.options = options;
  }

  get state(): VoiceSearchState {
    return this.current;
  }

  /** Starts a new search, and ends one that runs. @param count number of voices; null: as many as are found */
  async start(count: number | null): Promise<void> {
    const { library, loaded, followInput, startFinder = startVoiceFinder } = this.options;
    await this.stop();
    const people = await knownPeople(library, loaded());
    const finder = startFinder({ count }, (error) => void this.stop(error.message));
    this.search = { finder, abortion: new AbortController(), people, presets: new Map() };
    this.waitingCalls = 0;
    this.unsearchedSeconds = 0;
    this.change({ type: 'started', count });
    followInput(true);
  }

  /** To be called when a new audio process has opened devices. */
  resume(): void {
    if (this.search !== null) this.options.followInput(true);
  }

  /** The next sound of the input. */
  hear(sound: InputSound): void {
    const { search } = this;
    if (search === null || this.waitingCalls >= MOST_WAITING_CALLS) return;
    this.waitingCalls++;
    search.finder
      .call('hear', sound)
      .catch(() => {})
      .finally(() => {
        if (this.search === search) this.waitingCalls--;
      });
    this.unsearchedSeconds += sound.samples.length / sound.sampleRateHertz;
    if (this.unsearchedSeconds >= SEARCH_SECONDS && !this.isFinding) {
      this.unsearchedSeconds = 0;
      void this.find(search);
    }
  }

  /** A found preset has been added to the library. */
  kept(preset: PresetName, name: PresetName): void {
    this.change({ type: 'kept', preset, name });
  }

  /** Ends the search and forgets its sound; found presets stay. @param problem why it ends by itself; null: the user ends it */
  async stop(problem: string | null = null): Promise<void> {
    const { search } = this;
    if (search === null) return;
    this.search = null;
    search.abortion.abort();
    this.options.followInput(false);
    this.change({ type: 'stopped', problem });
    await search.finder.terminate();
  }

  private change(event: VoiceSearchEvent): void {
    const next = nextVoiceSearch(this.current, event);
    if (next === this.current) return;
    this.current = next;
    this.options.onState(next);
  }

  /** Never throws: a thread that ends stops the search. */
  private async find(search: Search): Promise<void> {
    this.isFinding = true;
    try {
      const findings = await search.finder.call('find', null);
      if (this.search !== search) return;
      this.change({ type: 'heard', findings });
      const number = voiceToLearn(this.current);
      if (number !== null) await this.meet(search, number, findings);
    } catch {
      // The thread has ended.
    } finally {
      this.isFinding = false;
    }
  }

  /** Recognises a voice, or begins to learn it. */
  private async meet(search: Search, number: number, findings: Findings): Promise<void> {
    const voice = this.current.voices.find((each) => each.number === number)!;
    if (voice.phase === 'heard') {
      const names = this.current.voices.flatMap(({ name }) => name ?? []);
      const people = search.people.filter((person) => !names.some((name) => isSameName(name, person.name)));
      const person = recognizedPerson(number, findings.voices, people);
      if (person !== null) {
        const { name, preset } = person;
        search.presets.set(number, preset);
        this.change({ type: 'recognized', number, name });
        if (!this.options.loaded().some((other) => isSameName(other, name))) await this.load(name);
        return;
      }
    }
    // The preset of a voice that was taken for another one tells nothing.
    const presets =
      voice.learntSeconds > 0 && search.presets.has(number)
        ? [...search.presets].map(([each, preset]) => ({ number: each, preset }))
        : [];
    const beside = Math.max(0, presets.length - 1);
    const passages = await search.finder.call('passages', { number, presets });
    if (this.search !== search) return;
    this.change({ type: 'learning', number });
    void this.learn(search, passages, voice, beside);
  }

  private async load(name: PresetName): Promise<void> {
    // Without a free slot it is not loaded.
    await this.options.load(name).catch(() => {});
  }

  /** Never throws. */
  private async learn(
    search: Search,
    passages: VoicePassages,
    { number, name: known, soloSeconds: seconds }: SearchedVoice,
    beside: number,
  ): Promise<void> {
    const { train = trainInThread, addFound } = this.options;
    const { templates, updates, seed, seconds: learnt } = TRAINING_RANGES;
    try {
      const name = known === null ? await this.freeName() : presetName(known);
      const { presetText, evidenceText } = await train(
        {
          ...passages,
          holdout: [],
          name,
          notes: '',
          licence: '',
          created: new Date().toISOString().slice(0, 10),
          templates: templates.default,
          seconds: learnt.default,
          updates: updates.default,
          seed: seed.default,
          hasEvidence: true,
          isLowPriority: true,
        },
        { signal: search.abortion.signal, onMessage: () => {} },
      );
      if (this.search !== search) return;
      const preset = parsePreset(presetText);
      search.presets.set(number, preset);
      const file = { name, origin: 'found', path: '', preset, evidence: evidenceText } as const;
      const isKept = this.current.voices.some((voice) => voice.number === number && voice.phase === 'kept');
      if (!isKept) await addFound(file, known === null);
      if (this.search === search) this.change({ type: 'learnt', name, seconds, beside });
    } catch (error) {
      if (this.search !== search) return;
      const problem = error instanceof Error ? error.message : String(error);
      this.change({ type: 'failed', seconds, beside, problem });
    }
  }

  /** @returns `voice-1` or the next one that no preset has */
  private async freeName(): Promise<PresetName> {
    const taken = (await this.options.library.list()).map(({ name }) => name);
    for (let number = 1; ; number++) {
      const name = presetName(`voice-${number}`);
      if (!taken.some((other) => isSameName(other, name))) return name;
    }
  }
}
