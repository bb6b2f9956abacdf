import { parsePreset } from '../../engine/model/Preset.ts';
import type { ListedPreset } from '../../host/protocol/LiveState.ts';
import type { HostFiles } from '../link/HostFiles.ts';
import { TemplateCurves } from './TemplateCurves.ts';

/** Loads and caches the template curves of presets. */
export class TemplateCurveCache {
  private readonly files: HostFiles;
  private readonly curves = new Map<string, Promise<TemplateCurves>>();

  constructor(files: HostFiles) {
    this.files = files;
  }

  /** Rejects with the host's reason if the preset cannot be read. */
  curvesOf({ name, bytes, trainingSeconds }: ListedPreset): Promise<TemplateCurves> {
    // A preset replaced under the same name almost certainly differs in size or training duration.
    const key = `${name}\n${bytes}\n${trainingSeconds}`;
    let curves = this.curves.get(key);
    if (curves === undefined) {
      curves = this.files.preset(name).then((text) => new TemplateCurves(parsePreset(text)));
      this.curves.set(key, curves);
      curves.catch(() => this.curves.delete(key));
    }
    return curves;
  }
}
