import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAULT_RESULTS, FaultResults } from '../../lib/docs/faults-table';
import { ALL_FAULTS, type Result } from './fault-rounds';
import { nameOf } from './worker-calls';

/**
 * Keeps what faults came to in `docs/faults.json`, of which `npm run docs` makes the table of docs/production.md: a
 * cell's newest result with its day. The faults of the ordinary run are tried each time, and not kept.
 */
export async function keepFaults(results: readonly Result[]): Promise<void> {
  if (!ALL_FAULTS) return;
  const path = join(__dirname, '../..', FAULT_RESULTS);
  const kept = FaultResults.parse(JSON.parse(await readFile(path, 'utf8')));
  const tried = results
    .filter(({ happened }) => happened)
    .map(({ call, kind, outcome }) => ({
      call: nameOf(call),
      kind,
      outcome,
      on: new Date().toISOString().slice(0, 10),
    }));
  const cells = new Map([...kept, ...tried].map((one) => [`${one.call} ${one.kind}`, one]));
  const sorted = [...cells].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, cell]) => cell);
  await writeFile(path, `[\n${sorted.map(lineOf).join(',\n')}\n]\n`);
}

/** A line each, so that a difference shows which. */
const lineOf = (cell: object): string => `  ${JSON.stringify(cell, undefined, 1).replace(/\n\s*/g, ' ')}`;
