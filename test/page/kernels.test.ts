/** The kernels view in a browser: launches, the timeline with its flags, instructions, tiles, utilization, roofline. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { KernelSection } from '../../tools/inspect/report/index.ts';
import { assemblyProgram, lenet, sectioned } from '../inspect/kernel-section.ts';
import { describeInBrowser, openReport, type PageOptions } from './harness.ts';
import { sampleReport, writeReport } from './report-file.ts';

const VADD = 'vadd_f32 0x20000, 0, 0x10100, 64, 1, 1, 1, 8, 8, 8';
const LOAD = 'copy_gm_to_ubuf 0, X0, 0, 1, 1024, 0, 0';
/** A transfer that a vector instruction waits for, on line 12 and 13 of the sample. */
const flagged = sectioned(
  assemblyProgram(
    `.loc 0\n${LOAD}\nset_flag PIPE_MTE2, PIPE_V, 3\nwait_flag PIPE_MTE2, PIPE_V, 3\n${VADD}\nend`,
    [{ location: 0 }, { location: 1 }],
    ['"net.py":12:13', '"net.py":13:13'],
  ),
  null,
);

async function open(section: KernelSection, head: object, options?: PageOptions) {
  const opened = await openReport(await writeReport(sampleReport({ kernels: section }, head)), options);
  await opened.page.click('[data-view="kernels"]');
  await opened.page.waitForSelector('.kernel-panel');
  return opened;
}

const openLenet = (options?: PageOptions) => {
  const { section, head } = lenet();
  return open(section, { places: head.places, sources: head.sources }, options);
};
const openFlagged = () =>
  open(flagged.section, {
    places: flagged.head.places,
    sources: flagged.head.sources.map((source) => ({ ...source, name: 'net.py' })),
  });

const tab = (page: Page, name: string) => page.click(`.kernel-panel [data-value="${name}"]`);
const rows = (page: Page, label: string) =>
  page.locator(`[aria-label="${label}"] [role="row"][aria-rowindex]:not([aria-rowindex="1"])`);

/** A point of the timeline: `lane` counts lanes below the first core's name, `share` goes from the start to the end of the axis. */
async function pointOf(page: Page, lane: number, share: number) {
  const box = await page.locator('.timeline-layers canvas').first().boundingBox();
  if (box === null) throw new Error('no timeline');
  return { x: box.x + 64 + (box.width - 64) * share, y: box.y + 22 + 20 + 20 * lane + 10 };
}

/** The length of the visible part in cycles, as the panel beside the lanes says it. */
async function visibleCycles(page: Page): Promise<number> {
  const text = (await page.textContent('.range-facts p')) ?? '';
  return Number(/^([\d,]+) cycles/.exec(text)?.[1]?.replaceAll(',', ''));
}

