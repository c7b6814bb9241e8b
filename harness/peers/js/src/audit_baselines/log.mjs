/** The log: one entry per line, skipping lines of white space. */

import { Json } from '../json/value.mjs';
import { Refusal } from '../refusal.mjs';
import { decodeUtf8 } from '../text.mjs';
import { parseEntry } from './entry.mjs';

/** Reads logs, and remembers the checked part of a log that only grows. */
export class LogReader {
  /** The checked lines as text, their number, and their entries. */
  #checked = { text: '', lines: 0, entries: [] };

  /**
   * Checks and returns every entry of a log.
   *
   * @param {string} log
   * @returns {import('./entry.mjs').Entry[]}
   * @throws {Refusal} `line 3: …` for the first bad one
   */
  read(log) {
    const isGrown = log.startsWith(this.#checked.text);
    const { text, lines, entries } = isGrown ? this.#checked : { text: '', lines: 0, entries: [] };
    const added = log.slice(text.length).split('\n');
    const cut = added.pop();
    const whole = [...entries, ...readLines(added, lines)];
    this.#checked = {
      text: log.slice(0, log.length - cut.length),
      lines: lines + added.length,
      entries: whole,
    };
    return [...whole, ...readLines([cut], lines + added.length)];
  }
}

/**
 * The text that appends an entry to a log.
 *
 * @param {string} log
 * @param {import('./entry.mjs').Entry} entry
 * @returns {string}
 */
export function appendix(log, entry) {
  const isCut = log !== '' && !log.endsWith('\n');
  return `${isCut ? '\n' : ''}${entry.text}\n`;
}

/**
 * The bytes of a log's file without the rest of an append that was cut short: a last line without a
 * line feed that is not JSON.
 *
 * @param {Uint8Array} content
 * @returns {Uint8Array}
 */
export function acknowledged(content) {
  const start = content.lastIndexOf(0x0a) + 1;
  const last = decodeUtf8(content.subarray(start));
  if (last !== undefined && !/[^ \t\r]/.test(last)) return content;
  const isCutShort = last === undefined || Json.parse(last) === undefined;
  return isCutShort ? content.subarray(0, start) : content;
}

/**
 * Runs `work`, and puts the label before a refusal.
 *
 * @template T
 * @param {string} label
 * @param {() => T} work
 * @returns {T}
 */
export function labelled(label, work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(`${label}: ${error.message}`);
    throw error;
  }
}

function readLines(lines, before) {
  const entries = [];
  for (const [at, line] of lines.entries()) {
    if (!/[^ \t\r]/.test(line)) continue;
    entries.push(labelled(`line ${before + at + 1}`, () => parseEntry(line)));
  }
  return entries;
}
