/** The graph view in a browser. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type GraphSection, type Place, withComparison } from '../../tools/inspect/report/index.ts';
import { bigGraph, graphOfText, sectionOf } from '../inspect/graph-samples.ts';
import { describeInBrowser, openReport, type PageOptions } from './harness.ts';
import { sampleCosts, sampleReport, writeReport } from './report-file.ts';

const type = 'tensor<1x8x30x30xf32>';
const unary = (result: string, name: string, operand: string, where: string, attributes = ''): string =>
  `%${result} = "ms.${name}"(%${operand}) {${attributes}} : (${type}) -> ${type} loc(${where})`;
const cell = (path: string, line: number): string => `"${path}"("net.py":${line}:13)`;

/** Stem, two equal layers, and a head that is `last`. */
const network = (last: string): { readonly section: GraphSection; readonly places: readonly Place[] } => {
  const lines = [
    unary('0', 'abs', 'x', cell('stem: Stem', 12)),
    ...['layers.0', 'layers.1'].flatMap((path, at) => [
      unary(`${3 * at + 1}`, 'relu', `${3 * at}`, cell(`${path}.act: ReLU`, 13)),
      unary(`${3 * at + 2}`, 'neg', `${3 * at + 1}`, cell(`${path}.act: ReLU`, 13), 'axis = 2 : i64'),
      `%${3 * at + 3} = "ms.add"(%${3 * at + 2}, %${3 * at}) : (${type}, ${type}) -> ${type} loc(${cell(`${path}: Layer`, 14)})`,
    ]),
    unary('7', last, '6', cell('head: Head', 15), 'axis = 1 : i64'),
    unary('8', 'square', '7', cell('head: Head', 15)),
  ];
  const { graph, places } = graphOfText(
    `func.func @main(%x: ${type} {ms.input = "x"}) -> ${type} {\n${lines.join('\n')}\nfunc.return %8 : ${type}\n}`,
  );
  return { section: sectionOf(graph), places };
};

const { section, places } = network('rsqrt');
const secondsAt = (line: number, seconds: number) => ({
  ...sampleCosts.places[0],
  place: places.findIndex(({ positions }) => positions[0]?.line === line),
  seconds,
});
const costs = { ...sampleCosts, places: [secondsAt(12, 1e-6), secondsAt(15, 9e-6)] };
const report = sampleReport({ graph: section, costs }, { places });

const canvas = '.graph-stage canvas';

/** Opens the view and waits until it is drawn. */
async function openGraph(path: string, options: PageOptions = {}) {
  const opened = await openReport(path, { hash: '#view=graph', ...options });
  await opened.page.waitForSelector(`${canvas}[data-scale]`);
  return opened;
}

const boxes = async (page: Page): Promise<number> => Number(await page.getAttribute(canvas, 'data-boxes'));
const waitForBoxes = (page: Page, count: number) => page.waitForSelector(`${canvas}[data-boxes="${count}"]`);
const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  await page.focus(canvas);
  for (const key of keys) await page.keyboard.press(key);
};
const choose = (page: Page, label: string) => page.click(`[data-item="${label}"] b`);
const chosen = (page: Page, label: string) => page.waitForSelector(`${canvas}[data-chosen="${label}"]`);

/** Scripts of the page are texts: tests know no DOM. */
const recordTexts = `{
  const { prototype } = CanvasRenderingContext2D;
  const { fillText } = prototype;
  globalThis.drawn = [];
  prototype.fillText = function (text, x, y) {
    globalThis.drawn.push(text);
    fillText.call(this, text, x, y);
  };
}`;

/** Texts that the canvas draws after a step of zoom. */
async function drawnTexts(page: Page): Promise<readonly string[]> {
  await page.evaluate(recordTexts);
  await press(page, '+');
  await expect.poll(() => page.evaluate<number>('drawn.length')).toBeGreaterThan(0);
  return page.evaluate<string[]>('drawn');
}

const countTints = `(() => {
  const canvas = document.querySelector('${canvas}');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const count = { green: 0, red: 0, orange: 0 };
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = data.subarray(at, at + 3);
    if (data[at + 3] < 255) continue;
    if (green > red + 20 && green > blue + 10) count.green++;
    else if (red > green + 35 && Math.abs(green - blue) < 22) count.red++;
    else if (red > blue + 40 && green > blue + 12) count.orange++;
  }
  return count;
})()`;

/** How many pixels of the canvas look green, red or orange. */
const tints = (page: Page) => page.evaluate<Readonly<Record<'green' | 'red' | 'orange', number>>>(countTints);

