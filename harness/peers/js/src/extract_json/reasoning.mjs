/** A model's text without its reasoning. */

import { Scanner } from '../json/scan.mjs';

const FAMILY = ['think', 'thinking', 'thought', 'thoughts', 'thought_process'];
const OTHERS = [
  'reasoning',
  'reflection',
  'scratchpad',
  'analysis',
  'rationale',
  'monologue',
  'inner_monologue',
  'internal_monologue',
  'chain_of_thought',
  'cot',
  'deliberation',
];
/** The family of each name. */
const FAMILIES = new Map([
  ...FAMILY.map((name) => [name, 'think']),
  ...OTHERS.map((name) => [name, name]),
]);

const SPACE = '[ \\t\\n\\r]';
const NAME = `(?:${[...FAMILIES.keys()].map((name) => name.replaceAll('_', '[_-]')).join('|')})(?![A-Za-z_-])`;
/** Between parts of a special token's word. */
const _ = '[_-]';

/** The forms of marks; the first that matches counts. */
const FORMS = [
  { form: 'half', opens: '<\\|channel>' },
  { form: 'half', closes: '<channel\\|>', alone: true },
  { form: 'final', final: `<\\|channel\\|>${SPACE}*final(?![A-Za-z])` },
  { form: 'channel', opens: '<\\|channel\\|>' },
  { form: 'end', closes: '<\\|end\\|>' },
  { form: 'channel', closes: '<\\|(?:return|call|start)\\|>' },
  { form: 'token', opens: `<\\|(?:(?:begin|start)${_}(?:of${_})?)?(?<name>${NAME})\\|>` },
  { form: 'plain', closes: `<\\|(?:/|end${_}(?:of${_})?)(?<name>${NAME})\\|>`, alone: true },
  { form: 'plain', opens: tag('') },
  { form: 'plain', closes: tag('/'), alone: true },
  { form: 'plain', opens: '\\[(?<name>think(?:ing)?)\\]' },
  { form: 'plain', closes: '\\[/(?<name>think(?:ing)?)\\]', alone: true },
  { form: 'plain', opens: `◁(?<name>${NAME})▷` },
  { form: 'plain', closes: `◁/(?<name>${NAME})▷`, alone: true },
].map((mark) => ({ ...mark, pattern: new RegExp(mark.opens ?? mark.closes ?? mark.final, 'iy') }));

/** The mark of the final channel in a text that has lost its special tokens. */
const BARE_FINAL = 'assistantfinal';
const BARE_START = /[ \t\n\r]*(?=analysis[A-Z])/y;

function tag(slash) {
  return `<${slash}(?:[A-Za-z]+:)?(?<name>${NAME})(?:>|${SPACE}(?:[^<>]*[^<>/])?>)`;
}

/**
 * The text with each part that is reasoning as one space.
 *
 * @param {string} text
 * @returns {string}
 */
export function withoutReasoning(text) {
  let shown = '';
  let from = 0;
  for (const { start, end } of hiddenParts(text)) {
    shown += `${text.slice(from, start)} `;
    from = end;
  }
  return shown + text.slice(from);
}

/** @returns {Array<{start: number, end: number}>} */
function hiddenParts(text) {
  let hidden = [];
  let open;
  let at = 0;
  const scanner = new Scanner(text, { rawControls: true });
  BARE_START.lastIndex = 0;
  const isBare = BARE_START.test(text);
  if (isBare) {
    at = BARE_START.lastIndex;
    open = { form: 'channel', start: at };
  }
  const hideAllBefore = (end) => {
    hidden = [{ start: 0, end }];
    open = undefined;
  };
  const candidate = isBare ? /[<[◁{a]/g : /[<[◁{]/g;
  for (;;) {
    candidate.lastIndex = at;
    const found = candidate.exec(text);
    if (found === null) break;
    at = found.index;
    if (found[0] === '{') {
      const end = open === undefined && !scanner.isBroken(at) ? scanner.value(at) : -1;
      at = end === -1 ? at + 1 : end;
      continue;
    }
    const mark = found[0] === 'a' ? bareFinal(text, at) : markAt(text, at);
    if (mark === undefined) {
      at += 1;
      continue;
    }
    const start = at;
    at = mark.end;
    if (mark.final) {
      hideAllBefore(at);
    } else if (open === undefined) {
      if (mark.opens) open = { ...mark, start };
      else if (mark.alone) hideAllBefore(at);
    } else if (closes(mark, open)) {
      hidden.push({ start: open.start, end: at });
      open = undefined;
    }
  }
  if (open !== undefined) hidden.push({ start: open.start, end: text.length });
  return hidden;
}

function bareFinal(text, at) {
  return text.startsWith(BARE_FINAL, at) ? { final: true, end: at + BARE_FINAL.length } : undefined;
}

function markAt(text, at) {
  for (const { pattern, ...mark } of FORMS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) continue;
    const name = found.groups?.name?.toLowerCase().replaceAll('-', '_');
    return { ...mark, family: FAMILIES.get(name), end: pattern.lastIndex };
  }
  return undefined;
}

/** Whether `mark` closes the mark that is open. */
function closes(mark, open) {
  if (!mark.closes) return false;
  switch (open.form) {
    case 'plain':
      return mark.form === 'plain' && mark.family === open.family;
    case 'token':
      return mark.form === 'end' || (mark.form === 'plain' && mark.family === open.family);
    case 'channel':
      return mark.form === 'end' || mark.form === 'channel';
    default:
      return mark.form === open.form;
  }
}
