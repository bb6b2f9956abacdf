import { useEffect, useState } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { usePanel } from '../model/PanelContext.ts';

type Orders = readonly (Uint16Array | null)[];
const NONE: Orders = [];

/** Of each loaded speaker, the order in which templates are stacked in the picture; none before the presets have been read. */
export function useTemplateOrders({ settings, presets }: LiveState, isWanted: boolean): Orders {
  const { presetManager } = usePanel();
  const [orders, setOrders] = useState<Orders>(NONE);
  const names = settings.speakers.map(({ preset }) => preset).join('\n');
  useEffect(() => {
    if (!isWanted) return;
    let isMounted = true;
    const wanted = names.split('\n').map((name) => presets.find((preset) => preset.name === name));
    // A speaker from a file beside the library can't be read here; its templates stay as they come.
    const orderOf = (preset: (typeof wanted)[number]) =>
      preset === undefined
        ? null
        : presetManager.curvesOf(preset).then(
            ({ order }) => order,
            () => null,
          );
    void Promise.all(wanted.map(orderOf)).then((read) => isMounted && setOrders(read));
    return () => {
      isMounted = false;
    };
  }, [presetManager, names, presets, isWanted]);
  return orders;
}
