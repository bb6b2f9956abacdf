import { useEffect } from 'preact/hooks';
import type { ListedDevice, LiveState } from '../../host/protocol/LiveState.ts';
import { VIRTUAL_MICROPHONE } from '../../host/protocol/virtualMicrophone.ts';
import { shortNumberText } from '../base/numberText.ts';
import { Choice } from '../controls/Choice.tsx';
import { usePanel, useSend } from '../model/PanelContext.ts';
import type { Texts } from '../texts/catalogue.ts';
import { useTexts } from '../texts/useTexts.ts';

const RATES_HERTZ = [8000, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000];
/** Value of the default choice; no device has an empty id. */
const DEFAULT = '';
/** Choices of channels besides their numbers. */
const MIX = 'mix';
const BEST = 'best';
/** Interval at which the host is asked for new devices while the list is visible. */
const REFRESH_MILLISECONDS = 10_000;

/** Audio backend, devices and sample rate. */
export function Devices({ state }: { readonly state: LiveState }) {
  const send = useSend();
  const refresh = useDeviceRefresh();
  const texts = useTexts().settings.devices;
  const { settings, devices, backends } = state;
  const inputs = devices.filter(({ inputChannels }) => inputChannels > 0);
  const outputs = devices.filter(({ outputChannels }) => outputChannels > 0);
  // Nobody hears it there; other programs record it.
  const audible = outputs.filter(({ id }) => id !== VIRTUAL_MICROPHONE || id === settings.output);
  const input = inputs.find(({ id }) => id === settings.input) ?? inputs.find((each) => each.isDefaultInput);
  const channels = input?.inputChannels ?? 1;
  const orNull = (value: string) => (value === DEFAULT ? null : value);
  const asChoices = (list: readonly ListedDevice[]) => list.map(({ id, name }) => ({ value: id, label: name }));
  // The looped file is set on the command line: the panel never sends a path.
  const isFile = state.backend === 'file';
  const byDefault = { value: DEFAULT, label: isFile ? (state.inputName ?? texts.file) : texts.systemDefault };
  const nothing = { value: 'none', label: texts.nothing };
  // A file is played nowhere, or into the file that the command line names.
  const heard = isFile
    ? [{ value: DEFAULT, label: state.outputName ?? texts.nothing }]
    : [nothing, { value: DEFAULT, label: texts.systemDefault }];
  return (
    <section aria-label={texts.name} onPointerEnter={refresh} onFocusCapture={refresh}>
      <h2>{texts.name}</h2>
      <Choice
        label={texts.backend}
        value={settings.backend ?? DEFAULT}
        choices={[{ value: DEFAULT, label: automaticText(state.backend, texts) }, ...asBackendChoices(backends, texts)]}
        onChange={(value) => send({ type: 'setDevices', backend: orNull(value) })}
      />
      <Choice
        label={texts.input}
        value={isFile ? DEFAULT : (settings.input ?? DEFAULT)}
        isDisabled={isFile}
        choices={isFile ? [byDefault] : [byDefault, ...asChoices(inputs)]}
        onChange={(value) => send({ type: 'setDevices', input: orNull(value), inputChannel: null })}
      />
      <Choice
        label={texts.channel}
        value={String(settings.inputChannel ?? MIX)}
        isDisabled={channels < 2}
        choices={channels < 2 ? [{ value: MIX, label: texts.mono }] : channelChoices(channels, texts)}
        onChange={(value) =>
          send({ type: 'setDevices', inputChannel: value === MIX || value === BEST ? value : Number(value) })
        }
      />
      {settings.inputChannel === BEST && channels > 1 ? (
        <p class="dim" role="status">
          {state.inputChoice ?? texts.choosingChannels}
        </p>
      ) : null}
      <Choice
        label={texts.output}
        value={isFile && settings.output === 'none' ? DEFAULT : (settings.output ?? DEFAULT)}
        choices={[...heard, ...asChoices(audible)]}
        onChange={(value) => send({ type: 'setDevices', output: orNull(value) })}
      />
      <Choice
        label={texts.send}
        value={settings.send ?? DEFAULT}
        choices={[{ value: DEFAULT, label: texts.noSend }, ...asChoices(outputs)]}
        onChange={(value) => send({ type: 'setDevices', send: orNull(value) })}
      />
      <Choice
        label={texts.sampleRate}
        value={String(settings.sampleRateHertz ?? DEFAULT)}
        choices={[
          { value: DEFAULT, label: texts.deviceDefault },
          ...RATES_HERTZ.map((rate) => ({ value: String(rate), label: `${shortNumberText(rate / 1000)} kHz` })),
        ]}
        onChange={(value) => send({ type: 'setDevices', sampleRateHertz: value === DEFAULT ? null : Number(value) })}
      />
    </section>
  );
}

type DeviceTexts = Texts['settings']['devices'];

function channelChoices(channels: number, texts: DeviceTexts) {
  return [
    { value: MIX, label: texts.average },
    { value: BEST, label: texts.best },
    ...Array.from({ length: channels }, (_, index) => ({
      value: String(index + 1),
      label: texts.channelNumber(index + 1),
    })),
  ];
}

/** Asks the host for new devices when mounted, on window focus and at regular intervals. @returns a function that asks now */
function useDeviceRefresh(): () => void {
  const { link } = usePanel();
  const refresh = () => {
    if (!document.hidden && link.phase$.value === 'open') link.send({ type: 'refreshDevices' });
  };
  useEffect(() => {
    refresh();
    const timer = setInterval(refresh, REFRESH_MILLISECONDS);
    addEventListener('focus', refresh);
    return () => {
      clearInterval(timer);
      removeEventListener('focus', refresh);
    };
  }, [link]);
  return refresh;
}

/** Backends without a label, such as the null backend for tests, are not offered. */
function asBackendChoices(backends: readonly string[], { backends: labels }: DeviceTexts) {
  return backends.flatMap((value) => {
    return isLabelled(value, labels) ? [{ value, label: labels[value] }] : [];
  });
}

function automaticText(backend: string | null, { backends: labels, automatic, automaticChoice }: DeviceTexts): string {
  if (backend === null) return automatic;
  return automaticChoice(isLabelled(backend, labels) ? labels[backend] : backend);
}

function isLabelled(backend: string, labels: DeviceTexts['backends']): backend is keyof DeviceTexts['backends'] {
  return Object.hasOwn(labels, backend);
}
