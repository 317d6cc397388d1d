/** The ranks view in a browser: two ranks of which one waits for the other. */
import { beforeAll, expect, it } from 'vitest';
import type { RankSection, RankTrack } from '../../tools/inspect/report/index.ts';
import { describeInBrowser, openReport, type OpenReport } from './harness.ts';
import { sampleReport, writeReport } from './report-file.ts';

/** A launch, then an all-reduce from 3000 to 5000 ns; the launch of rank 0 takes 3000 ns, that of the others 1000. */
const track = (launch: number): RankTrack => ({
  stream: [0, 1, 0],
  start: [0, 3000, 5000],
  duration: [launch, 2000, 1000],
  waited: [0, 3000 - launch, 0],
  label: [0, 1, 2],
  place: [1, 4, 2],
  bytes: [0, 1024, 0],
});

const ranksOf = (count: number): RankSection => ({
  kind: 'ranks',
  cluster: `910b1:${count}`,
  seconds: 6e-6,
  labels: [
    { name: 'conv_0', detail: '' },
    { name: 'all_reduce', detail: 'mesh all_reduce@hccs' },
    { name: '<b>relu_1</b>', detail: '' },
  ],
  tracks: [track(3000), track(1000)],
  ranks: Array.from({ length: count }, (_, rank) => ({
    track: rank === 0 ? 0 : 1,
    meetings: [0],
    compute: rank === 0 ? 4e-6 : 2e-6,
    communication: 2e-6,
    exposed: 2e-6,
    bubble: rank === 0 ? 0 : 2e-6,
    memory: 2 ** 20 * (rank + 1),
  })),
  meetings: [
    {
      ...{ operation: 'all_reduce', algorithm: 'mesh all_reduce@hccs', bytes: 1024, devices: count, place: 4 },
      ...{ reason: 'each rank has a part of a sum', count: 1, seconds: 2e-6, waited: 2e-6 * (count - 1) },
      ...{ longestWait: 2e-6, lastRank: 0, lastCount: 1 },
    },
  ],
  kindOfMeeting: [0],
  lastOfMeeting: [0],
  critical: [
    { rank: 0, slice: 0 },
    { rank: 0, slice: 1 },
    { rank: 0, slice: 2 },
  ],
  tensors: [
    {
      ...{ kind: 'parameter', name: 'conv.weight', type: 'tensor<8x3x3x3xf32>', count: 1, block: -1, place: 0 },
      ...{ layout: ['dp', '', '', ''], bytes: 432 },
    },
  ],
});

let path: string;
beforeAll(async () => {
  path = await writeReport(sampleReport({ ranks: ranksOf(2) }));
}, 60_000);

async function open(file = path): Promise<OpenReport> {
  const opened = await openReport(file);
  await opened.page.click('[data-view="ranks"]');
  return opened;
}

describeInBrowser('the ranks view', () => {
  it('names a slice under the pointer and keeps one that is clicked, with the rank it waited for', async () => {
    const { page, errors } = await open();
    const box = await page.locator('.ranks-canvas canvas').boundingBox();
    if (box === null) throw new Error('no canvas');
    const at = (share: number): number => box.x + 108 + share * (box.width - 108);
    await page.mouse.move(at(0.1), box.y + 25);
    await expect.poll(() => page.getByRole('tooltip').textContent()).toContain('conv_0');
    // The second row: two lanes of 18 pixels and 4 between rows.
    await page.mouse.move(at(0.6), box.y + 20 + 40 + 26);
    await expect.poll(() => page.getByRole('tooltip').textContent()).toMatch(/waited 2(\.00)? us for rank 0/);
    await page.mouse.down();
    await page.mouse.up();
    const slice = page.locator('[data-part="slice"]');
    expect(await slice.textContent()).toContain('all_reduce mesh all_reduce@hccs on rank 1');
    await slice.locator('.place-link').click();
    expect(await page.locator('.chip').textContent()).toContain('net.py:15');
    expect(errors).toEqual([]);
  });

  it('zooms by wheel and keys, and shows all again', async () => {
    const { page, errors } = await open();
    const range = async (): Promise<readonly number[]> =>
      (await page.locator('.ranks-canvas').getAttribute('data-range'))?.split(' ').map(Number) ?? [];
    expect(await range()).toEqual([0, 6000]);
    const canvas = page.locator('.ranks-canvas canvas');
    await canvas.hover();
    await page.mouse.wheel(0, -400);
    const zoomed = await range();
    expect(zoomed[1] - zoomed[0]).toBeLessThan(3000);
    await canvas.press('-');
    expect((await range())[1] - (await range())[0]).toBeGreaterThan(zoomed[1] - zoomed[0]);
    await canvas.press('0');
    expect(await range()).toEqual([0, 6000]);
    expect(errors).toEqual([]);
  });

  it('lists meetings, totals, the critical path and layouts; names are text', async () => {
    const { page, errors } = await open();
    const table = (name: string) => page.getByRole('grid', { name });
    expect(await table('Collectives').locator('.ui-row').textContent()).toContain('rank 0, 1 of 1');
    await page.click('[data-value="ranks"]');
    expect(await table('Ranks').locator('.ui-row').count()).toBe(2);
    await table('Ranks').getByRole('button', { name: 'Waiting' }).click();
    expect(await table('Ranks').locator('.ui-row').first().locator('span').first().textContent()).toBe('1');
    await page.click('[data-value="path"]');
    expect(await table('Critical path').locator('.ui-row .code').allTextContents()).toEqual([
      'conv_0',
      'all_reduce',
      '<b>relu_1</b>',
    ]);
    await page.click('[data-value="layouts"]');
    expect(await table('Layouts').locator('.ui-row').textContent()).toContain('[dp, ·, ·, ·]');
    expect(errors).toEqual([]);
  });

  it('filters by a line, and says when nothing is left', async () => {
    const { page, errors } = await open();
    await page.evaluate("location.hash = '#view=ranks&line=0:14'");
    await expect.poll(() => page.locator('.ui-empty').textContent()).toContain('No collective from net.py:14');
    await page.locator('.ui-empty button').click();
    expect(await page.getByRole('grid', { name: 'Collectives' }).locator('.ui-row').count()).toBe(1);
    expect(errors).toEqual([]);
  });

  it('shows a thousand ranks as the rows that differ', async () => {
    const { page, errors } = await open(await writeReport(sampleReport({ ranks: ranksOf(1024) })));
    const together = page.getByRole('button', { name: 'Alike ranks together' });
    expect(await together.getAttribute('aria-pressed')).toBe('true');
    await together.click();
    const canvas = page.locator('.ranks-canvas canvas');
    for (let press = 0; press < 30; press += 1) await canvas.press('ArrowDown');
    const box = await canvas.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 700, (box?.y ?? 0) + 207);
    await expect.poll(() => page.getByRole('tooltip').textContent()).toMatch(/rank [1-9]\d/);
    await page.click('[data-value="ranks"]');
    expect(await page.getByRole('grid', { name: 'Ranks' }).getAttribute('aria-rowcount')).toBe('1025');
    expect(errors).toEqual([]);
  });
});
