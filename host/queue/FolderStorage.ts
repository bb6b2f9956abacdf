import { copyFile, mkdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { expandAudioFiles } from '../audio/audioFiles.ts';
import { createFolder } from '../files/createFolder.ts';
import { fileError } from '../files/fileErrors.ts';
import { publishPartial } from '../files/partialFile.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { contentHash } from './contentHash.ts';
import type { JobInput } from './Job.ts';
import { HIDDEN_FOLDER, type PublishedFile, type Storage } from './Storage.ts';
import { type StorageAddress, storageAddress } from './StorageAddress.ts';

/**
 * A folder as storage, also one that several machines share under different paths. Links that lead out of it are not followed. Without a
 * folder of its own, the whole disk: for jobs of the user at this machine only.
 */
export class FolderStorage implements Storage {
  readonly text: string;
  private readonly root: string;

  /** @param root path without links, see `open` */
  private constructor(root: string) {
    this.root = root;
    this.text = root;
  }

  /** @throws InputError if there is no such folder */
  static async open(path: string): Promise<FolderStorage> {
    const facts = await stat(path).catch((error: unknown) => {
      throw fileError(error, 'cannot open the storage', path);
    });
    if (!facts.isDirectory()) throw new InputError(`cannot open the storage ${path}: it is not a folder`);
    return new FolderStorage(await realpath(path));
  }

  /** The disk of the current folder: addresses are absolute paths without the slash at their start. */
  static async ofDisk(): Promise<FolderStorage> {
    return FolderStorage.open(parse(process.cwd()).root);
  }

  /** @param path absolute, or relative to the current folder @returns its address; null if it lies outside the storage */
  async addressOf(path: string): Promise<StorageAddress | null> {
    // The file need not exist yet: links are resolved in the part of its path that does.
    const absolute = resolve(path);
    let existing = absolute;
    while (!(await stat(existing).catch(() => null)) && dirname(existing) !== existing) existing = dirname(existing);
    const real = join(await realpath(existing), relative(existing, absolute));
    const inside = relative(this.root, real);
    if (inside === '' || isAbsolute(inside) || inside.split(sep)[0] === '..') return null;
    return storageAddress(inside.split(sep).join('/'));
  }

  async recordings(address: StorageAddress): Promise<StorageAddress[]> {
    const path = this.pathOf(address);
    const files = await this.naming(expandAudioFiles([path]));
    return files.map((file) => storageAddress(relative(this.root, file).split(sep).join('/')));
  }

  async input(address: StorageAddress): Promise<JobInput> {
    const path = await this.existing(address);
    try {
      return { address, fingerprint: `sha256:${await contentHash(path)}` };
    } catch (error) {
      throw fileError(error, 'cannot read', address);
    }
  }

  /** Reads the file where it is. */
  async fetch(input: JobInput): Promise<string> {
    const { fingerprint } = await this.input(input.address);
    if (fingerprint !== input.fingerprint) throw changedError(input);
    return this.existing(input.address);
  }

  withoutPaths(text: string): string {
    return this.isDisk ? text : text.replaceAll(this.root + sep, '');
  }

  async size(address: StorageAddress): Promise<number | null> {
    const facts = await stat(this.pathOf(address)).catch(() => null);
    return facts?.isFile() === true ? facts.size : null;
  }

  async readText(address: StorageAddress, maximumBytes: number): Promise<string | null> {
    const bytes = await this.size(address);
    if (bytes === null) return null;
    if (bytes > maximumBytes) throw new InputError(`${address}: must have at most ${maximumBytes} bytes, got ${bytes}`);
    return readFile(await this.existing(address), 'utf8');
  }

  /** All files are copied beside their places first and then renamed, so that they appear within moments of each other. */
  async publish(
    receipt: { readonly address: StorageAddress; readonly text: string },
    files: readonly PublishedFile[],
    isOwned: (address: StorageAddress) => boolean,
  ): Promise<void> {
    const staging = `${this.pathOf(receipt.address)}.${process.pid}-${Math.random().toString(36).slice(2)}.partial`;
    try {
      await this.createInside(staging);
      for (const { path, address } of files) {
        await this.createInside(dirname(this.pathOf(address)));
        await copyFile(path, join(staging, basename(address)));
      }
      await writeAtomically(this.pathOf(receipt.address), join(staging, '.receipt'), receipt.text);
      for (const file of files) await this.place(join(staging, basename(file.address)), file, isOwned(file.address));
    } catch (error) {
      throw fileError(error, 'cannot write', receipt.address);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }

  async keep(path: string): Promise<StorageAddress> {
    const own = await this.addressOf(path);
    if (own !== null) return own;
    const address = storageAddress(`${HIDDEN_FOLDER}/inputs/${await contentHash(path)}${extname(path)}`);
    if ((await this.size(address)) !== null) return address;
    const target = this.pathOf(address);
    await this.createInside(dirname(target));
    const partial = `${target}.${process.pid}.partial`;
    await copyFile(path, partial);
    await publishPartial(partial, target, 'replace');
    return address;
  }

  async remove(address: StorageAddress): Promise<void> {
    try {
      await rm(await this.existing(address), { force: true });
    } catch (error) {
      throw fileError(error, 'cannot remove', address);
    }
  }

  /** Whether the storage is the whole disk. */
  get isDisk(): boolean {
    return this.root === parse(this.root).root;
  }

  private pathOf(address: StorageAddress): string {
    return join(this.root, ...address.split('/'));
  }

  /** @returns path of a file without links @throws InputError if there is none, or a link leads out of the storage */
  private async existing(address: StorageAddress): Promise<string> {
    try {
      const path = await realpath(this.pathOf(address));
      this.requireInside(path, address);
      return path;
    } catch (error) {
      throw fileError(error, 'cannot read', this.nameOf(address));
    }
  }

  private async createInside(folder: string): Promise<void> {
    // The part that exists is checked before anything is created in it.
    let existing = folder;
    while (!(await stat(existing).catch(() => null))) existing = dirname(existing);
    this.requireInside(await realpath(existing), relative(this.root, folder));
    if (existing !== folder) await createFolder(folder);
  }

  private requireInside(path: string, name: string): void {
    if (this.isDisk || path === this.root || path.startsWith(this.root + sep)) return;
    throw new InputError(`${name}: a link leads out of the storage ${this.root}`);
  }

  private async place(staged: string, { address, sha256 }: PublishedFile, isOwned: boolean): Promise<void> {
    const target = this.pathOf(address);
    try {
      await publishPartial(staged, target, isOwned ? 'replace' : 'create');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if ((await contentHash(await this.existing(address))) === sha256) return;
      throw new InputError(`cannot write ${this.nameOf(address)}: another file of this name exists`);
    }
  }

  /** Name of a file for users: its path if the storage is the whole disk. */
  private nameOf(address: StorageAddress): string {
    return this.isDisk ? this.pathOf(address) : address;
  }

  private async naming<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw error instanceof InputError ? new InputError(this.withoutPaths(error.message)) : error;
    }
  }
}

async function writeAtomically(path: string, staged: string, text: string): Promise<void> {
  await writeTextFile(staged, text, 'replace');
  await mkdir(dirname(path), { recursive: true });
  await publishPartial(staged, path, 'replace');
}

export function changedError({ address }: JobInput): InputError {
  return new InputError(`${address}: has changed since the job was made; start the batch again`);
}
