import type { MasterStrip } from '../../host/protocol/LiveState.ts';
import { FADER_LAW, PERCENT_LAW } from '../base/sliderLaw.ts';
import { Slider } from '../controls/Slider.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import { masterTarget } from '../midi/midiTargets.ts';
import { useSend } from '../model/PanelContext.ts';
import { SIGNAL } from '../model/TelemetryHistory.ts';
import { Meter } from './Meter.tsx';
import { FaderScale } from './scales.tsx';

/** Master fader, dry/wet mix and bypass. Bypass plays the delayed input at the same level and time, for a fair A/B comparison. */
export function MasterStripView({ master }: { readonly master: MasterStrip }) {
  const send = useSend();
  return (
    <fieldset class="strip master" aria-label="Master">
      <header>
        <span class="strip-name">Master</span>
      </header>
      <div class="strip-body">
        <FaderScale />
        <Slider
          label="Master, level"
          midi={masterTarget('level')}
          orientation="vertical"
          law={FADER_LAW}
          resetValue={0}
          value={master.gainDecibels}
          onChange={(gainDecibels) => send({ type: 'setMaster', gainDecibels })}
        />
        <Meter label="Master, level, dB" signal={SIGNAL.output} />
        <div class="wet" title="Mix of separated sound (100 %) and delayed input (0 %)">
          <span aria-hidden="true">Wet</span>
          <Slider
            label="Master, wet"
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
          label="Master, mute"
          midi={masterTarget('mute')}
          kind="mute"
          title="Silence all outputs"
          isOn={master.isMuted}
          onChange={(isMuted) => send({ type: 'setMaster', isMuted })}
        >
          M
        </Toggle>
        <Toggle
          label="Bypass"
          midi={masterTarget('bypass')}
          kind="bypass"
          title="Hear the delayed input instead (B)"
          isOn={master.isBypassed}
          onChange={(isBypassed) => send({ type: 'setMaster', isBypassed })}
        >
          Bypass
        </Toggle>
      </footer>
    </fieldset>
  );
}
