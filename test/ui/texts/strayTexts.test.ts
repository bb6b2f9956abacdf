import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../host/files/packageRoot.ts';
import { strayTexts } from './strayTexts.ts';

/** The catalogue itself; the site and the example for developers, which are in English. */
const ELSEWHERE = /^(texts|site|example)\//;
/** Strings of two words that users do not read as they are. */
const CODE: Readonly<Record<string, readonly string[]>> = {
  // Stored with the mappings; `controlLabel` translates it.
  'midi/midiMessage.ts': ['pitch bend,'],
  // Selectors of elements.
  'recording/recordingKeys.ts': ['input, textarea, select', 'button:not(.segment), label, summary'],
  'recording/TimelinePainter.ts': ['"Segoe UI", system-ui, "Noto Sans", "DejaVu Sans", sans-serif'],
};

it('the code of the panel holds no text for users: each is in ui/texts', () => {
  const folder = join(packageRoot(), 'ui');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.tsx?$/.test(file) && !ELSEWHERE.test(file));
  expect(files.length).toBeGreaterThan(80);
  const stray = files.flatMap((file) =>
    strayTexts(readFileSync(join(folder, file), 'utf8'))
      .filter(({ text }) => !(CODE[file] ?? []).includes(text))
      .map(({ line, text }) => `ui/${file}:${line} ${text}`),
  );
  expect(stray).toEqual([]);
});

it('finds texts in every place where users would see them, and nothing else', () => {
  const source = `
    import { Icon } from '../two words/Icon.tsx';
    const kinds = { value: 'plain', label: 'A label' } as const;
    type Kind = 'two words' | 'others';
    export function View({ isOn, name, texts }: { readonly isOn: boolean }) {
      notices.show(\`Deleted \${name}\`, 'info', { label: texts.undo, colour: '#98a2ad', text: '#fff' });
      notices.problem(isOn ? 'broken' : texts.fine);
      element.textContent = level > 0 ? decibelText(level) : 'silent';
      context.fillText('−4 min', 0, 0);
      context.font = '11px system ui';
      if (name === 'nobody' || phase === 'two words') throw new InputError('a mistake of the program');
      return (
        <label class="strip master" title={isOn ? texts.on : 'Off'} aria-label={texts.of(name, 'level')}>
          <Icon name="plus" /> Add
          {isOn ? 'yes' : null} {name} {\`\${name} dB\`} 5 s Unmingle
          <input type="text" placeholder="Name" data-kind={'mute'} />
        </label>
      );
    }
    function words(share: number) {
      return share > 1 ? 'Separates well.' : 'poor';
    }`;
  expect(strayTexts(source).map(({ line, text }) => `${line} ${text}`)).toEqual([
    '3 A label',
    '6 Deleted',
    '7 broken',
    '8 silent',
    '11 two words',
    '13 Off',
    '14 Add',
    '15 yes',
    '16 Name',
    '21 Separates well.',
  ]);
});
