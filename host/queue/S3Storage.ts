import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { S3mini } from 's3mini';
import { InputError } from '../../engine/core/errors.ts';
import { AUDIO_EXTENSIONS } from '../audio/audioFormats.ts';
import { contentHash } from './contentHash.ts';
import { changedError } from './FolderStorage.ts';
import type { JobInput } from './Job.ts';
import { packageProblem } from './packageProblem.ts';
import { HIDDEN_FOLDER, type PublishedFile, type Storage } from './Storage.ts';
import { type StorageAddress, storageAddress } from './StorageAddress.ts';

/** Longest time for one request, with its content: a part of 8 MB or a whole recording. */
const REQUEST_MILLISECONDS = 600_000;
/** Metadata of an object that a job has written. */
const HASH_HEADER = 'x-amz-meta-sha256';
const S3_PACKAGES = ['s3mini'] as const;

/**
 * A bucket of S3, or of a server that speaks its protocol, as storage. Keys and address of the server come from the environment variables
 * that all programs for S3 read: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL.
 */
export class S3Storage implements Storage {
  readonly text: string;
  private readonly client: S3mini;
  /** Empty, or ends with a slash. */
  private readonly prefix: string;

  private constructor(client: S3mini, text: string, prefix: string) {
    this.client = client;
    this.text = text;
    this.prefix = prefix;
  }

  /**
   * @param address `s3://bucket` or `s3://bucket/prefix`
   * @throws InputError if the address or the environment is incomplete, the package is not installed, or there is no such bucket
   */
  static async open(address: string, environment: NodeJS.ProcessEnv = process.env): Promise<S3Storage> {
    const [, bucket = '', folder = ''] =
      /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/?$/i.exec(address) ?? [];
    if (bucket === '') throw new InputError(`--storage must be s3://bucket or s3://bucket/prefix, got "${address}"`);
    const prefix = folder === '' ? '' : `${storageAddress(folder)}/`;
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
    if (!accessKeyId || !secretAccessKey) {
      throw new InputError(`${address} needs the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`);
    }
    const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || 'us-east-1';
    const server =
      environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || `https://s3.${region}.amazonaws.com`;
    const { S3mini } = await import('s3mini').catch((error: unknown) => {
      throw packageProblem(error, `--storage ${address}`, S3_PACKAGES);
    });
    const client = new S3mini({
      accessKeyId,
      secretAccessKey,
      region,
      endpoint: `${server.replace(/\/+$/, '')}/${bucket}`,
      requestAbortTimeout: REQUEST_MILLISECONDS,
    });
    const storage = new S3Storage(client, `s3://${bucket}/${prefix}`.replace(/\/$/, ''), prefix);
    // Whether there is a bucket is answered without valid keys, too; whether there is an object is not.
    await storage.asking(client.objectExists(prefix + HIDDEN_FOLDER), address);
    const isThere = await storage.asking(client.bucketExists(), address);
    if (!isThere) throw new InputError(`there is no bucket ${bucket} at ${new URL(server).host}`);
    return storage;
  }

  async recordings(address: StorageAddress): Promise<StorageAddress[]> {
    if ((await this.size(address)) !== null) return [address];
    const folder = `${this.key(address)}/`;
    const objects = (await this.asking(this.client.listObjects('/', folder), address)) ?? [];
    const files = objects
      .map(({ Key: key }) => key.slice(folder.length))
      .filter((name) => !/^\.|\//.test(name) && AUDIO_EXTENSIONS.includes(extname(name).toLowerCase()));
    if (files.length === 0) throw new InputError(`${address}: there is no such recording, and no folder with any`);
    const collator = new Intl.Collator('en', { numeric: true });
    return files.toSorted(collator.compare).map((name) => storageAddress(`${address}/${name}`));
  }

  /** By the tag that the server has for the content, so that nothing is transferred. */
  async input(address: StorageAddress): Promise<JobInput> {
    const tag = await this.asking(this.client.getEtag(this.key(address)), address);
    if (tag === null) throw missingError(address);
    return { address, fingerprint: `etag:${tag}` };
  }

  async fetch(input: JobInput, folder: string): Promise<string> {
    const { address, fingerprint } = input;
    const response = await this.asking(this.client.getObjectResponse(this.key(address)), address);
    if (response?.body == null) throw missingError(address);
    const tag = this.client.sanitizeETag(response.headers.get('etag') ?? '');
    if (`etag:${tag}` !== fingerprint) {
      await response.body.cancel();
      throw changedError(input);
    }
    const path = join(folder, ...address.split('/'));
    await mkdir(dirname(path), { recursive: true });
    await this.asking(
      pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(path, { flags: 'wx' })),
      address,
    );
    return path;
  }

