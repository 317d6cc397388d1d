/** Reports for page tests: a small one to build on, and the HTML file that a browser opens. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { bundlePage } from '../../tools/build/page.ts';
import type { Cost, CostSection, Place, Report, ReportHead, Sections } from '../../tools/inspect/report/index.ts';
import { type PageFiles, reportHtml } from '../../tools/inspect/write/html.ts';

let folder: string | null = null;
let bundled: Promise<PageFiles> | null = null;
let written = 0;

afterAll(() => {
  if (folder !== null) rmSync(folder, { recursive: true });
});

/** A folder for the tests of a file; it goes when they are done. */
export function reportFolder(): string {
  folder ??= mkdtempSync(join(tmpdir(), 'msc-page-'));
  return folder;
}

/** The page of the working tree, bundled once per test process. */
export function pageFiles(): Promise<PageFiles> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<PageFiles> {
  const built = reportFolder();
  await bundlePage(fileURLToPath(new URL('../../', import.meta.url)), built);
  const read = (name: string): string => readFileSync(join(built, 'tools/inspect/page', name), 'utf8');
  return { script: read('page.js'), style: read('page.css') };
}

/** Writes a report as HTML and gives the path of the file. */
export async function writeReport(report: Report): Promise<string> {
  const path = join(reportFolder(), `report-${written++}.html`);
  writeFileSync(path, reportHtml(report, await pageFiles()));
  return path;
}

/** Source of the sample network, `net.py`. */
export const sampleSource = `import mindspore.nn as nn
from mindspore import ops


class Block(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.dense = nn.Dense(8, 10)

    def construct(self, x):
        x = self.conv(x)
        x = ops.relu(x)
        x = x.mean((2, 3))
        return self.dense(x)
`;

const at = (line: number, cell: string, cellClass: string): Place => ({
  positions: [{ file: 0, line, column: 13 }],
  cell,
  cellClass,
  text: `loc("${cell}"("net.py":${line}:13))`,
});

/** Places of the sample by number: nowhere, conv (line 12), relu (13), mean (14), dense (15), and conv fused with relu. */
export const samplePlaces: readonly Place[] = [
  { positions: [], cell: '', cellClass: '', text: 'unknown' },
  at(12, 'conv', 'Conv2d'),
  at(13, '', ''),
  at(14, '', ''),
  at(15, 'dense', 'Dense'),
  {
    positions: [
      { file: 0, line: 12, column: 13 },
      { file: 0, line: 13, column: 13 },
    ],
    cell: 'conv',
    cellClass: 'Conv2d',
    text: 'loc(fused["net.py":12:13, "net.py":13:13])',
  },
];

/** A small report; give it the sections of your view, and parts of the head that differ. */
export function sampleReport(sections: Partial<Sections> = {}, head: Partial<ReportHead> = {}): Report {
  return {
    head: {
      schema: 1,
      version: '0.0.0',
      subject: {
        command: 'inspect',
        file: 'net.py',
        entry: 'Block()',
        inputs: ['x=1x3x32x32'],
        target: 'ascend910b1',
        cluster: null,
      },
      facts: [{ name: 'simulated time', value: '12.50 us', view: 'kernels' }],
      diagnostics: [],
      sources: [{ name: 'net.py', text: sampleSource }],
      places: samplePlaces,
      ...head,
    },
    sections,
  };
}

const cost = (part: Partial<Cost>): Cost => ({
  ops: 1,
  flops: 0,
  tensorBytes: 0,
  parameters: 0,
  parameterBytes: 0,
  seconds: 0,
  bytes: 0,
  ...part,
});

/** Costs of the sample's places: of 12 us conv takes 8, conv fused with relu 2, dense 2. */
export const sampleCosts: CostSection = {
  kind: 'costs',
  timed: true,
  backward: cost({ ops: 0 }),
  multiplyAdds: 1_500_000,
  total: cost({ ops: 4, flops: 3_600_000, seconds: 12e-6, bytes: 65_536, parameterBytes: 1824, parameters: 456 }),
  places: [
    { place: 1, ...cost({ flops: 3_000_000, seconds: 8e-6, bytes: 32_768, parameters: 224, parameterBytes: 896 }) },
    { place: 5, ...cost({ flops: 400_000, seconds: 2e-6, bytes: 16_384 }) },
    { place: 3, ...cost({ flops: 100_000 }) },
    { place: 4, ...cost({ flops: 100_000, seconds: 2e-6, bytes: 16_384, parameters: 90, parameterBytes: 360 }) },
  ],
  cells: [],
  kinds: [],
};