describeInBrowser('kernels', () => {
  it('lists all launches, sorts them, filters them by name, and opens the longest', async () => {
    const { page, errors } = await openLenet();
    expect(await rows(page, 'Launches').count()).toBe(9);
    expect(await page.textContent('.kernel-panel .code')).toBe('matmul_f32_0');
    await page.click('[role="columnheader"] button:has-text("Time")');
    expect(await rows(page, 'Launches').first().textContent()).toContain('matmul_f32_0');
    await page.fill('[aria-label="Filter launches"]', 'conv');
    expect(await rows(page, 'Launches').count()).toBe(2);
    await rows(page, 'Launches').first().click();
    expect(await page.textContent('.kernel-panel .code')).toMatch(/^conv2d/);
    expect(await page.evaluate('location.hash')).toMatch(/launch=\d/);
    expect(errors).toEqual([]);
  });

  it('follows the filter of the page', async () => {
    const { page, errors } = await openLenet();
    // Line 21 has a convolution, which takes two launches, and a pool.
    await rows(page, 'Launches').locator('.place-link').first().click();
    expect(await rows(page, 'Launches').count()).toBe(3);
    await tab(page, 'instructions');
    expect(await page.locator('[aria-label="Instructions"] .is-faint').count()).toBe(0);
    await page.keyboard.press('Escape');
    expect(await rows(page, 'Launches').count()).toBe(9);
    expect(errors).toEqual([]);
  });

  it('zooms by wheel and keys, and goes back to the whole launch', async () => {
    const { page, errors } = await openLenet();
    const whole = await visibleCycles(page);
    const { x, y } = await pointOf(page, 1, 0.5);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -300);
    await expect.poll(() => visibleCycles(page)).toBeLessThan(whole / 2);
    const zoomed = await visibleCycles(page);
    await page.focus('.timeline-layers canvas');
    await page.keyboard.press('w');
    await expect.poll(() => visibleCycles(page)).toBeLessThan(zoomed);
    await page.click('text=Whole launch');
    await expect.poll(() => visibleCycles(page)).toBe(whole);
    expect(errors).toEqual([]);
  });

  it('says of an event under the pointer what it is, why it waits and what set the flag', async () => {
    const { page, errors } = await openFlagged();
    const wait = await pointOf(page, 1, 0.3);
    await page.mouse.move(wait.x, wait.y);
    await page.waitForSelector('[role="tooltip"]');
    const text = (await page.textContent('[role="tooltip"]')) ?? '';
    expect(text).toContain('wait_flag PIPE_MTE2, PIPE_V, 3');
    expect(text).toContain('waits for a flag of another pipe');
    expect(text).toContain('flag 3 MTE2 → V, set at 0x20');
    expect(text).toContain('net.py:12');
    await page.mouse.move(wait.x, wait.y + 200);
    await page.waitForSelector('[role="tooltip"]', { state: 'detached' });
    expect(errors).toEqual([]);
  });

  it('draws the flag of a chosen event', async () => {
    const { page, errors } = await openFlagged();
    const ink = () =>
      page.evaluate<number>(`(() => {
        const canvas = document.querySelector('.timeline-marks');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return data.reduce((sum, value, at) => (at % 4 === 3 && value > 0 ? sum + 1 : sum), 0);
      })()`);
    await page.click('text=Flags');
    await expect.poll(ink).toBe(0);
    await page.click('text=Flags');
    await expect.poll(ink).toBeGreaterThan(20);
    const all = await ink();
    const wait = await pointOf(page, 1, 0.3);
    await page.mouse.click(wait.x, wait.y);
    await expect.poll(ink).toBeGreaterThan(all);
    expect(await page.textContent('.timeline-side')).toContain('wait_flag');
    expect(errors).toEqual([]);
  });

  it('reads the pipes in a range that was dragged', async () => {
    const { page, errors } = await openFlagged();
    const whole = await visibleCycles(page);
    const [from, to] = [await pointOf(page, 1, 0.2), await pointOf(page, 1, 0.4)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    expect(await page.textContent('.range-facts h3')).toBe('Marked range');
    expect((await visibleCycles(page)) / whole).toBeCloseTo(0.2, 1);
    expect(await page.textContent('.range-facts')).toMatch(/V.*flag 100\.0 %/);
    await page.click('text=Zoom to range');
    expect(errors).toEqual([]);
  });

  it('leads from an event to its instruction and back', async () => {
    const { page, errors } = await openFlagged();
    const transfer = await pointOf(page, 2, 0.3);
    await page.mouse.click(transfer.x, transfer.y);
    await page.click('text=Show the instruction');
    const chosen = page.locator('[aria-label="Instructions"] [aria-selected="true"]');
    expect(await chosen.textContent()).toContain('copy_gm_to_ubuf 0, X0');
    expect(await chosen.textContent()).toContain('0x0');
    await page.fill('[aria-label="Find an instruction"]', 'vadd');
    expect(await rows(page, 'Instructions').count()).toBe(1);
    await rows(page, 'Instructions').first().click();
    await page.click('text=Show in the timeline');
    await page.waitForSelector('.timeline-stage');
    expect(errors).toEqual([]);
  });

  it('shows loops and buffers, states of pipes, and the roofline with a point for each launch that computes', async () => {
    const { page, errors } = await openLenet();
    await tab(page, 'tiles');
    expect(await page.textContent('.tile-code')).toMatch(/matmul_f32_0.*for each core i = block/);
    expect(await page.locator('.space-block').count()).toBeGreaterThan(5);
    await tab(page, 'utilization');
    expect(await page.locator('.pipe-table tbody tr').count()).toBe(6);
    expect(await page.locator('.core-bar').count()).toBe(8);
    await tab(page, 'roofline');
    const points = page.locator('.roofline-point');
    expect(await points.count()).toBeGreaterThan(4);
    await points.first().dispatchEvent('click');
    expect(await page.locator('.roofline-point.is-chosen').count()).toBe(1);
    expect(errors).toEqual([]);
  });

  it('says why timing ended', async () => {
    const program = assemblyProgram('wait_flag PIPE_MTE2, PIPE_V, 0\nend', [{ location: 0 }], ['"net.py":12:13']);
    const { section, head } = sectioned(program, null);
    const opened = await openReport(await writeReport(sampleReport({ kernels: section }, { places: head.places })));
    await opened.page.click('[data-view="kernels"]');
    expect(await opened.page.textContent('.kernel-fault')).toContain('which is not set before it');
    expect(opened.errors).toEqual([]);
  });

  it('shows names of kernels as text', async () => {
    const program = assemblyProgram(`${VADD}\nend`, [{}]);
    const name = '<img src=x onerror="document.title=1">';
    const { section } = sectioned(
      { ...program, kernels: program.kernels.map((kernel) => ({ ...kernel, name })) },
      null,
    );
    const { page, errors } = await open(section, {});
    expect(await page.textContent('.kernel-panel .code')).toBe(name);
    for (const each of ['instructions', 'tiles', 'utilization', 'roofline']) await tab(page, each);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Block() · msc');
    expect(errors).toEqual([]);
  });

  it.each([
    [{ width: 1280, height: 800, colorScheme: 'dark' }],
    [{ width: 1920, height: 1080, colorScheme: 'light' }],
  ] as const)('does not overflow at %o', async (options) => {
    const { page, errors } = await openLenet(options);
    for (const each of ['timeline', 'instructions', 'tiles', 'utilization', 'roofline']) {
      await tab(page, each);
      const width = await page.evaluate("document.querySelector('.kernels').getBoundingClientRect().right");
      expect(width).toBeLessThanOrEqual(options.width);
    }
    expect(errors).toEqual([]);
  });
});
