// Builds the site from the pages of the repository, into dist/site: npm run build:site.
// Each Markdown page becomes one page; links between them keep working, and links to other files lead to the repository that package.json
// names. Without one, their text remains.
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

const { repository } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const address = typeof repository === 'string' ? repository : repository?.url;
const SOURCES = address === undefined ? null : `${address.replace(/^git\+|\.git$/g, '')}/blob/HEAD/`;

const NAVIGATION = [
  {
    title: 'Use it',
    pages: {
      'ui/site/index.md': 'Quick start',
      'ui/site/browser.md': 'In the browser alone',
      'ui/site/podcast.md': 'A podcast, one microphone',
      'ui/site/calls.md': 'Calls',
      'ui/site/hearing.md': 'Hearing support',
      'ui/site/speech-to-text.md': 'Speech-to-text',
      'ui/site/faq.md': 'Questions and answers',
      'README.md': 'All commands',
      'ui/README.md': 'The panel',
    },
  },
  {
    title: 'Build with it',
    pages: {
      'engine/README.md': 'The engine',
      'engine/worklet/README.md': 'In a page',
      'host/README.md': 'In Node',
      'host/protocol/README.md': 'Remote control',
      'presets/README.md': 'Presets',
    },
    entries: [{ url: 'api/index.html', label: 'API reference' }],
  },
  {
    title: 'Behind it',
    pages: {
      'ui/site/research.md': 'Research',
      'ARCHITECTURE.md': 'Architecture',
      'CONTRIBUTING.md': 'Contributing',
      'SECURITY.md': 'Security',
      'CHANGELOG.md': 'Changes',
    },
  },
];

/** Address of a page on the site. @param {string} page its path in the repository */
function addressOf(page) {
  if (page === 'README.md') return 'overview/index.html';
  const path = page
    .replace(/^ui\/site\//, '')
    .replace(/(^|\/)(README|index)\.md$/, '$1')
    .replace(/\.md$/, '/');
  return `${path.toLowerCase()}index.html`;
}

/** Way from a page back to the root of the site. */
const rootOf = (page) => '../'.repeat(addressOf(page).split('/').length - 1) || './';

/** @returns address of a link or picture of a page; null: it leads to nothing on the site or elsewhere */
function targetOf(page, link) {
  if (/^[a-z]+:|^#/.test(link)) return link;
  const [file = '', anchor] = link.split('#');
  const path = posix.join(posix.dirname(page), decodeURI(file));
  if (!existsSync(path)) throw new Error(`${page} links to ${link}, which does not exist`);
  const end = anchor === undefined ? '' : `#${anchor}`;
  if (path.endsWith('.md')) return rootOf(page) + addressOf(path) + end;
  if (/\.(png|svg)$/.test(path)) return rootOf(page) + path;
  return SOURCES === null ? null : SOURCES + path + end;
}

/** As GitHub names headings. */
const anchorOf = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function linkPages(markdown) {
  markdown.core.ruler.push('pages', ({ tokens, env }) => {
    const page = env.page.inputPath.replace(/^\.\//, '');
    for (const [index, token] of tokens.entries()) {
      if (token.type === 'heading_open') token.attrSet('id', anchorOf(tokens[index + 1].content));
      let isText = false;
      for (const child of token.children ?? []) {
        if (child.type === 'image') child.attrSet('src', targetOf(page, child.attrGet('src')));
        else if (child.type === 'link_open') {
          const target = targetOf(page, child.attrGet('href'));
          isText = target === null;
          if (isText) Object.assign(child, { tag: 'span', attrs: [] });
          else child.attrSet('href', target);
        } else if (child.type === 'link_close' && isText) {
          child.tag = 'span';
          isText = false;
        }
      }
    }
  });
}

export default function configure(eleventy) {
  const navigation = NAVIGATION.map(({ title, pages, entries = [] }) => ({
    title,
    entries: [...Object.entries(pages).map(([page, label]) => ({ url: addressOf(page), label })), ...entries],
  }));
  const pageOf = ({ page }) => page.inputPath.replace(/^\.\//, '');
  eleventy.amendLibrary('md', linkPages);
  eleventy.addPassthroughCopy('ui/screenshots');
  eleventy.addPassthroughCopy('ui/icon.svg');
  eleventy.addPassthroughCopy('ui/site/layout/site.css');
  eleventy.addPassthroughCopy('test/**/*.svg');
  eleventy.addGlobalData('layout', 'page.njk');
  eleventy.addGlobalData('navigation', navigation);
  eleventy.addGlobalData('eleventyComputed', {
    permalink: (data) => addressOf(pageOf(data)),
    address: (data) => addressOf(pageOf(data)),
    root: (data) => rootOf(pageOf(data)),
    title: ({ page }) => /^# (.+)$/m.exec(page.rawInput)?.[1] ?? 'Unmingle',
  });
  return {
    dir: { input: '.', output: 'dist/site', includes: 'ui/site/layout' },
    templateFormats: ['md'],
    markdownTemplateEngine: false,
  };
}