describeInBrowser('the graph view', () => {
  it('draws the network folded by Cell, unfolds and folds', async () => {
    const { page, errors } = await openGraph(await writeReport(report));
    const start = await boxes(page);
    expect(await page.textContent('.graph-side')).toContain('stem');
    await page.click('.ui-button:has-text("0")');
    await waitForBoxes(page, 6);
    await page.click('button[aria-label="Unfold layers"]');
    await waitForBoxes(page, 8);
    await page.click('button[aria-label="Fold layers"]');
    await waitForBoxes(page, 6);
    await page.click('.ui-button:has-text("all")');
    await waitForBoxes(page, 18);
    expect(start).toBeGreaterThanOrEqual(6);
    expect(errors).toEqual([]);
  });

  it('unfolds by a double click on the canvas, and zooms with the wheel', async () => {
    const { page, errors } = await openGraph(await writeReport(report));
    await page.click('.ui-button:has-text("0")');
    await waitForBoxes(page, 6);
    const box = await page.locator(canvas).boundingBox();
    const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
    await page.mouse.move(x, y);
    await page.waitForSelector(`${canvas}[data-hovered="layers"]`);
    expect(await page.textContent('.ui-tooltip')).toContain('6 ops');
    const scale = Number(await page.getAttribute(canvas, 'data-scale'));
    await page.mouse.wheel(0, -120);
    await expect.poll(async () => Number(await page.getAttribute(canvas, 'data-scale'))).toBeGreaterThan(scale);
    await page.mouse.dblclick(x, y);
    await waitForBoxes(page, 8);
    expect(errors).toEqual([]);
  });

  it('finds by name, path, type and attribute, and reveals what was found', async () => {
    const { page, errors } = await openGraph(await writeReport(report));
    await page.click('.ui-button:has-text("0")');
    await page.fill('.graph-view input[type=search]', 'layers.1 neg axis 30x30');
    expect(await page.textContent('.graph-side [role=status]')).toBe('1 found');
    await page.press('.graph-view input[type=search]', 'Enter');
    await chosen(page, 'neg');
    await waitForBoxes(page, 12);
    const details = await page.textContent('.graph-details');
    for (const part of ['ms.neg', 'layers.1.act · ReLU', 'axis = 2', '1x8x30x30xf32', 'relu', 'add', 'net.py:13'])
      expect(details).toContain(part);
    expect(await page.textContent('.graph-crumbs')).toBe('networklayers1actneg');
    await page.fill('.graph-view input[type=search]', 'no such op');
    expect(await page.textContent('.graph-side')).toContain('No op or group has all of these words');
    expect(errors).toEqual([]);
  });

  it('writes shapes on edges', async () => {
    const { page, errors } = await openGraph(await writeReport(report));
    await page.click('.ui-button:has-text("0")');
    await waitForBoxes(page, 6);
    const texts = await drawnTexts(page);
    expect(texts).toContain('1x8x30x30xf32');
    expect(texts).toContain('▸ layers');
    expect(texts.some((text) => text.includes('Head · 2 ops'))).toBe(true);
    expect(errors).toEqual([]);
  });

  it('colours by cost, with a legend and figures', async () => {
    const { page, errors } = await openGraph(await writeReport(report));
    await page.click('.ui-button:has-text("0")');
    await waitForBoxes(page, 6);
    expect(await page.textContent('.graph-legend')).toContain('relu 2');
    expect((await tints(page)).orange).toBe(0);
    await page.selectOption('select[aria-label="Colour"]', 'seconds');
    await expect.poll(() => page.textContent('.graph-legend')).toBe('Time 0  9.00 us');
    await expect.poll(async () => (await tints(page)).orange).toBeGreaterThan(500);
    expect(await page.textContent('[data-item="head"]')).toContain('9.00 us');
    expect(await page.evaluate('location.hash')).toContain('colour=seconds');
    expect(errors).toEqual([]);
  });

  it('filters all views to an op or Cell, and shows what came from a line', async () => {
    const path = await writeReport(report);
    const { page, errors } = await openGraph(path);
    await choose(page, 'head');
    await page.click('.graph-details .ui-button:has-text("Filter all views")');
    expect(await page.textContent('.chip b')).toBe('head');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await page.$('.chip')).toBeNull();
    expect(errors).toEqual([]);
    const linked = await openGraph(path, { hash: '#view=graph&line=0:13' });
    expect(await linked.page.textContent('.graph-filter')).toContain('4 ops from here');
    await linked.page.click('.graph-filter .ui-button');
    await chosen(linked.page, 'relu');
    await linked.page.click('.graph-filter .ui-button');
    await chosen(linked.page, 'neg');
    expect(linked.errors).toEqual([]);
  });

  it('is moved through with keys', async () => {
    const { page, errors } = await openGraph(await writeReport(report));
    await page.click('.ui-button:has-text("0")');
    await waitForBoxes(page, 6);
    await press(page, 'ArrowDown');
    await chosen(page, 'x');
    await press(page, 'ArrowDown', 'ArrowDown');
    await chosen(page, 'layers');
    await press(page, 'Enter');
    await waitForBoxes(page, 8);
    await press(page, 'Enter');
    await waitForBoxes(page, 6);
    await press(page, 'ArrowUp');
    await chosen(page, 'stem');
    await press(page, 'Escape');
    await chosen(page, '');
    expect(errors).toEqual([]);
  });

  it('keeps the stage and the chosen box in the address, and its state when another view is opened', async () => {
    const { page, errors } = await openGraph(
      await writeReport(
        sampleReport(
          { graph: { ...section, graphs: [...section.graphs, { ...section.graphs[0], stage: 'fused' }] } },
          { places },
        ),
      ),
    );
    await page.click('.ui-choice [data-value="1"]');
    await expect.poll(() => page.url()).toContain('stage=fused');
    await choose(page, 'stem');
    await expect.poll(() => page.url()).toContain('box=');
    const count = await boxes(page);
    await page.click('[data-view="overview"]');
    await page.click('[data-view="graph"]');
    await chosen(page, 'stem');
    expect(await boxes(page)).toBe(count);
    await page.reload();
    await chosen(page, 'stem');
    expect(await page.getAttribute('.ui-choice [data-value="1"]', 'aria-pressed')).toBe('true');
    expect(errors).toEqual([]);
  });

  it('marks what was added, removed and changed', async () => {
    const compared = withComparison(section, network('sigmoid').section, {
      label: 'before.py',
      placeOf: () => 0,
    });
    const { page, errors } = await openGraph(await writeReport(sampleReport({ graph: compared }, { places })));
    const rows = (
      await page.$$eval('.graph-difference', (elements) => elements.map((element) => element.textContent))
    ).toSorted();
    expect(rows).toEqual(['rsqrtheadadded', 'sigmoidheadremoved', 'squareheadchangedoperand 0: sigmoid → rsqrt']);
    await page.click('.graph-difference[data-change="added"]');
    await chosen(page, 'rsqrt');
    await page.click('.graph-difference[data-change="changed"]');
    await chosen(page, 'square');
    expect(await page.textContent('.graph-details')).toContain('operand 0: sigmoid → rsqrt');
    await expect.poll(async () => (await tints(page)).green).toBeGreaterThan(300);
    expect((await tints(page)).red).toBeGreaterThan(300);
    expect((await drawnTexts(page)).some((text) => text.includes('+1 −1 ~1'))).toBe(true);
    await page.click('.ui-button:has-text("Compare with before.py")');
    await page.waitForSelector('.graph-difference', { state: 'detached' });
    expect(errors).toEqual([]);
  });

  it('shows names that are HTML as text', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const { graph, places: evilPlaces } = graphOfText(
      `func.func @main(%x: ${type} {ms.input = "${evil}"}) -> ${type} {\n%0 = "ms.relu"(%x) {a = "${evil}"} : (${type}) -> ${type} loc("${evil}: ${evil}"("net.py":12:1))\nfunc.return %0 : ${type}\n}`,
    );
    const { page, errors } = await openGraph(
      await writeReport(sampleReport({ graph: sectionOf(graph) }, { places: evilPlaces })),
    );
    page.on('dialog', () => expect.unreachable('a script of the network ran'));
    await page.click('.ui-button:has-text("all")');
    await page.fill('.graph-view input[type=search]', 'relu onerror');
    await page.press('.graph-view input[type=search]', 'Enter');
    await chosen(page, 'relu');
    expect(await page.textContent('.graph-details')).toContain(`a = "${evil}"`);
    expect(await page.textContent('.graph-crumbs')).toContain(evil);
    expect(await page.$('.graph-view img')).toBeNull();
    expect(errors).toEqual([]);
  });

  it.each([
    ['nested', true],
    ['in one heap', false],
  ])('draws 50,000 ops %s, a part at a time', async (_, hasCells) => {
    const graph = bigGraph(100, 20, 25, hasCells);
    const { page, errors } = await openGraph(await writeReport(sampleReport({ graph: sectionOf(graph) })), {
      width: 1920,
      height: 1080,
      colorScheme: 'dark',
    });
    const start = await boxes(page);
    expect(start).toBeLessThan(260);
    await page.click('.graph-fold >> nth=0');
    await expect.poll(async () => Number(await page.getAttribute(canvas, 'data-boxes'))).toBeGreaterThan(start);
    await page.fill('.graph-view input[type=search]', 'softmax "layer 77"');
    expect(await page.textContent('.graph-side [role=status]')).toMatch(/^\d+ found$/);
    await page.press('.graph-view input[type=search]', 'Enter');
    await chosen(page, 'softmax');
    expect(await page.textContent('.graph-details')).toContain('label = "layer 77"');
    await page.click('.ui-button:has-text("all")');
    await page.waitForSelector('.graph-notice:has-text("Too much to draw")');
    expect(await boxes(page)).toBeLessThan(2600);
    expect(errors).toEqual([]);
  });
});
