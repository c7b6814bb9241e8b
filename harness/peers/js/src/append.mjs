import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Refusal } from './refusal.mjs';

const LINE_FEED = 0x0a;
const READ_AND_APPEND = constants.O_RDWR | constants.O_APPEND;

/**
 * Appends a line and its line feed to a file with exactly one `write`, so that lines of several
 * processes never mix. A last line without a line feed gets one first. The line is on the disk on
 * return; after an error, the file is as it was. Folders are created as needed.
 *
 * @param {string} path
 * @param {string} line
 * @param {string} refusal The error of the case when that fails; the cause goes to standard error.
 * @param {{start: number, end: number}} [rest] The end of the file as it was read; it is removed
 *   first, unless another writer has added something behind it.
 */
export function appendLine(path, line, refusal, rest) {
  try {
    append(path, line, rest);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    throw new Refusal(refusal);
  }
}

function append(path, line, rest) {
  const { file, isNew } = openForAppending(path);
  try {
    if (rest !== undefined && rest.end === fstatSync(file).size) ftruncateSync(file, rest.start);
    const before = fstatSync(file).size;
    const addition = Buffer.from(`${isTerminated(file, before) ? '' : '\n'}${line}\n`, 'utf8');
    let written = 0;
    try {
      written = writeSync(file, addition);
      if (written !== addition.length) {
        throw new Error(`wrote only ${written} of ${addition.length} bytes to \`${path}\``);
      }
      fdatasyncSync(file);
      if (isNew) syncFolder(dirname(path));
    } catch (error) {
      // Another writer may have added something behind the rest.
      if (written > 0 && fstatSync(file).size === before + written) ftruncateSync(file, before);
      throw error;
    }
  } finally {
    closeSync(file);
  }
}

function openForAppending(path) {
  try {
    // `a+` would create the file, and a new file's folder must be synced.
    return { file: openSync(path, READ_AND_APPEND), isNew: false };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    return { file: openSync(path, 'a+'), isNew: true };
  }
}

function isTerminated(file, size) {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] === LINE_FEED;
}

function syncFolder(path) {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
