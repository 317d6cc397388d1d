/** The plan view in a browser, on a real plan of a small Llama. */
import { beforeAll, expect, it } from 'vitest';
import { failure } from '../../compiler/ir/index.ts';
import { searchPlan } from '../../compiler/passes/plan/index.ts';
import { planSection } from '../../tools/inspect/collect/plan/index.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import type { PlanSection, Report } from '../../tools/inspect/report/index.ts';
import { Folder } from '../cli/harness.ts';
import { described, llamaSource, requestFor } from '../plan/networks.ts';
import { describeInBrowser, openReport, type OpenReport } from './harness.ts';
import { sampleReport, writeReport } from './report-file.ts';

const folder = new Folder();
let section: PlanSection;
let path: string;

beforeAll(async () => {
  folder.write('llama.py', llamaSource());
  const network = await described(folder, 'llama.py', "Llama('tiny', 16)", 'ids=2x16:i32');
  const fixed = { tensor: 2, pipeline: 2, 'micro-batch': 1, zero: 0 };
  const request = requestFor(network, '910b1:2x4', { globalBatch: 16, fixed, memoryBytes: 2 ** 21 });
  const places = new PlaceTable((name) => (name.endsWith('llama.py') ? llamaSource() : null));
  const divided = failure('too large');
  const made = planSection({ request, answer: searchPlan(request), certificates: null, divided, places });
  if (made === null) throw new Error('no plan');
  section = made;
  path = await writeReport(reportOf(section, places));
}, 60_000);

function reportOf(plan: PlanSection, { places, sources }: Pick<PlaceTable, 'places' | 'sources'>): Report {
  const head = { ...sampleReport().head, places, sources };
  return { head: { ...head, subject: { ...head.subject, command: 'plan' } }, sections: { plan } };
}

async function open(panel: string): Promise<OpenReport> {
  const opened = await openReport(path);
  await opened.page.click('[data-view="plan"]');
  await opened.page.click(`[aria-label="What of the plan"] [data-value="${panel}"]`);
  return opened;
}

