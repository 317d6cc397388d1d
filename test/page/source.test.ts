import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, openReport } from './harness.ts';
import { sampleCosts, sampleReport, sampleSource, writeReport } from './report-file.ts';

const hash = '#view=source';
const report = sampleReport({ costs: sampleCosts });

const heat = (page: Page): Promise<readonly string[]> =>
  page.$$eval('.source-heat-gutter .source-heat', (cells) =>
    cells.map(({ textContent }) => textContent ?? '').slice(1),
  );

const line = (number: number): string => `.cm-content > .cm-line:nth-child(${number})`;

describeInBrowser('the source view', () => {
  it('colours lines by time, bytes or operations', async () => {
    const { page, errors } = await openReport(await writeReport(report), { hash });
    await page.waitForSelector('.source-heat-gutter .source-heat:has-text("10 us")');
    expect(await heat(page)).toEqual(['10 us', '2 us']);
    expect(await page.textContent('[aria-label="Hot lines"] .ui-row')).toContain('net.py:12');
    await page.click('[data-value="bytes"]');
    expect(await heat(page)).toEqual(['48 KiB', '16 KiB']);
    await page.click('[data-value="flops"]');
    expect(await heat(page)).toEqual(['3.40 M', '100 k', '100 k']);
    expect(errors).toEqual([]);
  });

  it('filters all views by a line, and a second click gives it up', async () => {
    const { page, errors } = await openReport(await writeReport(report), { hash });
    await page.click(line(12));
    expect(await page.textContent('.chip b')).toBe('net.py:12');
    expect(await page.textContent('.source-panel')).toContain('x = self.conv(x)');
    expect(await page.textContent('.source-panel')).toContain('83.3 %');
    expect(await page.textContent('.source-cells')).toContain('Conv2d');
    expect(await page.getAttribute(line(12), 'class')).toContain('source-shown');
    expect(await page.evaluate('location.hash')).toBe('#view=source&line=0:12');
    await page.click(line(12));
    expect(await page.$('.chip')).toBeNull();
    await page.click(line(4)); // nothing came from it
    expect(await page.$('.chip')).toBeNull();
    expect(errors).toEqual([]);
  });

  it('is driven by keys', async () => {
    const { page, errors } = await openReport(await writeReport(report), { hash });
    await page.focus('.cm-content');
    for (let step = 0; step < 12; step++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await page.textContent('.chip b')).toBe('net.py:13');
    await page.keyboard.press('Enter');
    expect(await page.$('.chip')).toBeNull();
    await page.focus('[aria-label="Hot lines"]');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    expect(await page.textContent('.chip b')).toBe('net.py:15');
    expect(errors).toEqual([]);
  });

  it('marks the lines that a Cell came from', async () => {
    const { page, errors } = await openReport(await writeReport(report), { hash: '#view=source&cell=conv' });
    await page.waitForSelector('.source-shown');
    expect(await page.$$eval('.source-shown', (lines) => lines.map(({ textContent }) => textContent?.trim()))).toEqual([
      'x = self.conv(x)',
      'x = ops.relu(x)',
    ]);
    expect(errors).toEqual([]);
  });

  it('shows several files, and a report without costs', async () => {
    const sources = [
      { name: 'net.py', text: sampleSource },
      { name: 'layers/block.py', text: 'def f(x):\n    return x\n' },
    ];
    const { page, errors } = await openReport(await writeReport(sampleReport({}, { sources })), { hash });
    await page.selectOption('select[aria-label="File"]', { label: 'layers/block.py' });
    await page.waitForSelector('.cm-line:has-text("def f(x)")');
    expect(await page.evaluate('location.hash')).toBe('#view=source&file=1');
    expect(await page.textContent('.source-view')).toContain('This report has no costs');
    expect(await page.$('[data-value="bytes"]')).toBeNull();
    expect(errors).toEqual([]);
  });

  it('shows operations alone where nothing was timed', async () => {
    const costs = { ...sampleCosts, timed: false };
    const { page, errors } = await openReport(await writeReport(sampleReport({ costs })), { hash });
    await page.waitForSelector('.source-heat:has-text("3.40 M")');
    expect(await page.$('[data-value="seconds"]')).toBeNull();
    expect(errors).toEqual([]);
  });

  it('scrolls and sorts a hundred thousand lines', async () => {
    const count = 100_000;
    const numbers = Array.from({ length: count }, (_, index) => index);
    const [first] = sampleCosts.places;
    if (first === undefined) throw new Error('the sample has costs');
    const long = sampleReport(
      {
        costs: {
          ...sampleCosts,
          places: numbers.map((place) => ({ ...first, place, seconds: (place % 1000) * 1e-6 })),
        },
      },
      {
        sources: [{ name: 'net.py', text: numbers.map((line) => `x = ${line}`).join('\n') }],
        places: numbers.map((line) => ({
          positions: [{ file: 0, line: line + 1, column: 1 }],
          cell: '',
          cellClass: '',
          text: '',
        })),
      },
    );
    const { page, errors } = await openReport(await writeReport(long), { hash: '#view=source&line=0:90001' });
    await page.waitForSelector('.source-chosen:has-text("x = 90000")');
    const rows = '[aria-label="Hot lines"] .ui-row';
    await page.waitForSelector(`${rows}:has-text("x = 999")`);
    expect(await page.locator(rows).count()).toBeLessThan(100);
    await page.click('[role="columnheader"]:has-text("Time") button');
    await page.click('[role="columnheader"]:has-text("Time") button');
    await page.waitForSelector(`${rows}:has-text("1 us")`);
    await page.focus('[aria-label="Hot lines"]');
    await page.keyboard.press('End');
    await page.waitForSelector(`${rows}.at-cursor:has-text("999.0 us")`);
    expect(await page.locator(rows).count()).toBeLessThan(100);
    expect(errors).toEqual([]);
  });
});
