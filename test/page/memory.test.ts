/** The memory view in a browser: map, peak, table, details, filter, and on-chip memory. */
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type {
  DeviceMemory,
  KernelMemory,
  KernelSection,
  MemoryBuffer,
  MemorySection,
} from '../../tools/inspect/report/index.ts';
import { describeInBrowser, openReport, type PageOptions } from './harness.ts';
import { sampleReport, writeReport } from './report-file.ts';

const buffer = (given: Partial<MemoryBuffer> & Pick<MemoryBuffer, 'address' | 'reservedBytes'>): MemoryBuffer => ({
  ...{ kind: 'activation', name: '', type: 'tensor<1x8x16x16xf32>', place: 0, reads: [], writes: [], tenants: [] },
  ...{ bytes: given.reservedBytes, elementBytes: given.reservedBytes, live: null },
  ...given,
});

const kernel = (name: string, place: number, bytes: number): KernelMemory => ({
  ...{ name, place, core: 'vector', launches: 1, instructions: 20 },
  buffers: [
    {
      space: 'ub',
      address: 0,
      bytes,
      copies: 2,
      live: [2, 15],
      writers: ['copy_gm_to_ubuf'],
      readers: ['vrelu_f32'],
      place,
    },
    { space: 'ub', address: bytes * 2, bytes, copies: 1, live: [4, 10], writers: ['vrelu_f32'], readers: [], place },
  ],
});

const K = 1024;

/** Two parameters are kept; the arena holds the value of conv (steps 0 to 1), then mean and dense beside each other. */
const device: DeviceMemory = {
  ranks: [[0, 0]],
  gmBytes: 160 * K,
  arenaBytes: 64 * K,
  steps: [
    { phase: 'main', kind: 'launch', name: 'conv2d_f32_0', launch: 0, place: 1 },
    { phase: 'main', kind: 'launch', name: 'vector_relu_0', launch: 1, place: 2 },
    { phase: 'main', kind: 'launch', name: 'reduce_0', launch: 2, place: 3 },
    { phase: 'main', kind: 'return', name: '', launch: null, place: 4 },
  ],
  buffers: [
    buffer({ address: 0, reservedBytes: 64 * K, kind: 'parameter', name: 'conv.weight', place: 1, reads: [0] }),
    buffer({ address: 64 * K, reservedBytes: 32 * K, kind: 'parameter', name: 'dense.weight', place: 4, reads: [2] }),
    buffer({ address: 96 * K, reservedBytes: 64 * K, live: [0, 1], place: 1, writes: [0], reads: [1] }),
    buffer({ address: 96 * K, reservedBytes: 16 * K, live: [2, 3], place: 3, writes: [2], elementBytes: 10 * K }),
    buffer({ address: 112 * K, reservedBytes: 8 * K, live: [2, 3], kind: 'output', place: 4, writes: [2] }),
  ],
  kernels: [kernel('conv2d_f32_0', 1, 32 * K), kernel('vector_relu_0', 2, 8 * K)],
};

const section: MemorySection = {
  kind: 'memory',
  deviceBytes: 64 * 2 ** 30,
  capacities: { ub: 192 * K, l1: 512 * K, l0a: 64 * K, l0b: 64 * K, l0c: 128 * K, bt: K, fb: 2 * K },
  devices: [device],
};

/** A kernels section with launches of these times in microseconds. */
const timed = (microseconds: readonly number[]): KernelSection => ({
  ...{ kind: 'kernels', controlFlow: 'none', fault: null, kernels: [], microseconds: 0 },
  chip: {
    ...{ name: 'ascend910b1', megahertz: 1850, cubeCores: 24, vectorCores: 48, launchMicroseconds: 5 },
    ...{ cube: [], vector: [], hbmBytesPerSecond: 1, l2BytesPerSecond: 1, memories: {} },
  },
  events: { limit: 0, kept: 0, omitted: 0 },
  launches: microseconds.map((time, at) => ({
    ...{ kernel: 0, place: 1, blocks: 1, cycles: 0, hbmBytes: 0, l2Bytes: 0, executed: [], states: [], seconds: [] },
    ...{ bound: 'memory', mainStall: null, microseconds: time },
    start: microseconds.slice(0, at).reduce((sum, one) => sum + one, 0),
  })),
});