  withoutPaths(text: string): string {
    return text;
  }

  async size(address: StorageAddress): Promise<number | null> {
    try {
      return await this.client.getContentLength(this.key(address));
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw this.translated(error, address);
    }
  }

  async readText(address: StorageAddress, maximumBytes: number): Promise<string | null> {
    const response = await this.asking(this.client.getObjectResponse(this.key(address)), address);
    if (response === null) return null;
    const bytes = Number(response.headers.get('content-length') ?? 0);
    if (bytes <= maximumBytes) return this.asking(response.text(), address);
    await response.body?.cancel();
    throw new InputError(`${address}: must have at most ${maximumBytes} bytes, got ${bytes}`);
  }

  async publish(
    receipt: { readonly address: StorageAddress; readonly text: string },
    files: readonly PublishedFile[],
    isOwned: (address: StorageAddress) => boolean,
  ): Promise<void> {
    for (const file of files) if (!isOwned(file.address)) await this.requireFree(file);
    await this.put(receipt.address, receipt.text, {});
    for (const { path, address, sha256 } of files)
      await this.put(address, await openAsBlob(path), { [HASH_HEADER]: sha256 });
  }

  async keep(path: string): Promise<StorageAddress> {
    const sha256 = await contentHash(path);
    const address = storageAddress(`${HIDDEN_FOLDER}/inputs/${sha256}${extname(basename(path))}`);
    if ((await this.size(address)) === null) await this.put(address, await openAsBlob(path), { [HASH_HEADER]: sha256 });
    return address;
  }

  async remove(address: StorageAddress): Promise<void> {
    await this.asking(this.client.deleteObject(this.key(address)), address);
  }

  private key(address: StorageAddress): string {
    return this.prefix + address;
  }

  /** @throws InputError if there is another object of this name, whose content differs or is unknown */
  private async requireFree({ address, sha256 }: PublishedFile): Promise<void> {
    const response = await this.asking(this.client.getObjectResponse(this.key(address)), address);
    if (response === null) return;
    await response.body?.cancel();
    if (response.headers.get(HASH_HEADER) === sha256) return;
    throw new InputError(`cannot write ${address}: another file of this name exists`);
  }

  private async put(address: StorageAddress, content: string | Blob, metadata: Record<string, string>): Promise<void> {
    const type = extname(address) === '.json' ? 'application/json' : 'application/octet-stream';
    await this.asking(this.client.putAnyObject(this.key(address), content, type, undefined, metadata), address);
  }

  private async asking<T>(request: Promise<T>, address: string): Promise<T> {
    try {
      return await request;
    } catch (error) {
      throw this.translated(error, address);
    }
  }

  /** The server's own text may hold the request with its keys, so it is left out. */
  private translated(error: unknown, address: string): InputError {
    const { host } = this.client.endpoint;
    const status = statusOf(error);
    if (status === 403)
      return new InputError(`${address}: ${host} denies access; check the keys and the bucket's rules`);
    if (status !== null) return new InputError(`${address}: ${host} answers with status ${status}`);
    return new InputError(`${address}: ${host} cannot be reached (${codeOf(error)})`);
  }
}

function missingError(address: string): InputError {
  return new InputError(`cannot read ${address}: does not exist`);
}

/** @returns status of an answer that is an error; null if there was no answer */
function statusOf(error: unknown): number | null {
  for (let each = error; each instanceof Error; each = each.cause)
    if ('status' in each && typeof each.status === 'number') return each.status;
  return null;
}

function codeOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause)
    if ('code' in each && typeof each.code === 'string') return each.code;
  return error instanceof Error ? error.name : 'unknown error';
}
