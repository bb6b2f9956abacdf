import { expect, it } from 'vitest';
import { LoginCodes } from '../../../host/panel/LoginCodes.ts';

function at(start: number) {
  const clock = { seconds: start };
  return { clock, codes: new LoginCodes(() => clock.seconds) };
}

it('a code can be redeemed once', () => {
  const { codes } = at(0);
  const [code, other] = [codes.issue(), codes.issue()];
  expect(codes.isValid(code)).toBe(true);
  expect(codes.isValid(code)).toBe(true);
  expect(codes.redeem(code)).toBe(true);
  expect(codes.isValid(code)).toBe(false);
  expect(codes.redeem(code)).toBe(false);
  expect(codes.redeem(other)).toBe(true);
});

it('a code expires after a minute', () => {
  const { clock, codes } = at(1000);
  const code = codes.issue();
  clock.seconds = 1059;
  expect(codes.isValid(code)).toBe(true);
  clock.seconds = 1060;
  expect(codes.isValid(code)).toBe(false);
  expect(codes.redeem(code)).toBe(false);
});

it('anything else is not a code', () => {
  const { codes } = at(0);
  codes.issue();
  for (const text of [null, '', 'constructor', 'x'.repeat(24)]) expect(codes.isValid(text)).toBe(false);
});
