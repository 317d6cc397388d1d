/**
 * Whether the programs of all ranks meet: every collective with its whole group, every message with its other rank, all
 * in an order that ends. Values are not looked at; a region counts once, since ranks of a group take the same branches.
 */
import type { Diagnostic, Module, Operation, Sources } from '../../ir/index.ts';
import { walk } from '../../ir/index.ts';
import { nextMeeting } from '../../ir/evaluate/index.ts';
import type { Blocked } from '../../ir/evaluate/index.ts';
import { isCollective } from '../../ir/ops/index.ts';
import { mainOf } from './annotations.ts';
import { shardDiagnostics, ShardReport } from './diagnostics.ts';

/** What is wrong with the communication of some programs, rank by rank; empty when they run to their ends. */
export function verifyRanks(ranks: readonly Module[], sources: Sources = new Map()): readonly Diagnostic[] {
  const lines = ranks.map(communicationOf);
  const at = ranks.map(() => 0);
  for (;;) {
    const meeting = nextMeeting(lines.map((line, rank) => line[at[rank]] ?? null));
    if (meeting === null) return [];
    if ('message' in meeting) return [describe(meeting, sources)];
    for (const member of meeting.members) at[member]++;
  }
}

function communicationOf(module: Module): readonly Operation[] {
  const found: Operation[] = [];
  const body = mainOf(module)?.regions[0];
  if (body)
    walk(body, (op) => {
      if (isCollective(op.name)) found.push(op);
    });
  return found;
}

function describe({ message, ranks }: Blocked, sources: Sources): Diagnostic {
  const report = new ShardReport(sources);
  const [first, ...others] = ranks;
  const text = ranks.map(({ rank, text: at }) => `rank ${rank} is at ${at}`).join('; ');
  report.add(
    shardDiagnostics.ranksDisagree,
    first?.location ?? null,
    [message, text],
    others.map(({ rank, text: at, location }) => ({ location, message: `rank ${rank} is at ${at}` })),
  );
  return report.diagnostics[0];
}
