/** Files out of and into the host, by requests that carry the token. Each rejects with the host's own words. */
export class HostFiles {
  private readonly token: string;

  constructor(token: string) {
    this.token = token;
  }

  /** @returns the preset file's text */
  async preset(name: string): Promise<string> {
    return (await this.ask(`/presets/${encodeURIComponent(name)}`, {})).text();
  }

  /** @returns the preset's name */
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
    const told = (await response.json().catch(() => ({}))) as { reason?: unknown };
    throw new Error(typeof told.reason === 'string' ? told.reason : `the host answered ${response.status}`);
  }
}
