/** Comparing reports: what was removed keeps its line in the other file. */
import { describe, expect, it } from 'vitest';
import { inspect } from '../../tools/api/index.ts';
import { comparedReport, nodeChanges, type Report } from '../../tools/inspect/report/index.ts';
import { Folder } from '../cli/harness.ts';

const folder = new Folder();

const netOf = (body: string): string => `from mindspore import nn, ops


class Net(nn.Cell):
    def construct(self, x):
        ${body}
`;

async function reportOf(file: string, body: string): Promise<Report> {
  folder.write(file, netOf(body));
  const inputs = [{ name: 'x', shape: [4], dtype: 'f32' }] as const;
  const { report } = await inspect({ file, folder: folder.path, entry: 'Net()', inputs });
  if (report === null) throw new Error('no report');
  return report;
}

/** Changed ops of the graph with the file and line of each. */
function changesOf({ head, sections }: Report): readonly string[] {
  const [difference] = sections.graph?.comparison?.differences ?? [];
  if (difference === undefined) return [];
  const { nodes, strings } = difference.union;
  return difference.change.flatMap((change, node) => {
    if (nodeChanges[change] === 'same') return [];
    const [position] = head.places[nodes.place[node] ?? 0]?.positions ?? [];
    const line = position === undefined ? '' : `${head.sources[position.file]?.name}:${position.line}`;
    return [`${nodeChanges[change]} ${strings[nodes.name[node] ?? 0]} ${line}`];
  });
}

describe('a report compared', () => {
  it('with another file has the lines of removed ops there', async () => {
    const before = await reportOf('before.py', 'return ops.exp(ops.tanh(x))');
    const after = await reportOf('after.py', 'return ops.exp(x)');
    const compared = comparedReport(after, before, 'before.py');
    expect(changesOf(compared)).toContain('removed ms.tanh before.py:6');
    expect(compared.head.sources.map(({ name }) => name)).toEqual(['after.py', 'before.py']);
    // The places of the report itself keep their numbers.
    expect(compared.head.places.slice(0, after.head.places.length)).toEqual(after.head.places);
  });

  it('with an earlier state of its file tells both apart', async () => {
    const before = await reportOf('net.py', 'return ops.exp(ops.tanh(x))');
    const after = await reportOf('net.py', 'return ops.exp(x)');
    const compared = comparedReport(after, before, 'old.html');
    expect(changesOf(compared)).toContain('removed ms.tanh net.py (old.html):6');
  });

  it('with itself has no changes and no further sources', async () => {
    const report = await reportOf('net.py', 'return ops.exp(x)');
    const compared = comparedReport(report, report, 'net.html');
    expect(changesOf(compared)).toEqual([]);
    expect(compared.head).toEqual(report.head);
  });
});
