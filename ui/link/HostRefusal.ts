import type { HostErrorKind } from '../../host/protocol/hostError.ts';
import { checkHttpAnswer } from '../../host/protocol/httpAnswers.ts';
import { currentTexts } from '../texts/useTexts.ts';

/** The host has refused a request. The message is its reason, for the user. */
export class HostRefusal extends Error {
  override readonly name = 'HostRefusal';
  readonly kind: HostErrorKind;

  constructor(kind: HostErrorKind, reason: string) {
    super(reason);
    this.kind = kind;
  }

  /** @param response any but a successful one */
  static async of(response: Response): Promise<HostRefusal> {
    return HostRefusal.ofAnswer(response.status, await response.json().catch(() => null));
  }

  /** @param answer parsed body of any response but a successful one; null: it was not JSON */
  static ofAnswer(status: number, answer: unknown): HostRefusal {
    try {
      const { reason, error } = checkHttpAnswer('refusal', answer);
      return new HostRefusal(error.kind, reason);
    } catch {
      return new HostRefusal('internal', currentTexts().link.httpStatus(status));
    }
  }
}
