import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  formatAmount,
  formatBytes,
  formatCount,
  formatPercent,
  formatSeconds,
  type Report,
} from '../../tools/inspect/report/index.ts';
import { readReport } from '../../tools/inspect/write/read.ts';
import { describeInBrowser, openReport } from './harness.ts';
import { sampleCosts, sampleReport, writeReport } from './report-file.ts';

const report = sampleReport(
  { costs: sampleCosts },
  {
    facts: [
      { name: 'simulated time', value: '12.50 us', view: null },
      { name: 'operations', value: '4', view: 'costs' },
    ],
    diagnostics: [
      { severity: 'warning', code: 'W123', message: 'relu of relu\nsee above', help: 'leave one out', place: 2 },
      { severity: 'error', code: 'E001', message: 'nowhere', help: null, place: 0 },
    ],
  },
);

describe('figures', () => {
  it('read in the unit that suits them', () => {
    expect([0, 1023, 1024, 1_572_864, 58 * 2 ** 30].map(formatBytes)).toEqual([
      '0 B',
      '1023 B',
      '1 KiB',
      '1.50 MiB',
      '58 GiB',
    ]);
    expect([0, 2e-9, 363.65e-6, 1.5e-3, 42, -2e-6].map(formatSeconds)).toEqual([
      '0 s',
      '2 ns',
      '363.6 us',
      '1.50 ms',
      '42 s',
      '-2 us',
    ]);
    expect([0, 999, 8.18e9, 63.06e12].map(formatAmount)).toEqual(['0', '999', '8.18 G', '63.06 T']);
    expect([0, 0.0001, 0.355, 1, 0 / 0].map(formatPercent)).toEqual(['0.0 %', '<0.1 %', '35.5 %', '100.0 %', '']);
    expect(formatCount(1234567)).toBe('1,234,567');
  });
});

/** A section that the source view does not show. */
const otherSections: Report['sections'] = {
  pipeline: {
    kind: 'pipeline',
    passes: [],
    rules: [],
    words: [],
    lines: { texts: [], places: [] },
    functions: [],
    snapshots: [],
    omitted: [],
  },
};

