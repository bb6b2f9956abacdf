import { PARAMETERS, type SeparatorParameters } from '../../engine/separator/parameters.ts';
import { LATENCY_MODE_SECONDS, LATENCY_RANGE_SECONDS, type LatencyMode } from '../../engine/stft/StftPlan.ts';
import type { ListedDevice, LiveState } from '../../host/protocol/LiveState.ts';
import { Choice } from '../controls/Choice.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { Slider } from '../controls/Slider.tsx';
import { linearLaw, logarithmicLaw, PERCENT_LAW, type SliderLaw } from '../controls/sliderLaw.ts';
import { ValueField } from '../controls/ValueField.tsx';
import { useSend } from '../link/PanelContext.ts';

const MODES = (Object.keys(LATENCY_MODE_SECONDS) as LatencyMode[]).map((value) => ({
  value,
  label: value[0]!.toUpperCase() + value.slice(1),
  hint: `${LATENCY_MODE_SECONDS[value] * 1000} ms`,
}));
const RATES_HERTZ = [8000, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000];
const DFT_SIZES = [256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192];
/** A value that no device has for an id. */
const DEFAULT = '';

const PARAMETER_LAWS: Readonly<Record<keyof SeparatorParameters, SliderLaw>> = {
  iterations: logarithmicLaw(
    { ...PARAMETERS.iterations, maximum: 200, step: 1, pageStep: 8 },
    (value) => `${Math.round(value)}`,
  ),
  maskExponent: linearLaw({ ...PARAMETERS.maskExponent, step: 0.25, pageStep: 1 }, (value) => value.toFixed(2)),
  maskFloor: PERCENT_LAW,
  rest: PERCENT_LAW,
};
const PARAMETER_HINTS: Readonly<Record<keyof SeparatorParameters, string>> = {
  iterations: 'More come closer to the best explanation of each frame, and cost time',
  maskExponent: 'Higher decides harder whose each sound is',
  maskFloor: 'Lets some of everybody through; above 0 outputs no longer sum to the input',
  rest: 'Share of what no speaker explains that goes to the rest',
};

/** Where sound comes from and goes, how late, and how it is separated. */
export function SoundTab({ state }: { readonly state: LiveState }) {
  return (
    <div class="sound">
      <Devices state={state} />
      <Latency state={state} />
      <Parameters state={state} />
    </div>
  );
}

function Devices({ state }: { readonly state: LiveState }) {
  const send = useSend();
  const { settings, devices, backends } = state;
  const inputs = devices.filter(({ inputChannels }) => inputChannels > 0);
  const outputs = devices.filter(({ outputChannels }) => outputChannels > 0);
  const input = inputs.find(({ id }) => id === settings.input) ?? inputs.find((each) => each.isDefaultInput);
  const channels = input?.inputChannels ?? 1;
  const orNull = (value: string) => (value === DEFAULT ? null : value);
  const asChoices = (list: readonly ListedDevice[]) => list.map(({ id, name }) => ({ value: id, label: name }));
  const byDefault = { value: DEFAULT, label: 'System default' };
  const none = { value: 'none', label: 'None' };
  return (
    <section aria-label="Devices">
      <h2>Devices</h2>
      <Choice
        label="Backend"
        value={settings.backend ?? DEFAULT}
        choices={[
          { value: DEFAULT, label: automaticText(state.backend) },
          ...backends.map((value) => ({ value, label: value })),
        ]}
        onChange={(value) => send({ type: 'setDevices', backend: orNull(value) })}
      />
      <Choice
        label="Input"
        value={settings.input ?? DEFAULT}
        choices={[byDefault, ...asChoices(inputs)]}
        onChange={(value) => send({ type: 'setDevices', input: orNull(value), inputChannel: null })}
      />
      <Choice
        label="Channel"
        value={String(settings.inputChannel ?? DEFAULT)}
        choices={[
          { value: DEFAULT, label: channels > 1 ? `Mean of all ${channels}` : 'The only one' },
          ...Array.from({ length: channels > 1 ? channels : 0 }, (_, index) => ({
            value: String(index + 1),
            label: `Channel ${index + 1}`,
          })),
        ]}
        onChange={(value) => send({ type: 'setDevices', inputChannel: value === DEFAULT ? null : Number(value) })}
      />
      <Choice
        label="Output"
        value={settings.output ?? DEFAULT}
        choices={[byDefault, none, ...asChoices(outputs)]}
        onChange={(value) => send({ type: 'setDevices', output: orNull(value) })}
      />
      <Choice
        label="Send"
        value={settings.send ?? DEFAULT}
        choices={[{ value: DEFAULT, label: 'None' }, ...asChoices(outputs)]}
        onChange={(value) => send({ type: 'setDevices', send: orNull(value) })}
      />
      <Choice
        label="Sample rate"
        value={String(settings.sampleRateHertz ?? DEFAULT)}
        choices={[
          { value: DEFAULT, label: `The device's own` },
          ...RATES_HERTZ.map((rate) => ({ value: String(rate), label: `${rate / 1000} kHz` })),
        ]}
        onChange={(value) => send({ type: 'setDevices', sampleRateHertz: value === DEFAULT ? null : Number(value) })}
      />
    </section>
  );
}

