import type { listening as english } from '../english/listening.ts';

export const listening: typeof english = {
  cannotPlay: (reason) => `Dieser Browser kann keinen Ton wiedergeben: ${reason}`,
};