async function open(memory: MemorySection = section, options: PageOptions = {}) {
  const opened = await openReport(await writeReport(sampleReport({ memory })), options);
  const { page } = opened;
  await page.getByRole('button', { name: /^Memory/ }).click();
  await page.locator('.memory-map .over').waitFor();
  return opened;
}

/** A point of the map: shares of its width from the left and of its height from the bottom. */
async function pointOf(page: Page, x: number, y: number): Promise<{ readonly x: number; readonly y: number }> {
  const box = await page.locator('.memory-map .over').boundingBox();
  if (box === null) throw new Error('the map is not drawn');
  // Margins of the map inside its canvas: 74 for the addresses, 8 at the right, 6 above; below it axis and curve.
  const height = box.height - Math.max(40, Math.round(box.height * 0.24)) - 32;
  return { x: box.x + 74 + x * (box.width - 82), y: box.y + 6 + (1 - y) * height };
}

const rowsOf = (page: Page, label: string): Promise<readonly string[]> =>
  page.getByRole('grid', { name: label }).locator('.ui-row').allInnerTexts();

const detailsOf = (page: Page): Promise<string> => page.locator('.memory-details').innerText();

describeInBrowser('the memory view', () => {
  it('shows figures, the peak with its owners, and all buffers', async () => {
    const { page, errors } = await open();
    const figures = await page.locator('.memory-figures').innerText();
    expect(figures).toMatch(/GM\s+160 KiB/);
    expect(figures).toMatch(/peak\s+160 KiB at step 0/);
    expect(figures).toMatch(/reuse\s+1.38×/);
    const kinds = await page.locator('.memory-kinds [role=listitem]').allInnerTexts();
    expect(kinds.map((text) => text.split('\n')[0].trim())).toEqual(['parameter', 'activation']);
    expect(await page.locator('.memory-owners h2').innerText()).toBe('At the peak');
    expect((await rowsOf(page, 'Buffers in GM')).length).toBe(5);
    expect(errors).toEqual([]);
  });

  it('tells what is under the pointer, and a click shows everything about it', async () => {
    const { page, errors } = await open();
    const { x, y } = await pointOf(page, 0.2, 0.5);
    await page.mouse.move(x, y);
    const hint = await page.getByRole('tooltip').innerText();
    expect(hint).toContain('by conv2d_f32_0');
    expect(hint).toContain('64 KiB');
    expect(hint).toContain('net.py:12');
    await page.mouse.click(x, y);
    const details = await detailsOf(page);
    expect(details).toMatch(/written by\s+0\s+conv2d_f32_0/);
    expect(details).toMatch(/read by\s+1\s+vector_relu_0/);
    // Mean and dense use its place later.
    expect(details).toContain('At other times here: 2');
    await page.getByRole('button', { name: 'by reduce_0' }).first().click();
    expect(await detailsOf(page)).toContain('10,240 of elements');
    await page.getByRole('button', { name: 'Close' }).click();
    // The step went with the buffer.
    expect(await page.locator('.memory-owners h2').innerText()).toBe('At step 2');
    await page.getByRole('button', { name: 'Peak' }).click();
    expect(await page.locator('.memory-owners h2').innerText()).toBe('At the peak');
    expect(errors).toEqual([]);
  });

  it('zooms with wheel and keys, pans by dragging, and finds its way back', async () => {
    const { page, errors } = await open();
    const back = page.getByRole('button', { name: 'Reset zoom' });
    expect(await back.isDisabled()).toBe(true);
    const { x, y } = await pointOf(page, 0.9, 0.1);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -2000);
    await expect.poll(() => back.isEnabled()).toBe(true);
    // The last steps fill the map now: what lies at its left is no longer the value of conv.
    const left = await pointOf(page, 0.05, 0.1);
    await page.mouse.move(left.x, left.y);
    expect(await page.getByRole('tooltip').innerText()).toContain('by reduce_0');
    await page.mouse.down();
    await page.mouse.move(left.x + 4000, left.y, { steps: 3 });
    await page.mouse.up();
    await page.mouse.move(left.x + 1, left.y);
    expect(await page.getByRole('tooltip').innerText()).toContain('by conv2d_f32_0');
    await back.click();
    await page.locator('.memory-map .over').focus();
    await page.keyboard.press('+');
    expect(await back.isEnabled()).toBe(true);
    await page.keyboard.press('0');
    expect(await back.isDisabled()).toBe(true);
    expect(errors).toEqual([]);
  });

  it('is driven by keys', async () => {
    const { page, errors } = await open();
    await page.locator('.memory-map .over').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.memory-owners h2').innerText()).toBe('At step 2');
    for (let times = 0; times < 3; times++) await page.keyboard.press('ArrowUp');
    expect(await detailsOf(page)).toContain('by reduce_0');
    await page.keyboard.press('ArrowDown');
    expect(await detailsOf(page)).toContain('dense.weight');
    expect(errors).toEqual([]);
  });

  it('searches, and leaves kinds out', async () => {
    const { page, errors } = await open();
    await page.getByLabel('Search buffers').fill('weight');
    expect((await rowsOf(page, 'Buffers in GM')).length).toBe(2);
    await page.getByLabel('Search buffers').fill('');
    await page.locator('.memory-legend').getByRole('button', { name: 'parameter' }).click();
    const rows = await rowsOf(page, 'Buffers in GM');
    expect(rows.length).toBe(3);
    expect(rows.join()).not.toContain('weight');
    expect(errors).toEqual([]);
  });

  it('groups the owners of the peak by cell', async () => {
    const { page, errors } = await open();
    await page.getByLabel('Group owners').getByRole('button', { name: 'cell' }).click();
    const cells = page.getByRole('listbox', { name: 'Owners by cell' });
    // The parameter and the value of conv are most of it, so that the network is open.
    expect((await cells.locator('.name').allInnerTexts()).map((text) => text.trim())).toEqual([
      'network',
      'conv',
      'dense',
    ]);
    await cells.getByRole('button', { name: 'Fold network' }).click();
    expect(await cells.locator('.name').count()).toBe(1);
    await cells.getByRole('button', { name: 'Unfold network' }).click();
    await cells.getByRole('button', { name: 'conv', exact: true }).click();
    // All views show what came from the Cell.
    expect((await rowsOf(page, 'Buffers in GM')).length).toBe(2);
    expect(errors).toEqual([]);
  });

  it('shows only what came from a selected line', async () => {
    const { page, errors } = await open();
    await page
      .getByRole('grid', { name: 'Buffers in GM' })
      .locator('.place-link', { hasText: 'net.py:15' })
      .first()
      .click();
    const rows = await rowsOf(page, 'Buffers in GM');
    expect(rows.length).toBe(2);
    expect(rows.join()).toContain('dense.weight');
    await page.getByRole('button', { name: 'On chip' }).click();
    // No kernel came from line 15.
    expect(await page.getByText('No kernel passes the filter').count()).toBe(1);
    expect(errors).toEqual([]);
  });

  it('shows the memories of a core for each kernel', async () => {
    const { page, errors } = await open();
    await page.getByRole('button', { name: 'On chip' }).click();
    expect((await rowsOf(page, 'Kernels')).map((row) => row.split('\n')[0])).toEqual(['conv2d_f32_0', 'vector_relu_0']);
    expect(await page.locator('.memory-kernel h2').innerText()).toBe('conv2d_f32_0');
    const box = await page.locator('.memory-map .over').boundingBox();
    // The first buffer lies at the bottom of the only strip.
    await page.mouse.move((box?.x ?? 0) + 74 + ((box?.width ?? 0) - 82) * 0.4, (box?.y ?? 0) + (box?.height ?? 0) - 40);
    const hint = await page.getByRole('tooltip').innerText();
    expect(hint).toContain('32 KiB in 2 copies');
    expect(hint).toContain('instructions 2 to 15');
    await page.getByRole('grid', { name: 'Kernels' }).getByText('vector_relu_0').click();
    expect(await page.locator('.memory-kernel h2').innerText()).toBe('vector_relu_0');
    expect((await rowsOf(page, 'Buffers of the kernel')).length).toBe(2);
    expect(errors).toEqual([]);
  });

  it('switches between devices whose programs differ', async () => {
    const small: DeviceMemory = { ...device, ranks: [[4, 7]], buffers: device.buffers.slice(0, 3) };
    const { page, errors } = await open({ ...section, devices: [{ ...device, ranks: [[0, 3]] }, small] });
    const options = page.getByRole('listbox', { name: 'Devices' }).getByRole('option');
    expect((await options.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))).toEqual([
      'rank 0-3 4 alike 160 KiB',
      'rank 4-7 4 alike 160 KiB',
    ]);
    await options.nth(1).click();
    expect((await rowsOf(page, 'Buffers in GM')).length).toBe(3);
    expect(errors).toEqual([]);
  });

  it('is linked to, and found by the search of the page', async () => {
    const path = await writeReport(sampleReport({ memory: section }));
    const { page, errors } = await openReport(path, { hash: '#view=memory&buffer=3' });
    await expect.poll(() => page.locator('.memory-details h2').innerText()).toBe('by reduce_0');
    // An arrow that leaves the life of the buffer leaves the buffer.
    await page.locator('.memory-map .over').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.memory-owners h2').innerText()).toBe('At step 1');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('dense.weight');
    await page.locator('.palette li').first().waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.memory-details h2').innerText()).toBe('dense.weight');
    expect(page.url()).toContain('buffer=1');
    await page.goto('about:blank');
    await page.goto(`${pathToFileURL(path).href}#view=memory&memory=chip&onchip=vector_relu_0`);
    await expect.poll(() => page.locator('.memory-kernel h2').innerText()).toBe('vector_relu_0');
    expect(errors).toEqual([]);
  });

  it('shows steps in simulated time when launches have one', async () => {
    const kernels = timed([3, 1, 4]);
    const { page, errors } = await openReport(await writeReport(sampleReport({ memory: section, kernels })), {
      hash: '#view=memory',
    });
    await page.getByRole('button', { name: 'Time', exact: true }).click();
    // The first launch takes three of eight microseconds; in steps this is the second one.
    const { x, y } = await pointOf(page, 0.3, 0.95);
    await page.mouse.move(x, y);
    expect(await page.getByRole('tooltip').innerText()).toContain('step 0 at 0 s: conv2d_f32_0');
    expect(errors).toEqual([]);
  });

  it('shows 20,000 buffers, in the dark too', async () => {
    const buffers = Array.from({ length: 20_000 }, (_, number) => {
      const first = Math.floor(number / 10);
      return buffer({ address: (number % 10) * K, reservedBytes: K, live: [first, first], name: `value ${number}` });
    });
    const steps = Array.from({ length: 2001 }, () => device.steps[0]);
    const many: DeviceMemory = { ...device, gmBytes: 10 * K, arenaBytes: 10 * K, steps, buffers };
    const { page, errors } = await open(
      { ...section, devices: [many] },
      { colorScheme: 'dark', width: 1920, height: 1080 },
    );
    const { x, y } = await pointOf(page, 0.5, 0.05);
    await page.mouse.move(x, y);
    await page.waitForSelector('[role="tooltip"]:has-text("value 10000")');
    await page.getByLabel('Search buffers').fill('value 1999');
    await page.waitForSelector('.memory .ui-search small:text-is("12 of 20,000")');
    expect(errors).toEqual([]);
  });
});
