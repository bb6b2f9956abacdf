import type { IncomingMessage, ServerResponse } from 'node:http';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_PRESET_BYTES } from '../../engine/model/Preset.ts';
import { presetName } from '../../engine/model/PresetName.ts';
import type { HostError } from '../protocol/hostError.ts';
import type { HttpAnswers } from '../protocol/httpAnswers.ts';
import { hostError, reasonText } from '../session/hostError.ts';
import type { LiveControl } from '../session/LiveControl.ts';
import type { LoginCodes } from './LoginCodes.ts';
import { type PanelAccess, requestedAddress } from './PanelAccess.ts';
import type { PanelFile, PanelFiles } from './PanelFiles.ts';
import { RateLimit } from './RateLimit.ts';
import { RecordingRequests } from './RecordingRequests.ts';
import { Refusal } from './Refusal.ts';
import { bodyText, decoded, limitedBody, uploadName } from './requestBody.ts';
import { sendSoundFile } from './soundFile.ts';

/** Ten minutes of 48 kHz stereo in 32 bit are 230 MB. */
export const MAXIMUM_UPLOAD_BYTES = 256_000_000;
const UPLOADS_AT_ONCE = 2;
const MAXIMUM_CODE_BYTES = 64;

/** Allows scripts, styles and images of this server only, forbids framing, and sends no referrer. */
const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src blob:; connect-src 'self'; " +
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Cache-Control': 'no-store',
} as const;