describeInBrowser('the plan view', () => {
  it('lists the chosen plan and all that lost, and compares a chosen one', async () => {
    const { page, errors } = await open('plans');
    const table = page.getByRole('grid', { name: 'Plans' });
    expect(await table.getAttribute('aria-rowcount')).toBe(String(section.lost.length + 2));
    await table.getByRole('row').nth(3).click();
    const comparison = page.locator('[data-part="comparison"]');
    const other = section.lost[1];
    expect(await comparison.locator('h2').textContent()).toBe(`Why not ${other.text}?`);
    expect((await comparison.locator('p').first().textContent())?.toLowerCase()).toBe(`${other.reason}.`.toLowerCase());
    const chips = await comparison.locator('.plan-chips span').allTextContents();
    expect(chips).toEqual(other.differences.map(({ name, value, best }) => `${name} ${best} → ${value}`));
    expect(page.url()).toContain('lost=1');
    expect(errors).toEqual([]);
  });

  it('sorts plans by a column', async () => {
    const { page, errors } = await open('plans');
    const table = page.getByRole('grid', { name: 'Plans' });
    await table.getByRole('button', { name: 'Memory' }).click();
    const cells = table.locator('.ui-row > span:nth-child(5)');
    const first = await cells.first().textContent();
    await table.getByRole('button', { name: /Memory/ }).click();
    expect(await cells.last().textContent()).toBe(first);
    expect(errors).toEqual([]);
  });

  it('searches tensors, and filters everything by the line of one', async () => {
    const { page, errors } = await open('tensors');
    const table = page.getByRole('grid', { name: 'Tensors' });
    await page.getByLabel('Search tensors').fill('query.weight');
    expect(await table.locator('.ui-row').count()).toBe(1);
    expect(await table.locator('.plan-layout').textContent()).toBe('[mp, ·]');
    await table.locator('.place-link').click();
    await page.getByLabel('Search tensors').fill('');
    const rows = await table.locator('.ui-row').count();
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(section.tensors.length);
    const label = await table.locator('.place-link').first().textContent();
    await page.click('[data-value="collectives"]');
    const links = await page.locator('[aria-label="Collectives"] .place-link').allTextContents();
    expect(links.every((text) => text === label)).toBe(true);
    expect(errors).toEqual([]);
  });

  it('shows a collective with its cause below the table', async () => {
    const { page, errors } = await open('collectives');
    const table = page.getByRole('grid', { name: 'Collectives' });
    expect(await table.locator('.ui-row').count()).toBe(section.collectives.length);
    await table.locator('.ui-row').last().click();
    const details = await page.locator('[data-part="details"]').textContent();
    expect(section.collectives.some(({ reason }) => details?.includes(reason))).toBe(true);
    expect(errors).toEqual([]);
  });

  it('zooms the schedule by wheel, keys and buttons, and names what is under the pointer', async () => {
    const { page, errors } = await open('pipeline');
    const canvas = page.locator('.plan-schedule canvas');
    const range = async (): Promise<readonly number[]> =>
      (await page.locator('.plan-schedule').getAttribute('data-range'))?.split(' ').map(Number) ?? [];
    const whole = await range();
    const box = await canvas.boundingBox();
    if (box === null) throw new Error('no canvas');
    await page.mouse.move(box.x + box.width / 2, box.y + 40);
    await page.mouse.wheel(0, -600);
    const zoomed = await range();
    expect(zoomed[1] - zoomed[0]).toBeLessThan((whole[1] - whole[0]) / 2);
    await canvas.press('ArrowRight');
    expect((await range())[0]).toBeGreaterThan(zoomed[0]);
    await page.getByTitle('Show all (0)').click();
    expect(await range()).toEqual(whole);
    await page.mouse.move(box.x + 80, box.y + 30);
    await expect.poll(() => page.getByRole('tooltip').textContent()).toContain('forward of micro-batch 0');
    expect(await page.locator('[aria-label="Schedule"]').textContent()).toContain('8 micro-batches');
    expect(errors).toEqual([]);
  });

  it('shows memory of the stages against the limit', async () => {
    const { page, errors } = await open('memory');
    const bars = page.locator('[aria-label="Memory of stages"] .plan-bar');
    expect(await bars.count()).toBe(section.stages.length);
    expect(await bars.first().locator('i').count()).toBeGreaterThan(2);
    expect(await bars.first().locator('b').count()).toBe(1);
    expect(errors).toEqual([]);
  });

  it('colours the mesh by an axis, and says what a device is', async () => {
    const { page, errors } = await open('plans');
    const mesh = page.locator('[data-part="mesh"]');
    expect(await mesh.locator('[aria-label="Colour by axis"] button').allTextContents()).toEqual([
      'pp 2',
      'dp 2',
      'mp 2',
    ]);
    await mesh.locator('[data-value="mp"]').click();
    expect(await mesh.locator('canvas').getAttribute('aria-label')).toBe('8 devices coloured by mp');
    const box = await mesh.locator('canvas').boundingBox();
    await page.mouse.move((box?.x ?? 0) + 60, (box?.y ?? 0) + 20);
    expect(await page.getByRole('tooltip').textContent()).toBe(
      'device 1, server 0pp 0 of 2, dp 0 of 2, cp 0 of 1, mp 1 of 2',
    );
    expect(errors).toEqual([]);
  });

  it('shows names that are HTML as text', async () => {
    const attack = '<img src=x onerror="window.pwned=1">';
    const hostile: PlanSection = {
      ...section,
      question: { ...section.question, network: attack },
      tensors: section.tensors.map((row) => ({ ...row, name: attack })),
      collectives: section.collectives.map((row) => ({ ...row, reason: attack, algorithm: attack })),
      lost: section.lost.map((row) => ({ ...row, text: attack, reason: attack })),
      blocks: section.blocks.map((block) => ({ ...block, name: attack })),
      proof: [attack],
    };
    const { page, errors } = await openReport(await writeReport(sampleReport({ plan: hostile })));
    await page.click('[data-view="plan"]');
    for (const panel of ['plans', 'tensors', 'collectives', 'pipeline', 'memory']) {
      await page.click(`[aria-label="What of the plan"] [data-value="${panel}"]`);
      if (panel !== 'memory') expect(await page.locator('main').textContent()).toContain(attack);
      expect(await page.locator('main img').count()).toBe(0);
    }
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(errors).toEqual([]);
  });
});
