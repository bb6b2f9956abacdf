import { useLayoutEffect, useRef } from 'preact/hooks';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import type { LiveState, SpeakerStrip, Strip } from '../../host/protocol/LiveState.ts';
import { FADER_LAW } from '../base/sliderLaw.ts';
import { Icon } from '../controls/Icon.tsx';
import { Slider } from '../controls/Slider.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import { restTarget, speakerTarget } from '../midi/midiTargets.ts';
import { useSend } from '../model/PanelContext.ts';
import { SIGNAL } from '../model/TelemetryHistory.ts';
import { useUnload } from '../model/useUnload.ts';
import { useTexts } from '../texts/useTexts.ts';
import { ActivityLight } from './ActivityLight.tsx';
import { MasterStripView } from './MasterStripView.tsx';
import { Meter } from './Meter.tsx';
import { PeakReading } from './PeakReading.tsx';
import { FaderScale, MeterScale } from './scales.tsx';
import { VoiceSearch } from './VoiceSearch.tsx';

/** Mixing console: input, one strip per speaker, rest, master. */
export function MixerView({ state }: { readonly state: LiveState }) {
  const { settings, presets } = state;
  const send = useSend();
  const texts = useTexts().mixer;
  const isAnySoloed = [...settings.speakers, settings.rest].some((strip) => strip.isSoloed);
  /** Slot whose voice the user is replacing: the new voice's strip is another element, and gets the focus. */
  const replacedSlot = useRef<number | null>(null);
  const isFound = (name: string) => presets.some((preset) => preset.name === name && preset.origin === 'found');
  const names = presets.filter(({ problem }) => problem === null).map(({ name }) => name);
  return (
    <section class="mixer" id="mixer" tabIndex={-1} aria-label={texts.name}>
      <fieldset class="strip input" aria-label={texts.input}>
        <header>
          <span class="strip-name">{texts.input}</span>
          <PeakReading signal={SIGNAL.input} />
        </header>
        <div class="strip-body">
          <MeterScale />
          <Meter label={texts.inputLevel} signal={SIGNAL.input} />
        </div>
        <footer class="strip-note" title={state.inputName ?? ''}>
          {state.inputName ?? texts.noInput}
        </footer>
      </fieldset>
      <div class="strips">
        {settings.speakers.map((strip, slot) => (
          <SpeakerStripView
            key={strip.id}
            slot={slot}
            strip={strip}
            names={names}
            replacedSlot={replacedSlot}
            isSilenced={isAnySoloed && !strip.isSoloed}
            hasSend={state.sendName !== null}
            isFound={isFound(strip.preset)}
          />
        ))}
        {settings.speakers.length < MAXIMUM_SPEAKERS ? (
          <div class="strip add">
            <label class="add-speaker" title={texts.addSpeaker}>
              <Icon name="plus" />
              <span>{texts.add}</span>
              <select
                aria-label={texts.addSpeaker}
                value=""
                onChange={(event) => {
                  const preset = event.currentTarget.value;
                  event.currentTarget.value = '';
                  if (preset !== '') send({ type: 'loadPreset', voice: null, preset });
                }}
              >
                <option value="">{texts.addSpeaker}</option>
                {names.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
          </div>
        ) : null}
        <VoiceSearch state={state} />
      </div>
      <fieldset class="strip rest" aria-label={texts.rest}>
        <header>
          <span class="strip-name">{texts.rest}</span>
        </header>
        <StripControls
          name={texts.rest}
          midi={restTarget}
          strip={settings.rest}
          signal={SIGNAL.rest}
          isSilenced={isAnySoloed && !settings.rest.isSoloed}
          onChange={(changes) => send({ type: 'setRest', ...changes })}
        />
      </fieldset>
      <MasterStripView master={settings.master} />
    </section>
  );
}

interface SpeakerStripProps {
  readonly slot: number;
  readonly strip: SpeakerStrip;
  readonly names: readonly string[];
  readonly replacedSlot: { current: number | null };
  readonly isSilenced: boolean;
  readonly hasSend: boolean;
  /** Whether its preset is that of a found voice, which is forgotten unless it is kept. */
  readonly isFound: boolean;
}

function SpeakerStripView({ slot, strip, names, replacedSlot, isSilenced, hasSend, isFound }: SpeakerStripProps) {
  const send = useSend();
  const unload = useUnload();
  const texts = useTexts().mixer;
  const { id: voice, preset: name } = strip;
  const chooser = useRef<HTMLSelectElement>(null);
  useLayoutEffect(() => {
    if (replacedSlot.current !== slot) return;
    replacedSlot.current = null;
    chooser.current?.focus();
  }, []);
  return (
    <fieldset class="strip speaker" aria-label={name} style={{ '--speaker': strip.colour }}>
      <header>
        <div class="strip-marks">
          <ActivityLight slot={slot} />
          <input
            type="color"
            class="swatch"
            aria-label={texts.colourOf(name)}
            title={texts.colour}
            value={strip.colour}
            onChange={(event) => send({ type: 'setSpeaker', voice, colour: event.currentTarget.value })}
          />
          <button
            type="button"
            class="unload"
            aria-label={texts.unloadSpeaker(name)}
            title={texts.unload}
            onClick={({ detail: clicks }) => {
              // The second click of a double click may hit the next strip, which has moved here.
              if (clicks < 2) unload(strip);
            }}
          >
            <Icon name="close" />
          </button>
        </div>
        <label class="strip-name" title={name}>
          <span>{name}</span>
          <select
            ref={chooser}
            aria-label={texts.speaker(slot + 1)}
            value={name}
            onChange={(event) => {
              replacedSlot.current = slot;
              send({ type: 'loadPreset', voice, preset: event.currentTarget.value });
            }}
          >
            {names.includes(name) ? null : <option>{name}</option>}
            {names.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        {isFound ? (
          <button
            type="button"
            class="keep"
            aria-label={texts.keepVoice(name)}
            title={texts.keepHint}
            onClick={() => send({ type: 'keepFoundVoice', preset: name })}
          >
            {texts.keep}
          </button>
        ) : null}
      </header>
      <StripControls
        name={name}
        midi={(part) => speakerTarget(slot, part)}
        strip={strip}
        signal={SIGNAL.firstSpeaker + slot}
        isSilenced={isSilenced}
        onChange={(changes) => send({ type: 'setSpeaker', voice, ...changes })}
      >
        {hasSend ? (
          <Toggle
            label={texts.send(name)}
            kind="send"
            midi={speakerTarget(slot, 'send')}
            isOn={strip.isSent}
            onChange={(isSent) => send({ type: 'setSpeaker', voice, isSent })}
          >
            <Icon name="send" />
          </Toggle>
        ) : null}
      </StripControls>
    </fieldset>
  );
}

interface StripControlsProps {
  readonly name: string;
  readonly midi: (part: 'level' | 'mute' | 'solo') => string;
  readonly strip: Strip;
  readonly signal: number;
  /** Muted by another strip's solo. */
  readonly isSilenced: boolean;
  readonly onChange: (changes: { gainDecibels?: number; isMuted?: boolean; isSoloed?: boolean }) => void;
  readonly children?: preact.ComponentChildren;
}

function StripControls({ name, midi, strip, signal, isSilenced, onChange, children }: StripControlsProps) {
  const texts = useTexts().mixer;
  return (
    <>
      <div class="strip-body" data-silent={strip.isMuted || isSilenced}>
        <FaderScale />
        <Slider
          label={texts.level(name)}
          midi={midi('level')}
          orientation="vertical"
          law={FADER_LAW}
          resetValue={0}
          value={strip.gainDecibels}
          onChange={(gainDecibels) => onChange({ gainDecibels })}
        />
        <Meter label={texts.meter(name)} signal={signal} />
      </div>
      <footer>
        <Toggle
          label={texts.mute(name)}
          midi={midi('mute')}
          kind="mute"
          isOn={strip.isMuted}
          onChange={(isMuted) => onChange({ isMuted })}
        >
          {texts.muteMark}
        </Toggle>
        <Toggle
          label={texts.solo(name)}
          midi={midi('solo')}
          kind="solo"
          isOn={strip.isSoloed}
          onChange={(isSoloed) => onChange({ isSoloed })}
        >
          {texts.soloMark}
        </Toggle>
        {children}
      </footer>
    </>
  );
}
