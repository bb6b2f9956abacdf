import { checkHttpAnswer } from '../../host/protocol/httpAnswers.ts';
import { HostRefusal } from './HostRefusal.ts';

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

  private async ask(path: string, options: RequestInit): Promise<Response> {
    const headers = { ...options.headers, Authorization: `Bearer ${this.token}` };
    const response = await fetch(path, { ...options, headers });
    if (response.ok) return response;
    throw await HostRefusal.of(response);
  }
}
