/** The pipeline view in a browser, on real compilations. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import type { PipelineSection } from '../../tools/inspect/report/index.ts';
import { record, textSource } from '../inspect/record-pipeline.ts';
import { describeInBrowser, openReport } from './harness.ts';
import { sampleReport, writeReport } from './report-file.ts';

const source = `import mindspore
class Net:
    def construct(self, x):
        y = -x
        z = -y
        d = self.dense(z) + self.bias
        e = ops.exp(d)
        return e * d
`;

const network = `func.func @main(%x: tensor<4x8xf32>, %w: tensor<16x8xf32> {ms.param = "w"}, %b: tensor<16xf32> {ms.param = "b"}) -> tensor<4x16xf32> {
  %0 = ms.neg %x : tensor<4x8xf32> loc("net.py":4:9)
  %1 = ms.neg %0 : tensor<4x8xf32> loc("net.py":5:9)
  %2 = ms.dense %1, %w : (tensor<4x8xf32>, tensor<16x8xf32>) -> tensor<4x16xf32> loc("net.py":6:9)
  %3 = ms.add %2, %b : (tensor<4x16xf32>, tensor<16xf32>) -> tensor<4x16xf32> loc("net.py":6:27)
  %4 = ms.exp %3 : tensor<4x16xf32> loc("net.py":7:9)
  %5 = ms.mul %4, %3 : tensor<4x16xf32> loc("net.py":8:16)
  %6 = ms.transpose %5 {permutation = [1, 0]} : (tensor<4x16xf32>) -> tensor<16x4xf32> loc("net.py":8:16)
  %7 = ms.cast %6 : (tensor<16x4xf32>) -> tensor<16x4xf16> loc("net.py":8:16)
  %8 = ms.cast %7 : (tensor<16x4xf16>) -> tensor<16x4xf32> loc("net.py":8:16)
  %9 = ms.transpose %8 {permutation = [1, 0]} : (tensor<16x4xf32>) -> tensor<4x16xf32> loc("net.py":8:16)
  return %9 : tensor<4x16xf32>
}
`;

const texts = (page: Page, selector: string): Promise<readonly string[]> =>
  page.$$eval(selector, (found) => found.map(({ textContent }) => textContent ?? ''));

const passNames = (page: Page): Promise<readonly string[]> => texts(page, '.pipeline-pass .pipeline-name');

const chosen = (page: Page): Promise<string | null> =>
  page.getAttribute('[aria-label="Passes"] [aria-selected="true"] .pipeline-pass', 'data-pass');

describeInBrowser('the pipeline view', () => {
  let path = '';
  beforeAll(async () => {
    const { section, places } = await record(textSource(network), source);
    path = await writeReport(sampleReport({ pipeline: section }, { sources: places.sources, places: places.places }));
  });

  const open = async (more = '') => {
    const opened = await openReport(path, { hash: `#view=pipeline${more}` });
    await opened.page.waitForSelector('.pipeline-pass');
    return opened;
  };

  it('shows the passes that changed something, the first of them chosen', async () => {
    const { page, errors } = await open();
    const names = await passNames(page);
    expect(names).toContain('canonicalize');
    expect(names).not.toContain('symbol-dce');
    expect(await chosen(page)).toBe('canonicalize');
    expect(await texts(page, '.pipeline-phase b')).toEqual([
      'source',
      'graph',
      'fused',
      'tile',
      'scheduled',
      'program',
    ]);
    const row = (await page.textContent('[data-pass="canonicalize"]')) ?? '';
    expect(row).toContain('−3');
    await page.keyboard.press('u');
    expect(await passNames(page)).toContain('symbol-dce');
    await page.click('button:has-text("changed nothing")');
    expect(await passNames(page)).not.toContain('symbol-dce');
    expect(errors).toEqual([]);
  });

  it('sets the IR before and after side by side, and marks only what changed', async () => {
    const { page, errors } = await open();
    await page.waitForSelector('.cm-merge-b .cm-changedLine');
    const before = await texts(page, '.cm-merge-a .cm-changedLine');
    const after = await texts(page, '.cm-merge-b .cm-changedLine');
    expect(before.join('\n')).toContain('%neg_1 = ms.neg %neg_0');
    expect(after).toHaveLength(1);
    expect(after[0]).toContain('%add_0 = ms.dense %x, %w, %b');
    expect((await texts(page, '.cm-merge-b .cm-line')).some((line) => line.includes('ms.exp %add_0'))).toBe(true);
    expect(errors).toEqual([]);
  });

  it('names each rule with its file and line, and goes to its place in the diff', async () => {
    const { page, errors } = await open();
    await page.click('[data-value="rewrites"]');
    const rows = await texts(page, '[aria-label="Rewrites"] .ui-row');
    const bias = rows.find((row) => row.includes('bias of dense')) ?? '';
    expect(bias).toMatch(/linear\.ts:\d+ms\.addms\.densenet\.py:6/);
    expect(await page.getAttribute('.code[title*="linear.ts"]', 'title')).toMatch(
      /^compiler\/passes\/simplify\/rules\/linear\.ts:\d+$/,
    );
    await page.selectOption('[aria-label="Rule"]', { label: 'dead operation (2)' });
    expect(await page.$$('[aria-label="Rewrites"] .ui-row[role="row"]')).toHaveLength(2);
    await page.selectOption('[aria-label="Rule"]', { index: 0 });
    await page.click('[aria-label="Rewrites"] .ui-row:has-text("bias of dense")');
    await page.waitForSelector('.cm-merge-b .cm-activeLine:has-text("ms.dense")');
    expect(errors).toEqual([]);
  });

  it('lists what was missed and why', async () => {
    const { page, errors } = await open('&passTab=remarks');
    const rows = await texts(page, '[aria-label="Remarks"] .ui-row');
    expect(rows.some((row) => row.includes('f16 does not hold every value of f32'))).toBe(true);
    expect(rows[0].startsWith('missed')).toBe(true);
    expect(errors).toEqual([]);
  });

  it('is driven by keys', async () => {
    const { page, errors } = await open();
    await page.keyboard.press('j');
    expect(await chosen(page)).not.toBe('canonicalize');
    await page.keyboard.press('k');
    expect(await chosen(page)).toBe('canonicalize');
    await page.keyboard.press('i');
    await page.waitForSelector('.pipeline-ir .cm-line');
    await page.keyboard.press('n');
    await page.waitForSelector('.cm-merge-b');
    await page.keyboard.press('n');
    await page.waitForSelector('.cm-merge-b .cm-changedLine.cm-activeLine, .cm-merge-b .cm-activeLine');
    await page.keyboard.press('f');
    await page.keyboard.type('exp');
    expect(await passNames(page)).not.toContain('frontend');
    await page.waitForSelector('.pipeline-hits');
    await page.keyboard.press('Escape');
    expect(errors).toEqual([]);
  });

  it('searches names, rules, remarks and the text that a pass wrote', async () => {
    const { page, errors } = await open();
    await page.fill('.pipeline-view input', 'npu.launch');
    expect((await passNames(page)).map((name) => name.replace(/\d+$/, ''))).toEqual(['lower']);
    await page.click('[data-pass="lower"]');
    await page.waitForSelector('.cm-searchMatch:has-text("npu.launch")');
    await page.fill('.pipeline-view input', 'nothing has this');
    expect(await page.textContent('.pipeline-passes')).toContain('No pass matches');
    expect(errors).toEqual([]);
  });

  it('shows only what came from a line, and leads from a line of IR to it', async () => {
    const { page, errors } = await open('&line=0:6&passTab=rewrites');
    await page.waitForSelector('[aria-label="Rewrites"] .ui-row');
    const rows = await texts(page, '[aria-label="Rewrites"] .ui-row[role="row"]');
    expect(rows.every((row) => row.includes('net.py:6'))).toBe(true);
    await page.keyboard.press('i');
    await page.waitForSelector('.ir-marked:has-text("ms.dense")');
    await page.click('.ir-places .cm-gutterElement:has-text("net.py:7")');
    expect(await page.textContent('.chip b')).toBe('net.py:7');
    await page.waitForSelector('.ir-marked:has-text("ms.exp")');
    expect(await texts(page, '.ir-marked')).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it('chooses a function, and remembers pass and function in the address', async () => {
    const { page, errors } = await open();
    await page.click('[data-pass="schedule"]');
    const options = await texts(page, '[aria-label="Function"] option');
    expect(options.at(-1)).toBe('@main · same');
    expect(options[0]).toMatch(/^@\w+ · changed$/);
    await page.selectOption('select[aria-label="Function"]', 'main');
    expect(await page.textContent('.pipeline-text')).toContain('left @main as it was');
    expect(await page.evaluate('location.hash')).toMatch(/pass=\d+&function=main/);
    expect(errors).toEqual([]);
  });
});

describeInBrowser('a pipeline whose names are HTML', () => {
  it('shows them as text', async () => {
    const evil = '<img src=x onerror="globalThis.broken=true"><script>globalThis.broken=true</script>';
    const remark = { kind: 'missed', rule: 0, op: 0, reason: 0, place: 0, count: 1 } as const;
    const size = { operations: 1, bytes: 4 };
    const section: PipelineSection = {
      kind: 'pipeline',
      passes: [
        {
          name: evil,
          phase: evil,
          partOf: null,
          milliseconds: 1,
          before: size,
          after: size,
          from: 0,
          to: 1,
          rewrites: { rule: [0], op: [0], became: [0], place: [0], count: [1] },
          remarks: [remark],
        },
      ],
      rules: [{ name: evil, file: evil, line: 1 }],
      words: [evil],
      lines: { texts: [evil, `${evil} x`], places: [0, 0] },
      functions: [
        { name: evil, runs: [0, 1], lineCount: 1 },
        { name: evil, runs: [1, 1], lineCount: 1 },
      ],
      snapshots: [[0], [1]],
      omitted: [evil],
    };
    const { page, errors } = await openReport(await writeReport(sampleReport({ pipeline: section })), {
      hash: '#view=pipeline',
    });
    await page.waitForSelector('.cm-merge-b .cm-line');
    for (const tab of ['rewrites', 'remarks', 'ir', 'diff']) {
      await page.click(`[data-value="${tab}"]`);
      expect(await page.textContent('.pipeline-details')).toContain('<img src=x');
    }
    await page.fill('.pipeline-view input', '<img');
    expect(await page.evaluate('globalThis.broken')).toBeUndefined();
    expect(await page.$$('.pipeline-view img, .pipeline-view script')).toEqual([]);
    expect(errors).toEqual([]);
  });
});

describeInBrowser('a pipeline of fifty thousand operations', () => {
  it('is drawn, and its diff is found, without holding up the page', async () => {
    const count = 50_000;
    const line = (index: number, before: number): string => `  %v${index} = ms.add %v${before}, %x : tensor<4xf32>`;
    const before = Array.from({ length: count }, (_, index) => line(index + 1, index));
    const kept = before.map((_, index) => index).filter((index) => index % 100 !== 50);
    const section: PipelineSection = {
      kind: 'pipeline',
      passes: [
        {
          name: 'canonicalize',
          phase: 'graph',
          partOf: null,
          milliseconds: 100,
          before: { operations: count, bytes: 16 * count },
          after: { operations: kept.length, bytes: 16 * kept.length },
          from: 0,
          to: 1,
          rewrites: { rule: [], op: [], became: [], place: [], count: [] },
          remarks: [],
        },
      ],
      rules: [],
      words: [''],
      lines: { texts: before, places: before.map(() => 0) },
      functions: [
        { name: 'main', runs: [0, count], lineCount: count },
        { name: 'main', runs: runs(kept), lineCount: kept.length },
      ],
      snapshots: [[0], [1]],
      omitted: [],
    };
    const { page, errors } = await openReport(await writeReport(sampleReport({ pipeline: section })), {
      hash: '#view=pipeline',
    });
    await page.waitForSelector('.cm-merge-a .cm-changedLine');
    expect(await page.$$('.cm-collapsedLines')).not.toHaveLength(0);
    await page.keyboard.press('n');
    await page.keyboard.press('i');
    await page.waitForSelector('.pipeline-ir .cm-line');
    expect((await page.$$('.pipeline-ir .cm-line')).length).toBeLessThan(400);
    expect(errors).toEqual([]);
  });
});

/** First and length of each run of neighbours. */
function runs(numbers: readonly number[]): readonly number[] {
  const found: number[] = [];
  for (const number of numbers)
    if (found.length > 0 && found[found.length - 2] + found[found.length - 1] === number) found[found.length - 1]++;
    else found.push(number, 1);
  return found;
}
