import { expect, it } from 'vitest';
import { markdownTable } from '../../../host/files/markdownTable.ts';
import { textTable } from '../../../host/files/textTable.ts';

const rows = [
  ['', 'SDR', 'note'],
  ['oracle', '16.2', 'a'],
  ['nmf', '-0.7', 'longer'],
];

it('a text table aligns the first column left and the others right, without trailing spaces', () => {
  expect(textTable(rows)).toEqual(['         SDR    note', 'oracle  16.2       a', 'nmf     -0.7  longer']);
});

it('a text table counts the columns of a terminal, whatever the script', () => {
  expect(
    textTable([
      ['山田', '1'],
      ['ann', '2'],
    ]),
  ).toEqual(['山田  1', 'ann   2']);
});

it('the last alignment of a text table applies to all further columns', () => {
  expect(textTable(rows, ['right', 'left'])).toEqual(['        SDR   note', 'oracle  16.2  a', '   nmf  -0.7  longer']);
});

it('a Markdown table aligns the first column left and the others right', () => {
  expect(markdownTable(['', 'SDR'], [['nmf', '1']])).toBe('|  | SDR |\n| --- | ---: |\n| nmf | 1 |');
});