const NO_TOKEN_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Unmingle</title>
<p>The token of this address is missing, wrong or replaced, or its code has been used. Open the complete address that the program printed.</p></html>`;

/** HTTP requests of the panel: the page, and everything too large for a WebSocket message (preset files in and out, recordings in). */
export class PanelRequests {
  private readonly session: LiveControl;
  private readonly access: PanelAccess;
  private readonly files: PanelFiles;
  private readonly codes: LoginCodes;
  private readonly onInternalError: (error: unknown) => void;
  private readonly rate = new RateLimit(100, 20);
  /** Of its own, because these requests need no token. */
  private readonly codeRate = new RateLimit(20, 1);
  /** Of its own: while the view of a recording is moved, it requests many small parts. */
  private readonly recordingRate = new RateLimit(600, 100);
  private readonly recordings: RecordingRequests;
  private uploads = 0;

  /** @param onInternalError called with faults of the program, whose texts are not sent */
  constructor(
    session: LiveControl,
    access: PanelAccess,
    codes: LoginCodes,
    files: PanelFiles,
    onInternalError: (error: unknown) => void,
  ) {
    this.session = session;
    this.recordings = new RecordingRequests(session.recordings);
    this.access = access;
    this.codes = codes;
    this.onInternalError = onInternalError;
    this.files = files;
  }

  /** Always answers; never rejects. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    try {
      await this.route(request, response);
    } catch (error) {
      if (hostErrorOf(error).kind === 'internal') this.onInternalError(error);
      refuse(request, response, error);
    }
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const problem = this.access.problem(request);
    if (problem !== null) throw new Refusal(403, problem);
    const { pathname, searchParams } = addressOf(request);
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (isReading && pathname === '/') {
      if (this.maySeePage(searchParams)) sendFile(response, this.files.page);
      else response.writeHead(403, { 'Content-Type': 'text/html; charset=utf-8' }).end(NO_TOKEN_PAGE);
      return;
    }
    // Scripts and styles contain no secrets, and a browser requests them without the token.
    const file = isReading ? this.files.get(pathname) : undefined;
    if (file !== undefined && pathname !== '/index.html') {
      sendFile(response, file);
      return;
    }
    if (request.method === 'POST' && pathname === '/token') return this.exchangeCode(request, response);
    this.requireToken(request);
    const isOfRecording = isReading && pathname.startsWith('/recording/');
    const rate = isOfRecording ? this.recordingRate : this.rate;
    if (!rate.tryTake(performance.now() / 1000)) throw new Refusal(429, 'too many requests; wait a moment');
    if (isOfRecording) return this.recordings.answer(pathname, searchParams, response);
    if (request.method === 'POST' && pathname === '/recording') return this.recordings.receive(request, response);
    if (request.method === 'POST' && pathname === '/code') return sendJson(response, { code: this.codes.issue() });
    if (isReading && pathname.startsWith('/takes/')) return this.sendTakeFile(pathname, response);
    if (isReading && pathname.startsWith('/presets/')) return this.sendPreset(pathname, response);
    if (request.method === 'POST' && pathname === '/presets') return this.importPreset(request, searchParams, response);
    if (request.method === 'POST' && pathname === '/enrolment/files') return this.receiveRecording(request, response);
    throw new Refusal(404, 'there is nothing at this address');
  }

  private maySeePage(query: URLSearchParams): boolean {
    return this.access.isToken(query.get('token')) || this.codes.isValid(query.get('code'));
  }

  /** Answers a one-time code with the token. */
  private async exchangeCode(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.codeRate.tryTake(performance.now() / 1000)) throw new Refusal(429, 'too many requests; wait a moment');
    const code = await bodyText(request, { maximumBytes: MAXIMUM_CODE_BYTES, what: 'a code' });
    if (!this.codes.redeem(code)) throw new Refusal(401, 'the code has been used or is older than a minute');
    sendJson(response, { token: this.access.token });
  }

  private requireToken({ headers }: IncomingMessage): void {
    const [, token = null] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
    if (!this.access.isToken(token)) throw new Refusal(401, 'the token is missing or wrong');
  }

  private async sendTakeFile(pathname: string, response: ServerResponse): Promise<void> {
    const [, , take = '', file = '', ...rest] = pathname.split('/').map(decoded);
    // The names are only compared with those that the host has listed.
    const path = rest.length === 0 ? this.session.takeFile(take, file) : null;
    const isSent = path !== null && (await sendSoundFile(path, `${take} ${file}`, response));
    if (!isSent) throw new Refusal(404, 'there is no such recording, or not any more');
  }

  private async sendPreset(pathname: string, response: ServerResponse): Promise<void> {
    const name = presetName(decoded(pathname.slice('/presets/'.length)));
    const text = await this.session.exportPreset(name);
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' }).end(text);
  }

  private async importPreset(
    request: IncomingMessage,
    query: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    const text = await bodyText(request, { maximumBytes: MAXIMUM_PRESET_BYTES, what: 'a preset' });
    sendJson(response, { name: await this.session.importPreset(text, query.get('replace') === 'yes') });
  }

  private async receiveRecording(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.uploads >= UPLOADS_AT_ONCE)
      throw new Refusal(429, `at most ${UPLOADS_AT_ONCE} files can be uploaded at once`);
    this.uploads++;
    try {
      const body = limitedBody(request, { maximumBytes: MAXIMUM_UPLOAD_BYTES, what: 'a recording' });
      await this.session.addEnrolmentFile(uploadName(request), body);
      sendJson(response, {});
    } finally {
      this.uploads--;
    }
  }
}

function addressOf(request: IncomingMessage): URL {
  const address = requestedAddress(request);
  if (address === null) throw new Refusal(400, 'the address is malformed');
  return address;
}

function sendFile(response: ServerResponse, { contentType, content }: PanelFile): void {
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': content.length }).end(content);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
}

function hostErrorOf(error: unknown): HostError {
  return error instanceof Refusal ? error.error : hostError(error);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof Refusal ? error.status : error instanceof InputError ? 400 : 500;
  const reason = error instanceof Refusal ? error.message : reasonText(error);
  const answer: HttpAnswers['refusal'] = { reason, error: hostErrorOf(error) };
  // Closing the connection discards the unread rest of the body.
  if (!request.complete) response.setHeader('Connection', 'close');
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(answer), () => request.complete || request.destroy());
}
