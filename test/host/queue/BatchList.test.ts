import { expect, test } from 'vitest';
import { BatchList } from '../../../host/queue/BatchList.ts';

const cells = (path: string, text: string) =>
  new BatchList(path, text).lines.map((line) => [line.number, ...line.cells]);

test('cells stand between tabs; comments and empty lines are left out and counted', () => {
  expect(cells('a.tsv', '# voices\nann\trec/ann, old\r\n\n  \t \nbob\t1.wav\t2.wav\n')).toEqual([
    [2, 'ann', 'rec/ann, old'],
    [5, 'bob', '1.wav', '2.wav'],
  ]);
});

test('in a .csv file cells stand between commas, and those with commas in double quotes', () => {
  expect(cells('a.CSV', 'ann,"rec/a, b.wav","say ""hi"".wav"\nbob,x.wav,\n')).toEqual([
    [1, 'ann', 'rec/a, b.wav', 'say "hi".wav'],
    [2, 'bob', 'x.wav', ''],
  ]);
});

test('mistakes name the file and the line', async () => {
  expect(() => new BatchList('a.csv', 'ann,x\nbob,"x\n')).toThrow(/^a.csv, line 2: a double quote is not closed/);
  expect(() => new BatchList('a.txt', '# nothing\n')).toThrow(/^a.txt: must have at least one line/);
  await expect(BatchList.read('none.tsv')).rejects.toThrow(/cannot read none.tsv: does not exist/);
});
