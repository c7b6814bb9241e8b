#!/usr/bin/env node
/**
 * The JavaScript peer: `helper <surface> [--root DIR] [--roster FILE]` answers cases from standard
 * input, `version` prints the name and version. Exit codes: 0 the input has ended, 1 a file or
 * stream failed, 2 the command line or the roster is wrong.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as auditBaselines from './src/audit_baselines.mjs';
import * as extractJson from './src/extract_json.mjs';
import { answerLines } from './src/lines.mjs';
import { Refusal } from './src/refusal.mjs';
import * as sessionLog from './src/session_log.mjs';
import * as validate from './src/validate.mjs';
import { readRosterFile } from './src/validate/roster.mjs';

const USAGE = 'usage: peer.mjs helper <surface> [--root DIR] [--roster FILE] | peer.mjs version';

/** For each surface, the factory of its line-answering function. */
const SURFACES = new Map([
  ['extract_json', () => extractJson.answer],
  ['session_log', ({ root }) => sessionLog.answering({ root })],
  ['validate', ({ roster }) => validate.answering({ roster: readRosterFile(roster) })],
  ['audit_baselines', ({ root }) => auditBaselines.answering({ root })],
]);

async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { root: { type: 'string' }, roster: { type: 'string' } },
  });
  const [command, surface, ...rest] = positionals;
  if (command === 'version' && surface === undefined) {
    console.log(version());
    return;
  }
  const make = command === 'helper' && rest.length === 0 ? SURFACES.get(surface) : undefined;
  if (make === undefined) throw new Refusal(USAGE);
  await answerLines(make(values), process.stdin, process.stdout);
}

function version() {
  const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const { bun, node } = process.versions;
  return `${manifest.name} ${manifest.version} (${bun ? `bun ${bun}` : `node ${node}`})`;
}

// A closed reader needs no further answers.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof Refusal || error.code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${isUsage ? error.message : error.stack}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
