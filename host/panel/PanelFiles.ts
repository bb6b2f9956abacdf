import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { packageRoot } from '../files/packageRoot.ts';

const HTML = 'text/html; charset=utf-8';
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': HTML,
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

const MISSING_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Unmingle</title>
<p>The panel has not been built. Run <code>npm run build</code> and start again.</p></html>`;

export interface PanelFile {
  readonly contentType: string;
  readonly content: Buffer;
}

/** The built page, read into memory at the start. A requested path is only a key of this map, never a path on disk. */
export class PanelFiles {
  readonly page: PanelFile;
  private readonly files: ReadonlyMap<string, PanelFile>;

  private constructor(files: ReadonlyMap<string, PanelFile>) {
    this.files = files;
    this.page = files.get('/index.html') ?? { contentType: HTML, content: Buffer.from(MISSING_PAGE) };
  }

  static async read(folder = join(packageRoot(), 'dist', 'ui')): Promise<PanelFiles> {
    const files = new Map<string, PanelFile>();
    for (const path of await readdir(folder, { recursive: true }).catch(() => [])) {
      const contentType = CONTENT_TYPES[extname(path)];
      if (contentType === undefined) continue;
      files.set(`/${path.split(sep).join('/')}`, { contentType, content: await readFile(join(folder, path)) });
    }
    return new PanelFiles(files);
  }

  get(path: string): PanelFile | undefined {
    return this.files.get(path);
  }
}
