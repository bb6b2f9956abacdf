import { checkHttpAnswer } from '../../host/protocol/httpAnswers.ts';

/**
 * Token of the page's address. The program opens the page with a one-time code in its place, which is exchanged here; the address then
 * holds the token, so that the page can be reloaded.
 * @returns empty if the address has neither, or the code has been used
 */
export async function pageToken(): Promise<string> {
  const parameters = new URLSearchParams(location.search);
  const code = parameters.get('code');
  if (code === null) return parameters.get('token') ?? '';
  const response = await fetch('/token', { method: 'POST', body: code });
  if (!response.ok) return '';
  const { token } = checkHttpAnswer('token', await response.json());
  history.replaceState(null, '', `/?token=${encodeURIComponent(token)}`);
  return token;
}
