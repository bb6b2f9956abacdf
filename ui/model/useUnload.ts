import { filter, map, take } from 'rxjs';
import type { SpeakerStrip } from '../../host/protocol/LiveState.ts';
import { useTexts } from '../texts/useTexts.ts';
import { usePanel } from './PanelContext.ts';

/** @returns a function that unloads a voice, and offers to load it again with its fader */
export function useUnload(): (strip: SpeakerStrip) => void {
  const { link, notices } = usePanel();
  const texts = useTexts().model;
  const reload = ({ id: _, preset, ...mix }: SpeakerStrip, loaded: ReadonlySet<number>) => {
    const added$ = link.state$.pipe(
      map(({ settings }) => settings.speakers.find((each) => each.preset === preset && !loaded.has(each.id))),
      filter((strip) => strip !== undefined),
      take(1),
    );
    added$.subscribe(({ id }) => link.send({ type: 'setSpeaker', voice: id, ...mix }));
    link.send({ type: 'loadPreset', voice: null, preset });
  };
  return (strip) => {
    link.send({ type: 'unloadPreset', voice: strip.id });
    notices.show(texts.removed(strip.preset), 'info', {
      label: texts.undo,
      run: () => {
        let loaded: ReadonlySet<number> = new Set();
        link.state$.pipe(take(1)).subscribe(({ settings }) => {
          loaded = new Set(settings.speakers.map(({ id }) => id));
        });
        reload(strip, loaded);
      },
    });
  };
}
