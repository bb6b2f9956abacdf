export const listening = {
  /** @param reason from the browser */
  cannotPlay: (reason: string) => `This browser cannot play sound: ${reason}`,
};
