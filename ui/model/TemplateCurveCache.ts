import { parsePreset } from '../../engine/model/Preset.ts';
import type { ListedPreset } from '../../host/protocol/LiveState.ts';
import type { HostFiles } from '../link/HostFiles.ts';
import { TemplateCurves } from './TemplateCurves.ts';

/** Presets that were looked at, read once. */
export class TemplateCurveCache {
  private readonly files: HostFiles;
  private readonly curves = new Map<string, Promise<TemplateCurves>>();

  constructor(files: HostFiles) {
    this.files = files;
  }

  /** Rejects with the host's words where the preset can't be had. */
  curvesOf({ name, bytes, trainingSeconds }: ListedPreset): Promise<TemplateCurves> {
    // A preset may be replaced by another of its name; that one has hardly the same seconds of speech to the last digit.
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
