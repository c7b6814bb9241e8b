import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Refusal } from './refusal.mjs';

/**
 * Appends to a file with exactly one `write`, so that lines of several processes never mix.
 * It creates folders as needed.
 *
 * @param {string} path
 * @param {string} text
 * @param {string} refusal The error of the case when that fails; the cause goes to standard error.
 */
export function appendAtOnce(path, text, refusal) {
  try {
    append(path, text);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    throw new Refusal(refusal);
  }
}

function append(path, text) {
  const bytes = Buffer.from(text, 'utf8');
  const file = openForAppending(path);
  try {
    const written = writeSync(file, bytes);
    if (written !== bytes.length) {
      throw new Error(`wrote only ${written} of ${bytes.length} bytes to \`${path}\``);
    }
  } finally {
    closeSync(file);
  }
}

function openForAppending(path) {
  try {
    return openSync(path, 'a');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a');
  }
}
