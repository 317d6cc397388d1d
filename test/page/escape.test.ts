/** Whatever a network is called, it shows as text; nothing of it runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readReport } from '../../tools/inspect/write/read.ts';
import { reportHtml } from '../../tools/inspect/write/html.ts';
import type { Report } from '../../tools/inspect/report/index.ts';
import { Folder } from '../cli/harness.ts';
import { describeInBrowser, openReport } from './harness.ts';
import { pageFiles, sampleCosts, samplePlaces, sampleReport, writeReport } from './report-file.ts';

const attacks = [
  '</script><script>window.pwned=1</script>',
  '<img src=x onerror="window.pwned=1">',
  `"'\`><svg onload=window.pwned=1>`,
  '<!--<script>',
  ']]>--></style><style>*{display:none}</style>',
  '\u2028\u2029\u0000\uFEFF',
  '\uD800 lone \uDC00 surrogates',
  'javascript:window.pwned=1',
  '${window.pwned=1}{{constructor}}',
  '__proto__',
];

/** A report in which everything that is text is an attack: each field takes the next. */
function attackedReport(start: number): Report {
  let index = start;
  const attack = (): string => attacks[index++ % attacks.length] ?? '';
  return sampleReport(
    { costs: { ...sampleCosts, kinds: [{ name: attack(), ops: 1, flops: 1, tensorBytes: 1 }] } },
    {
      version: attack(),
      subject: {
        command: 'inspect',
        file: attack(),
        entry: attack(),
        inputs: [attack(), attack()],
        target: attack(),
        cluster: attack(),
      },
      facts: attacks.map(() => ({ name: attack(), value: attack(), view: null })),
      diagnostics: attacks.map(() => ({
        severity: 'warning',
        code: attack(),
        message: attack(),
        help: attack(),
        place: 1,
      })),
      sources: [{ name: attack(), text: [...attacks, ...attacks].join('\n') }],
      places: samplePlaces.map((place) => ({ ...place, cell: attack(), cellClass: attack(), text: attack() })),
    },
  );
}

describe('a report in HTML', () => {
  it('reads back as it was', async () => {
    const page = await pageFiles();
    for (const start of attacks.keys()) {
      const report = attackedReport(start);
      expect(readReport(reportHtml(report, page))).toEqual({ ok: true, value: report });
      expect(readReport(JSON.stringify(report))).toEqual({ ok: true, value: report });
      expect(readReport(JSON.stringify({ files: [], report }))).toEqual({ ok: true, value: report });
    }
  });

  it('says why a file is no report', async () => {
    const html = reportHtml(sampleReport({ costs: sampleCosts }), await pageFiles());
    const error = (text: string): string => {
      const read = readReport(text);
      return read.ok ? 'a report' : read.error;
    };
    expect(error('')).toBe('no report: the page holds none');
    expect(error('{"a": 1}')).toBe('no report: the JSON has no head and sections');
    expect(error('{')).toMatch(/^no report: /);
    expect(error(html.replace(/(data-section="costs">)..../, '$1AAAA'))).toMatch(
      /^the report is damaged: section 'costs': /,
    );
    expect(error(JSON.stringify({ head: { schema: 2 }, sections: {} }))).toBe(
      'the report is of another version of msc: schema 2, this one reads 1',
    );
    const { head } = sampleReport();
    expect(error(JSON.stringify({ head: { ...head, places: [{ positions: [{ file: 'x' }] }] }, sections: {} }))).toBe(
      'the report is damaged: head.places[0].positions[0].file is no number',
    );
    expect(error(JSON.stringify({ head, sections: { costs: { kind: 'plan' } } }))).toBe(
      "the report is damaged: section 'costs' is something else",
    );
  });
});

/** A network whose file, Cells, parameters and text are attacks. */
const network = `from collections import OrderedDict
import numpy as np
import mindspore.nn as nn
from mindspore import Parameter, Tensor, ops

NAME = "</script><img src=x onerror='pwned=1'>"


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.body = nn.SequentialCell(OrderedDict([(NAME, nn.Dense(64, 64)), ("<!--<script>", nn.ReLU())]))
        self.weight = Parameter(Tensor(np.ones((64, 64), np.float32)), name=NAME)

    def construct(self, x):
        return ops.softmax(ops.matmul(self.body(x), self.weight))  # </script><script>window.pwned=1</script>
`;

/** What an attack would leave behind, in the page. */
const traces = `({
  pwned: window.pwned,
  images: document.querySelectorAll('img[src], svg[onload]').length,
  scripts: document.querySelectorAll('script:not([data-section])').length,
})`;

describeInBrowser('a report whose names are HTML and script', () => {
  /** Opens every view, looks at everything that a search finds there, and looks for traces. */
  async function lookEverywhere(path: string): Promise<readonly (string | null)[]> {
    const { page, errors } = await openReport(path);
    const views = await page.$$eval('[data-view]', (tabs) => tabs.map((tab) => tab.getAttribute('data-view')));
    for (const view of views) {
      await page.click(`[data-view="${view}"]`);
      await page.waitForSelector('main :not(.ui-empty)');
      await page.keyboard.press('/');
      for (const word of ['script', 'img', 'e']) await page.fill('.palette input', word);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
    }
    await page.evaluate('location.hash = "#view=source&cell=" + encodeURIComponent("<img src=x onerror=pwned=1>")');
    await page.waitForSelector('.chip');
    expect(await page.evaluate(traces)).toEqual({ pwned: undefined, images: 0, scripts: 1 });
    expect(errors).toEqual([]);
    return views;
  }

  it.each([0, 5])('shows them as text (%i)', async (start) => {
    expect(await lookEverywhere(await writeReport(attackedReport(start)))).toContain('source');
  });

  const folder = new Folder();
  const file = folder.write('<img src=x onerror=window.pwned=1>.py', network);
  const subject = [file, '--entry', 'Net()', '--input', 'x=4x64'];
  const cluster = ['--cluster', '910b1:1x2'];

  it.each([
    {
      what: 'a compilation',
      argv: ['inspect', ...subject],
      views: ['source', 'pipeline', 'graph', 'kernels', 'memory'],
    },
    { what: 'a plan', argv: ['plan', ...subject, ...cluster, '--global-batch', '4'], views: ['plan'] },
    { what: 'ranks', argv: ['inspect', ...subject, ...cluster, '--plan', 'auto'], views: ['ranks', 'memory'] },
  ])('shows what the compiler made of a network: $what', async ({ argv, views }) => {
    const made = await folder.run(...argv, argv[0] === 'plan' ? '--report' : '-o', 'report.html');
    expect(made.code, made.err).toBe(0);
    const report = readReport(readFileSync(join(folder.path, 'report.html'), 'utf8'));
    if (!report.ok) throw new Error(report.error);
    expect(await lookEverywhere(await writeReport(report.value))).toEqual(expect.arrayContaining(views));
  });

  it('shows a name letter by letter', async () => {
    const attack = '</script><script>window.pwned=1</script>';
    const report = attackedReport(0);
    const head = { ...report.head, subject: { ...report.head.subject, entry: attack } };
    const { page } = await openReport(await writeReport({ ...report, head }));
    expect(await page.title()).toBe(`${attack} · msc`);
    expect(await page.textContent('.subject strong')).toBe(attack);
    await page.click('[data-view="source"]');
    await page.waitForSelector('.cm-line');
    expect(await page.textContent('.cm-line')).toBe(attack);
  });
});
