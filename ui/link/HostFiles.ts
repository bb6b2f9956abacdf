import { checkHttpAnswer } from '../../host/protocol/httpAnswers.ts';
import { currentTexts } from '../texts/useTexts.ts';
import { HostRefusal } from './HostRefusal.ts';

const ATTEMPTS = 4;
const RETRY_MILLISECONDS = 400;

/** File transfers to and from the host by HTTP, authorised by the panel token. Each call rejects with a HostRefusal. */
export class HostFiles {
  private readonly token: string;

  constructor(token: string) {
    this.token = token;
  }

  /** @returns the preset file's text */
  async preset(name: string): Promise<string> {
    return (await this.ask(`/presets/${encodeURIComponent(name)}`, {})).text();
  }

  /** @returns the name of the imported preset. Rejects with the kind `name-taken` if it exists and `isReplacing` is false. */
  async importPreset(text: string, isReplacing: boolean): Promise<string> {
    const response = await this.ask(`/presets${isReplacing ? '?replace=yes' : ''}`, { method: 'POST', body: text });
    return checkHttpAnswer('imported', await response.json()).name;
  }

  async addEnrolmentFile(file: File): Promise<void> {
    await this.ask('/enrolment/files', {
      method: 'POST',
      body: file,
      headers: { 'X-File-Name': encodeURIComponent(file.name) },
    });
  }

  /**
   * Requests anything else. Too many requests at once are repeated, a little later.
   * @param signal ends the request, which then rejects with its reason
   */
  async request(path: string, signal: AbortSignal | null = null): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ask(path, { signal });
      } catch (error) {
        const isBusy = error instanceof HostRefusal && error.kind === 'limit' && attempt < ATTEMPTS;
        if (!isBusy) throw error;
        await new Promise((resolve) => setTimeout(resolve, attempt * RETRY_MILLISECONDS));
        signal?.throwIfAborted();
      }
    }
  }

  /**
   * Sends a file of any size. XMLHttpRequest, because `fetch` does not report the progress of a body.
   * @param onProgress called with the share that has been sent, 0 to 1
   * @returns the host's answer. Rejects with an AbortError when `signal` is aborted.
   */
  upload(path: string, file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', path);
      request.responseType = 'json';
      request.setRequestHeader('Authorization', `Bearer ${this.token}`);
      request.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
      request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
      request.onload = () => {
        if (request.status === 200) resolve(request.response);
        else reject(HostRefusal.ofAnswer(request.status, request.response));
      };
      request.onerror = () => reject(new HostRefusal('internal', currentTexts().link.lostDuring(file.name)));
      request.onabort = () => reject(new DOMException('the upload was cancelled', 'AbortError'));
      signal.addEventListener('abort', () => request.abort(), { once: true });
      request.send(file);
    });
  }

  private async ask(path: string, options: RequestInit): Promise<Response> {
    const headers = { ...options.headers, Authorization: `Bearer ${this.token}` };
    const response = await fetch(path, { ...options, headers });
    if (response.ok) return response;
    throw await HostRefusal.of(response);
  }
}
