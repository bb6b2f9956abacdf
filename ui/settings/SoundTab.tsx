import { PARAMETERS, type SeparatorParameters } from '../../engine/separator/parameters.ts';
import { LATENCY_MODE_SECONDS, LATENCY_RANGE_SECONDS, type LatencyMode } from '../../engine/stft/StftPlan.ts';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { decimalText, millisecondsText } from '../base/numberText.ts';
import { areSingleKeysOn$, turnSingleKeys } from '../base/singleKeys.ts';
import { linearLaw, logarithmicLaw, PERCENT_LAW, type SliderLaw } from '../base/sliderLaw.ts';
import { useStream } from '../base/useStream.ts';
import { Choice } from '../controls/Choice.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { Slider } from '../controls/Slider.tsx';
import { ValueField } from '../controls/ValueField.tsx';
import { useSend } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';
import { Devices } from './Devices.tsx';
import { LanguageChooser } from './LanguageChooser.tsx';

const MODES = Object.keys(LATENCY_MODE_SECONDS) as LatencyMode[];
const DFT_SIZES = [256, 384, 512, 640, 768, 1024, 1280, 1536, 1920, 2048, 3072, 3840, 4096, 6144, 8192];
/** Value of the automatic choice. */
const AUTOMATIC = '';

const PARAMETER_LAWS: Readonly<Record<keyof SeparatorParameters, SliderLaw>> = {
  iterations: logarithmicLaw(
    { ...PARAMETERS.iterations, maximum: 200, step: 1, pageStep: 8 },
    (value) => `${Math.round(value)}`,
  ),
  maskExponent: linearLaw({ ...PARAMETERS.maskExponent, step: 0.25, pageStep: 1 }, (value) => decimalText(value, 2)),
  maskFloor: PERCENT_LAW,
  rest: PERCENT_LAW,
  separationStrength: PERCENT_LAW,
};

/** Devices, latency, separation parameters, and what concerns the page only. */
export function SoundTab({ state }: { readonly state: LiveState }) {
  return (
    <div class="sound">
      <Devices state={state} />
      <Latency state={state} />
      <Parameters state={state} />
      <Keyboard />
      <LanguageChooser />
    </div>
  );
}

function Latency({ state }: { readonly state: LiveState }) {
  const send = useSend();
  const texts = useTexts().settings.latency;
  const { latency, windowSeconds } = state.settings;
  const rateHertz = state.sampleRateHertz ?? 48_000;
  const seconds = typeof latency === 'number' ? latency : LATENCY_MODE_SECONDS[latency];
  const chosenSize = windowSeconds === null ? null : nearest(DFT_SIZES, windowSeconds * rateHertz);
  const sizes = [...new Set(chosenSize === null ? DFT_SIZES : [...DFT_SIZES, chosenSize])]
    .sort((one, other) => one - other)
    .filter((size) => size === chosenSize || (size / rateHertz >= seconds && size / rateHertz <= 1));
  return (
    <section aria-label={texts.name}>
      <h2>{texts.name}</h2>
      <Segmented
        label={texts.mode}
        value={typeof latency === 'string' ? latency : null}
        choices={MODES.map((mode) => ({
          value: mode,
          label: texts.modes[mode],
          hint: `${LATENCY_MODE_SECONDS[mode] * 1000} ms`,
        }))}
        onChange={(mode) => send({ type: 'setWindow', latency: mode })}
      />
      <div class="row">
        <span>{texts.algorithm}</span>
        <ValueField
          label={texts.algorithmField}
          value={seconds * 1000}
          format={(value) => millisecondsText(value / 1000)}
          onChange={(milliseconds) => {
            const { minimum, maximum } = LATENCY_RANGE_SECONDS;
            send({ type: 'setWindow', latency: Math.min(maximum, Math.max(minimum, milliseconds / 1000)) });
          }}
        />
      </div>
      <Choice
        label={texts.dftSize}
        value={chosenSize === null ? AUTOMATIC : String(chosenSize)}
        choices={[
          {
            value: AUTOMATIC,
            label: state.windowSamples === null ? texts.automatic : texts.automaticSize(state.windowSamples),
          },
          ...sizes.map((size) => ({
            value: String(size),
            label: `${size} (${((size / rateHertz) * 1000).toFixed(0)} ms)`,
          })),
        ]}
        onChange={(value) =>
          send({ type: 'setWindow', windowSeconds: value === AUTOMATIC ? null : Number(value) / rateHertz })
        }
      />
    </section>
  );
}

function Keyboard() {
  const areOn = useStream(areSingleKeysOn$) ?? true;
  const texts = useTexts().settings.keyboard;
  return (
    <section aria-label={texts.name}>
      <h2>{texts.name}</h2>
      <label class="check">
        <input type="checkbox" checked={areOn} onChange={(event) => turnSingleKeys(event.currentTarget.checked)} />
        {texts.singleKeys}
      </label>
    </section>
  );
}

/** @returns the listed size within one sample of `samples`, otherwise `samples` rounded */
function nearest(sizes: readonly number[], samples: number): number {
  return sizes.find((size) => Math.abs(size - samples) < 1) ?? Math.round(samples);
}

function Parameters({ state }: { readonly state: LiveState }) {
  const send = useSend();
  const { parameters } = state.settings;
  const texts = useTexts().settings.separation;
  return (
    <section aria-label={texts.name}>
      <h2>{texts.name}</h2>
      {(Object.keys(PARAMETERS) as (keyof SeparatorParameters)[]).map((name) => (
        <div key={name} class="labelled" title={texts.parameters[name].hint}>
          <span>{texts.parameters[name].label}</span>
          <Slider
            label={texts.parameters[name].label}
            law={PARAMETER_LAWS[name]}
            resetValue={PARAMETERS[name].default}
            value={parameters[name]}
            onChange={(value) =>
              send({ type: 'setParameters', [name]: name === 'iterations' ? Math.round(value) : value })
            }
          />
        </div>
      ))}
      <p class="dim">{texts.reset}</p>
    </section>
  );
}
