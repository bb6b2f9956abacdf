import type { MasterStrip } from '../../host/protocol/LiveState.ts';
import { FADER_LAW, PERCENT_LAW } from '../base/sliderLaw.ts';
import { Slider } from '../controls/Slider.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import { masterTarget } from '../midi/midiTargets.ts';
import { useSend } from '../model/PanelContext.ts';
import { SIGNAL } from '../model/TelemetryHistory.ts';
import { useTexts } from '../texts/useTexts.ts';
import { Meter } from './Meter.tsx';
import { FaderScale } from './scales.tsx';

/** Master fader, dry/wet mix and bypass. Bypass plays the delayed input at the same level and time, for a fair A/B comparison. */
export function MasterStripView({ master }: { readonly master: MasterStrip }) {
  const send = useSend();
  const texts = useTexts().mixer;
  return (
    <fieldset class="strip master" aria-label={texts.master}>
      <header>
        <span class="strip-name">{texts.master}</span>
      </header>
      <div class="strip-body">
        <FaderScale />
        <Slider
          label={texts.level(texts.master)}
          midi={masterTarget('level')}
          orientation="vertical"
          law={FADER_LAW}
          resetValue={0}
          value={master.gainDecibels}
          onChange={(gainDecibels) => send({ type: 'setMaster', gainDecibels })}
        />
        <Meter label={texts.meter(texts.master)} signal={SIGNAL.output} />
        <div class="wet" title={texts.wetHint}>
          <span aria-hidden="true">{texts.wet}</span>
          <Slider
            label={texts.wetOf(texts.master)}
            midi={masterTarget('wet')}
            orientation="vertical"
            law={PERCENT_LAW}
            resetValue={1}
            value={master.wet}
            isDisabled={master.isBypassed}
            onChange={(wet) => send({ type: 'setMaster', wet })}
          />
        </div>
      </div>
      <footer>
        <Toggle
          label={texts.mute(texts.master)}
          midi={masterTarget('mute')}
          kind="mute"
          title={texts.masterMuteHint}
          isOn={master.isMuted}
          onChange={(isMuted) => send({ type: 'setMaster', isMuted })}
        >
          {texts.muteMark}
        </Toggle>
        <Toggle
          label={texts.bypass}
          midi={masterTarget('bypass')}
          kind="bypass"
          title={texts.bypassHint}
          isOn={master.isBypassed}
          onChange={(isBypassed) => send({ type: 'setMaster', isBypassed })}
        >
          {texts.bypass}
        </Toggle>
      </footer>
    </fieldset>
  );
}
