import { parseAst } from 'vite';

/** Names of units and of the program, which are the same in every language. */
const ALLOWED_WORDS = ['dB', 'ms', 's', 'min', 'h', 'Hz', 'kHz', 'k', 'ppm', 'kB', 'MB', 'GB', 'Unmingle'];

/** Attributes and properties whose value is shown or spoken. */
const TEXT_ATTRIBUTES = [
  ...['title', 'alt', 'label', 'placeholder', 'hint', 'text', 'button', 'detail'],
  ...['aria-label', 'aria-description', 'aria-placeholder', 'aria-roledescription', 'aria-valuetext'],
];
const TEXT_PROPERTIES = ['title', 'label', 'placeholder', 'hint', 'text'];
const TEXT_FIELDS = ['textContent', 'innerText', 'title', 'placeholder', 'ariaLabel'];
/** Methods whose first argument is shown: of notices and of canvases. */
const SHOWING_METHODS = ['show', 'problem', 'fillText', 'strokeText'];

/** Attributes that may hold several words which nobody sees. */
const CODE_ATTRIBUTES = ['class', 'accept', 'aria-keyshortcuts', 'viewBox', 'd'];
const CODE_FIELDS = ['font'];
/** Functions and methods whose arguments are selectors and queries. */
const CODE_CALLS = ['matchMedia', 'matches', 'closest', 'querySelector', 'querySelectorAll'];
const COLOUR = /^#[0-9a-f]{3,8}$/i;
/** Two words, in a place that none of the lists above names. */
const WORDS = /\p{L}{2,}[,:;.]? \p{L}{2,}/u;

interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/**
 * Finds texts for users that stand in the code instead of `ui/texts`: in JSX, in attributes and properties that are shown, in calls that show
 * their argument, and every other string of two words or more. A single word elsewhere, such as `return 'silent'`, is not found.
 * @param source TypeScript with JSX
 * @returns the line and text of each
 */
export function strayTexts(source: string): { readonly line: number; readonly text: string }[] {
  const found = new Map<number, string>();
  const report = (literals: Iterable<SyntaxNode>) => {
    for (const literal of literals) if (hasWords(textOf(literal))) found.set(literal.start, textOf(literal).trim());
  };
  const visit = (node: SyntaxNode, isCode: boolean) => {
    const isInCode = isCode || holdsCode(node);
    report(shownParts(node).flatMap(literalsOf));
    if (!isInCode && isLiteral(node) && WORDS.test(textOf(node))) report([node]);
    for (const child of childrenOf(node)) visit(child, isInCode);
  };
  visit(parseAst(source, { lang: 'tsx' }) as unknown as SyntaxNode, false);
  return [...found]
    .sort(([one], [other]) => one - other)
    .map(([start, text]) => ({ line: source.slice(0, start).split('\n').length, text }));
}

/** The expressions in this node that users see. */
function shownParts(node: SyntaxNode): SyntaxNode[] {
  switch (node.type) {
    case 'JSXText':
      return [node];
    case 'JSXElement':
    case 'JSXFragment':
      return nodesIn(node.children).filter(({ type }) => type === 'JSXExpressionContainer');
    case 'JSXAttribute':
      return TEXT_ATTRIBUTES.includes(nameOf(node.name)) ? nodesIn(node.value) : [];
    case 'Property':
      return TEXT_PROPERTIES.includes(nameOf(node.key)) ? nodesIn(node.value) : [];
    case 'AssignmentExpression':
      return TEXT_FIELDS.includes(propertyOf(node.left)) ? nodesIn(node.right) : [];
    case 'CallExpression':
      return SHOWING_METHODS.includes(propertyOf(node.callee)) ? nodesIn(node.arguments).slice(0, 1) : [];
    default:
      return [];
  }
}

/** The strings that an expression may be or contain; those that it passes to functions or compares are not. */
function literalsOf(node: SyntaxNode): SyntaxNode[] {
  if (isLiteral(node)) return [node];
  switch (node.type) {
    case 'JSXExpressionContainer':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return nodesIn(node.expression).flatMap(literalsOf);
    case 'ConditionalExpression':
      return [...nodesIn(node.consequent), ...nodesIn(node.alternate)].flatMap(literalsOf);
    case 'LogicalExpression':
      return [...nodesIn(node.left), ...nodesIn(node.right)].flatMap(literalsOf);
    case 'BinaryExpression':
      return node.operator === '+' ? [...nodesIn(node.left), ...nodesIn(node.right)].flatMap(literalsOf) : [];
    case 'TemplateLiteral':
      return [...nodesIn(node.quasis), ...nodesIn(node.expressions).flatMap(literalsOf)];
    default:
      return [];
  }
}

/** Whether strings of several words in this node are classes, imports, fonts, selectors or messages of exceptions. */
function holdsCode(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'TSLiteralType':
      return true;
    case 'JSXAttribute':
      return CODE_ATTRIBUTES.includes(nameOf(node.name));
    case 'AssignmentExpression':
      return CODE_FIELDS.includes(propertyOf(node.left));
    case 'CallExpression':
      return CODE_CALLS.includes(propertyOf(node.callee) || nameOf(node.callee));
    case 'NewExpression':
      return /(Error|Exception)$/.test(nameOf(node.callee));
    default:
      return false;
  }
}

function isLiteral(node: SyntaxNode): boolean {
  return node.type === 'TemplateElement' || node.type === 'JSXText' || typeof node.value === 'string';
}

function textOf({ value }: SyntaxNode): string {
  if (typeof value === 'string') return value;
  return String((value as { readonly cooked?: unknown } | null)?.cooked ?? '');
}

function hasWords(text: string): boolean {
  if (COLOUR.test(text)) return false;
  return (text.match(/\p{L}+/gu) ?? []).some((word) => !ALLOWED_WORDS.includes(word));
}

/** Name of an identifier, of an attribute or of a quoted key. */
function nameOf(node: unknown): string {
  return isNode(node) ? String(node.name ?? node.value ?? '') : '';
}

function propertyOf(node: unknown): string {
  return isNode(node) && node.type === 'MemberExpression' ? nameOf(node.property) : '';
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node).flatMap(nodesIn);
}

function nodesIn(value: unknown): SyntaxNode[] {
  return (Array.isArray(value) ? value : [value]).filter(isNode);
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof (value as SyntaxNode | null | undefined)?.type === 'string';
}
