import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { linearLaw, logarithmicLaw } from '../base/sliderLaw.ts';
import { useTheme } from '../base/theme.ts';
import { Choice } from '../controls/Choice.tsx';
import { Slider } from '../controls/Slider.tsx';
import { usePanel } from '../model/PanelContext.ts';
import type { SampledTemplates, TemplateCurves } from '../model/TemplateCurves.ts';
import type { Texts } from '../texts/catalogue.ts';
import { useTexts } from '../texts/useTexts.ts';
import { drawTemplates } from './drawTemplates.ts';
import { hertzLabel } from './frequencyScale.ts';

const SIZE_RANGE = { minimum: 64, maximum: 8192 } as const;
const DEFAULT_SIZE = 1024;
/** Analysis window while the duration does not follow the DFT size. */
const DEFAULT_WINDOW_SECONDS = 0.064;

/** One speaker's templates, sampled at a DFT size that the user chooses. */
export function TemplateView({ state }: { readonly state: LiveState }) {
  const { templateCurves, notices } = usePanel();
  const texts = useTexts().visualizer;
  const theme = useTheme();
  const { speakers } = state.settings;
  const usable = state.presets.filter(({ problem }) => problem === null);
  const [chosen, setChosen] = useState<string | null>(null);
  const name = chosen ?? speakers[0]?.preset ?? usable[0]?.name ?? null;
  const colour = speakers.find(({ preset }) => preset === name)?.colour ?? '#7f8ea0';
  const [curves, setCurves] = useState<TemplateCurves | null>(null);
  const [size, setSize] = useState(DEFAULT_SIZE);
  const [template, setTemplate] = useState(0);
  const [isDurationTied, setDurationTied] = useState(false);
  useEffect(() => {
    const preset = usable.find((each) => each.name === name);
    if (preset === undefined) return;
    let isCurrent = true;
    templateCurves.curvesOf(preset).then(
      (next) => isCurrent && setCurves(next),
      (error) => notices.problem(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [templateCurves, notices, name, usable.length]);
  const rateHertz = Math.min(state.sampleRateHertz ?? 16_000, 2 * (curves?.bandwidthHertz ?? 8000));
  const windowSamples = 2 * Math.round(size / 2);
  const sampled = useMemo(() => {
    const seconds = isDurationTied ? windowSamples / rateHertz : DEFAULT_WINDOW_SECONDS;
    return curves?.sample(windowSamples, rateHertz, seconds) ?? null;
  }, [curves, windowSamples, rateHertz, isDurationTied]);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    const draw = () =>
      drawTemplates(element, sampled, Math.min(template, (sampled?.templates ?? 1) - 1), colour, theme);
    draw();
    const sizes = new ResizeObserver(draw);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [sampled, template, colour, theme]);
  const last = Math.max(1, (sampled?.templates ?? 64) - 1);
  return (
    <div class="templates">
      <div class="templates-bar">
        <Choice
          label={texts.speaker}
          value={name ?? ''}
          choices={usable.map((preset) => ({ value: preset.name, label: preset.name }))}
          onChange={(next) => {
            setChosen(next);
            setCurves(null);
          }}
        />
        <div class="labelled">
          <span>{texts.dftSize}</span>
          <Slider
            label={texts.dftSize}
            law={logarithmicLaw({ ...SIZE_RANGE, step: 2, pageStep: 256 }, (value) => `${2 * Math.round(value / 2)}`)}
            resetValue={DEFAULT_SIZE}
            value={size}
            onChange={setSize}
          />
        </div>
        <div class="labelled">
          <span>{texts.template}</span>
          <Slider
            label={texts.template}
            law={linearLaw({ minimum: 0, maximum: last, step: 1, pageStep: 8 }, (value) => `${Math.round(value) + 1}`)}
            resetValue={0}
            value={template}
            onChange={(value) => setTemplate(Math.round(value))}
          />
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={isDurationTied}
            onChange={(event) => setDurationTied(event.currentTarget.checked)}
          />
          {texts.windowAsDft}
        </label>
      </div>
      <div class="templates-picture">
        <canvas ref={canvas} role="img" aria-label={texts.templatesOf(name ?? texts.noSpeaker)} />
        <p class="templates-note">{sampled === null ? texts.loading : noteText(sampled, texts)}</p>
      </div>
    </div>
  );
}

function noteText({ frequenciesHertz, templates }: SampledTemplates, texts: Texts['visualizer']): string {
  return texts.sampling(templates, frequenciesHertz.length, hertzLabel(frequenciesHertz[1] ?? 0));
}