function automaticText(backend: string | null): string {
  return backend === null ? 'Automatic' : `Automatic (${backend})`;
}

function Latency({ state }: { readonly state: LiveState }) {
  const send = useSend();
  const { latency, windowSeconds } = state.settings;
  const rateHertz = state.sampleRateHertz ?? 48_000;
  const seconds = typeof latency === 'number' ? latency : LATENCY_MODE_SECONDS[latency];
  const sizes = DFT_SIZES.filter((size) => size / rateHertz >= seconds && size / rateHertz <= 1);
  const chosen = windowSeconds === null ? DEFAULT : String(nearest(sizes, windowSeconds * rateHertz));
  return (
    <section aria-label="Latency">
      <h2>Latency</h2>
      <Segmented
        label="Latency mode"
        value={typeof latency === 'string' ? latency : null}
        choices={MODES}
        onChange={(mode) => send({ type: 'setWindow', latency: mode })}
      />
      <div class="row">
        <span>Algorithm</span>
        <ValueField
          label="Algorithmic latency, ms"
          value={seconds * 1000}
          format={(value) => `${value.toFixed(1)} ms`}
          onChange={(milliseconds) => {
            const { minimum, maximum } = LATENCY_RANGE_SECONDS;
            send({ type: 'setWindow', latency: Math.min(maximum, Math.max(minimum, milliseconds / 1000)) });
          }}
        />
      </div>
      <Choice
        label="DFT size"
        value={chosen}
        choices={[
          { value: DEFAULT, label: `Automatic${state.windowSamples === null ? '' : ` (${state.windowSamples})`}` },
          ...sizes.map((size) => ({
            value: String(size),
            label: `${size} (${((size / rateHertz) * 1000).toFixed(0)} ms)`,
          })),
        ]}
        onChange={(value) =>
          send({ type: 'setWindow', windowSeconds: value === DEFAULT ? null : Number(value) / rateHertz })
        }
      />
    </section>
  );
}

function nearest(sizes: readonly number[], wanted: number): number {
  return sizes.find((size) => Math.abs(size - wanted) < 1) ?? Math.round(wanted);
}

function Parameters({ state }: { readonly state: LiveState }) {
  const send = useSend();
  const { parameters } = state.settings;
  return (
    <section aria-label="Separation">
      <h2>Separation</h2>
      {(Object.keys(PARAMETERS) as (keyof SeparatorParameters)[]).map((name) => (
        <div key={name} class="labelled" title={PARAMETER_HINTS[name]}>
          <span>{PARAMETERS[name].label}</span>
          <Slider
            label={PARAMETERS[name].label}
            law={PARAMETER_LAWS[name]}
            resetValue={PARAMETERS[name].default}
            value={parameters[name]}
            onChange={(value) =>
              send({ type: 'setParameters', [name]: name === 'iterations' ? Math.round(value) : value })
            }
          />
        </div>
      ))}
      <p class="dim">Double-click brings a default back.</p>
    </section>
  );
}