describeInBrowser('the frame of a report', () => {
  it('shows what the report is about, figures, and diagnostics that lead to their line', async () => {
    const { page, errors } = await openReport(await writeReport(report));
    expect(await page.title()).toBe('Block() · msc');
    expect(await page.textContent('.subject')).toBe('Block()net.py · x=1x3x32x32 · ascend910b1');
    expect(await page.textContent('.overview')).toContain('12.50 us');
    expect(await page.textContent('.overview')).toContain('relu of relu');
    await page.click('.overview .ui-row:has-text("nowhere")');
    expect(await page.$('.chip')).toBeNull();
    await page.click('.overview .ui-row:has-text("relu of relu")');
    expect(await page.textContent('.chip b')).toBe('net.py:13');
    expect(await page.evaluate('location.hash')).toBe('#view=source&line=0:13');
    expect(await page.textContent('.cm-line .source-note')).toBe('warning: relu of relu');
    expect(await page.textContent('.source-said')).toBe('warning W123 relu of relu\nsee above\nleave one out');
    await page.click('.chip .clear');
    expect(await page.$('.chip')).toBeNull();
    expect(errors).toEqual([]);
  });

  it('unpacks the head alone, and a section when it is looked at', async () => {
    const unpacked = 'window.unpacked';
    const script = `${unpacked} = 0; const Stream = DecompressionStream;
      DecompressionStream = class extends Stream { constructor(format) { super(format); ${unpacked}++; } };`;
    const path = await writeReport({ ...report, sections: { ...report.sections, ...otherSections } });
    const { page, errors } = await openReport(path, { script, hash: '#view=source' });
    await page.waitForSelector('.source-heat:has-text("10 us")');
    expect(await page.evaluate(unpacked)).toBe(2);
    expect(errors).toEqual([]);
  });

  it('opens views by keys, but not while a field takes text', async () => {
    const { page, errors } = await openReport(await writeReport(report));
    await page.keyboard.press('2');
    expect(await page.textContent('[aria-current="page"]')).toBe('Source');
    await page.keyboard.press('1');
    expect(await page.textContent('[aria-current="page"]')).toBe('Overview');
    await page.keyboard.press('/');
    await page.keyboard.type('2');
    expect(await page.textContent('[aria-current="page"]')).toBe('Overview');
    await page.keyboard.press('Escape');
    expect(await page.$('.palette')).toBeNull();
    await page.keyboard.press('?');
    expect(await page.textContent('.help')).toContain('search everything');
    await page.keyboard.press('?');
    expect(await page.$('.help')).toBeNull();
    expect(errors).toEqual([]);
  });

  it('finds lines, Cells and commands', async () => {
    const { page, errors } = await openReport(await writeReport(report));
    await page.keyboard.press('Control+k');
    await page.keyboard.type('ops relu line');
    await page.waitForSelector('.palette li:has-text("x = ops.relu(x)")');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('location.hash')).toBe('#view=source&line=0:13');
    await page.keyboard.press('/');
    await page.keyboard.type('cell');
    expect(await page.$$eval('.palette li', (found) => found.map(({ textContent }) => textContent))).toEqual([
      'cellconvConv2d',
      'celldenseDense',
      expect.stringContaining('class Block(nn.Cell)'),
    ]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await page.textContent('.chip b')).toBe('dense');
    await page.keyboard.press('/');
    await page.keyboard.type('theme dark');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.documentElement.style.colorScheme')).toBe('dark');
    await page.keyboard.press('/');
    await page.keyboard.type('no such thing');
    expect(await page.textContent('.palette footer')).toBe('Nothing found');
    expect(errors).toEqual([]);
  });

  it('narrows a search to one kind', async () => {
    const { page, errors } = await openReport(await writeReport(report));
    const kinds = (): Promise<readonly (string | null)[]> =>
      page.$$eval('.palette li b', (found) => [...new Set(found.map(({ textContent }) => textContent))]);
    await page.keyboard.press('/');
    await page.keyboard.type('conv');
    await page.waitForSelector('.palette-kinds button:has-text("line")');
    expect(await kinds()).toEqual(['cell', 'line']);
    await page.keyboard.press('Tab');
    expect(await kinds()).toEqual(['cell']);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await kinds()).toEqual(['line']);
    expect(errors).toEqual([]);
  });

  it('has a divider that is moved by pointer and keys, and remembers its place', async () => {
    const { page, errors } = await openReport(await writeReport(report), { hash: '#view=source' });
    const share = async (): Promise<number> =>
      Number(await page.getAttribute('.is-columns > [role="separator"]', 'aria-valuenow'));
    expect(await share()).toBe(66);
    await page.mouse.move(845, 400);
    await page.mouse.down();
    await page.mouse.move(640, 400);
    await page.mouse.up();
    expect(await share()).toBe(50);
    await page.focus('.is-columns > [role="separator"]');
    await page.keyboard.press('ArrowRight');
    expect(await share()).toBe(52);
    await page.keyboard.press('1');
    await page.keyboard.press('2');
    expect(await share()).toBe(52);
    expect(errors).toEqual([]);
  });

  it('works where the browser refuses storage', async () => {
    const script = `Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } });`;
    const { page, errors } = await openReport(await writeReport(report), { script });
    await page.click('[data-open="theme"]');
    expect(await page.textContent('[data-open="theme"]')).toContain('light');
    expect(errors).toEqual([]);
  });

  it('has an address for each view and filter, and goes back and forward', async () => {
    const hash = '#view=source&line=0:12';
    const { page, errors } = await openReport(await writeReport(report), { hash });
    expect(await page.textContent('[aria-current="page"]')).toBe('Source');
    expect(await page.textContent('.chip b')).toBe('net.py:12');
    await page.keyboard.press('Escape');
    await page.click('[data-view="overview"]');
    expect(await page.evaluate('location.hash')).toBe('#view=overview');
    await page.goBack();
    await page.goBack();
    expect(await page.textContent('.chip b')).toBe('net.py:12');
    await page.goForward();
    expect(await page.$('.chip')).toBeNull();
    await page.evaluate('location.hash = "#view=source&cell=conv"');
    await page.waitForSelector('.chip b:has-text("conv")');
    await page.evaluate('location.hash = "#view=source&places=1,4&label=two"');
    await page.waitForSelector('.chip b:has-text("two")');
    await page.evaluate('location.hash = "#view=nothing&line=99:1&places=-1&cell="');
    await page.waitForSelector('[data-view="overview"][aria-current]');
    expect(await page.$('.chip')).toBeNull();
    expect(errors).toEqual([]);
  });

  it('saves the report as JSON that reads back', async () => {
    const { page, errors } = await openReport(await writeReport(report));
    await page.click('[data-open="exports"]');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('.menu [data-export="json"]')]);
    expect(download.suggestedFilename()).toBe('net.report.json');
    expect(readReport(readFileSync(await download.path(), 'utf8'))).toEqual({ ok: true, value: report });
    expect(errors).toEqual([]);
  });

  it.each([
    { width: 1280, height: 800, colorScheme: 'light' as const },
    { width: 1920, height: 1080, colorScheme: 'dark' as const },
    { width: 800, height: 600, colorScheme: 'dark' as const },
  ])('fits a window of $width x $height', async (options) => {
    const path = await writeReport(report);
    const { page, errors } = await openReport(path, { ...options, hash: '#view=source&line=0:12' });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBe(0);
    const background = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    expect(background).toBe(options.colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(22, 24, 29)');
    expect(errors).toEqual([]);
  });
});
