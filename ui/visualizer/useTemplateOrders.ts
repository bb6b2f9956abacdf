import { useEffect, useState } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { usePanel } from '../model/PanelContext.ts';

type Orders = readonly (Uint16Array | null)[];
const NONE: Orders = [];

/** Display order of each loaded speaker's templates; empty until the presets are loaded or while `isEnabled` is false. */
export function useTemplateOrders({ settings, presets }: LiveState, isEnabled: boolean): Orders {
  const { templateCurves } = usePanel();
  const [orders, setOrders] = useState<Orders>(NONE);
  const names = settings.speakers.map(({ preset }) => preset).join('\n');
  useEffect(() => {
    if (!isEnabled) return;
    let isMounted = true;
    const loaded = names.split('\n').map((name) => presets.find((preset) => preset.name === name));
    // A preset loaded from a file outside the library cannot be read here: its templates keep the preset's order.
    const orderOf = (preset: (typeof loaded)[number]) =>
      preset === undefined
        ? null
        : templateCurves.curvesOf(preset).then(
            ({ order }) => order,
            () => null,
          );
    void Promise.all(loaded.map(orderOf)).then((next) => isMounted && setOrders(next));
    return () => {
      isMounted = false;
    };
  }, [templateCurves, names, presets, isEnabled]);
  return orders;
}
