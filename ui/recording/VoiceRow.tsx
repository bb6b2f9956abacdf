import { useState } from 'preact/hooks';
import type { Strip } from '../../host/protocol/LiveState.ts';
import type { RecordingVoice } from '../../host/protocol/recordingState.ts';
import { FADER_LAW } from '../base/sliderLaw.ts';
import { Icon } from '../controls/Icon.tsx';
import { Slider } from '../controls/Slider.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import { useTexts } from '../texts/useTexts.ts';
import { lengthText } from './timeText.ts';

interface VoiceRowProps {
  readonly name: string;
  readonly colour: string;
  readonly strip: Strip;
  /** Whether there is a separated track to listen to. */
  readonly hasTrack: boolean;
  readonly onStrip: (strip: Strip) => void;
  readonly onDownload: () => void;
  /** null: the row of the rest, which belongs to no voice */
  readonly editing: VoiceEditing | null;
}

/** What can be done with a voice besides listening. */
export interface VoiceEditing {
  readonly voice: RecordingVoice;
  readonly others: readonly { readonly voice: number; readonly name: string }[];
  /** Whether other work on the recording is in progress. */
  readonly isBusy: boolean;
  readonly onRename: (name: string) => void;
  readonly onAddSegment: () => void;
  readonly onMerge: (into: number) => void;
  readonly onKeep: () => void;
}

/** One voice, beside its lane: name, speaking time, level of its track, and what can be done with it. */
export function VoiceRow({ name, colour, strip, hasTrack, onStrip, onDownload, editing }: VoiceRowProps) {
  const { recording: texts, mixer } = useTexts();
  return (
    <fieldset class="voice-row" aria-label={name} style={{ '--speaker': colour }}>
      <div class="voice-line">
        {editing === null ? (
          <span class="voice-name">{name}</span>
        ) : (
          <VoiceName name={name} isDisabled={editing.isBusy} onRename={editing.onRename} />
        )}
        {editing === null ? null : <VoiceTools name={name} hasTrack={hasTrack} editing={editing} />}
        <button
          type="button"
          class="tool"
          aria-label={texts.saveTrack(name)}
          title={texts.saveTrackHint}
          disabled={!hasTrack}
          onClick={onDownload}
        >
          <Icon name="download" />
        </button>
      </div>
      <div class="voice-line">
        <Toggle
          label={mixer.mute(name)}
          kind="mute"
          isOn={strip.isMuted}
          isDisabled={!hasTrack}
          onChange={(isMuted) => onStrip({ ...strip, isMuted })}
        >
          {mixer.muteMark}
        </Toggle>
        <Toggle
          label={mixer.solo(name)}
          kind="solo"
          isOn={strip.isSoloed}
          isDisabled={!hasTrack}
          onChange={(isSoloed) => onStrip({ ...strip, isSoloed })}
        >
          {mixer.soloMark}
        </Toggle>
        <Slider
          label={mixer.level(name)}
          law={FADER_LAW}
          resetValue={0}
          value={strip.gainDecibels}
          isDisabled={!hasTrack}
          onChange={(gainDecibels) => onStrip({ ...strip, gainDecibels })}
        />
      </div>
    </fieldset>
  );
}

function VoiceTools({
  name,
  hasTrack,
  editing,
}: {
  readonly name: string;
  readonly hasTrack: boolean;
  readonly editing: VoiceEditing;
}) {
  const { voice, others, isBusy, onAddSegment, onMerge, onKeep } = editing;
  const texts = useTexts().recording;
  return (
    <>
      <span class="voice-time" title={texts.speakingTime}>
        {lengthText(voice.speakingSeconds)}
      </span>
      <button
        type="button"
        class="tool"
        aria-label={texts.addSegment(name)}
        title={texts.addSegmentHint}
        disabled={isBusy}
        onClick={onAddSegment}
      >
        <Icon name="plus" />
      </button>
      <label class="tool merge" title={texts.mergeHint} data-disabled={isBusy || others.length === 0}>
        <Icon name="merge" />
        <select
          aria-label={texts.merge(name)}
          value=""
          disabled={isBusy || others.length === 0}
          onChange={(event) => {
            const { value } = event.currentTarget;
            event.currentTarget.value = '';
            if (value !== '') onMerge(Number(value));
          }}
        >
          <option value="">{texts.mergeInto}</option>
          {others.map((other) => (
            <option key={other.voice} value={other.voice}>
              {other.name}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="tool"
        aria-label={texts.keep(name)}
        title={hasTrack ? texts.keepHint : texts.separateFirst}
        disabled={!hasTrack || isBusy}
        onClick={onKeep}
      >
        <Icon name="keep" />
      </button>
    </>
  );
}

interface VoiceNameProps {
  readonly name: string;
  readonly isDisabled: boolean;
  readonly onRename: (name: string) => void;
}

/** Name field. Enter or leaving the field applies the name, Escape discards it. */
function VoiceName({ name, isDisabled, onRename }: VoiceNameProps) {
  const texts = useTexts().recording;
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      type="text"
      class="voice-name"
      aria-label={texts.nameOf(name)}
      title={name}
      maxLength={64}
      spellcheck={false}
      autocomplete="off"
      disabled={isDisabled}
      value={typed ?? name}
      onFocus={(event) => event.currentTarget.select()}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => {
        const next = typed?.trim() ?? '';
        if (next !== '' && next !== name) onRename(next);
        setTyped(null);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key !== 'Escape') return;
        setTyped(null);
        const field = event.currentTarget;
        requestAnimationFrame(() => field.blur());
      }}
    />
  );
}
