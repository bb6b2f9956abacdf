/** File transfers to and from the host by HTTP, authorised by the panel token. Each call rejects with the host's reason. */
export class HostFiles {
  private readonly token: string;

  constructor(token: string) {
    this.token = token;
  }

  /** @returns the preset file's text */
  async preset(name: string): Promise<string> {
    return (await this.ask(`/presets/${encodeURIComponent(name)}`, {})).text();
  }

  /** @returns the name of the imported preset. Rejects if the name exists and `isReplacing` is false. */
  async importPreset(text: string, isReplacing: boolean): Promise<string> {
    const response = await this.ask(`/presets${isReplacing ? '?replace=yes' : ''}`, { method: 'POST', body: text });
    return String(((await response.json()) as { name: unknown }).name);
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
    const { reason } = (await response.json().catch(() => ({}))) as { reason?: unknown };
    throw new Error(typeof reason === 'string' ? reason : `the host answered with HTTP status ${response.status}`);
  }
}
