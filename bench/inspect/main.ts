/**
 * `node dist/bench/inspect/main.js FILE.html…`: size of report pages, and how long after opening they answer: the view is drawn
 * and the main thread is free. Each page is opened five times in a headless Chromium; the median counts.
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';

const RUNS = 5;
const browsers = [process.env['MSC_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'];

/** Milliseconds from the start of the navigation until the first view is drawn and a timer of the page runs. */
async function opened(browser: Browser, file: string): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    await page.goto(pathToFileURL(resolve(file)).href);
    await page.waitForFunction('document.querySelector("main")?.childElementCount > 0');
    const drawn = 'new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))';
    return Number(await page.evaluate(drawn));
  } finally {
    await page.close();
  }
}

const executablePath = browsers.find((path) => existsSync(path));
const files = process.argv.slice(2);
if (executablePath === undefined) throw new Error('there is no Chromium here; MSC_CHROMIUM names one');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const file of files) {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(await opened(browser, file));
  const [median = 0] = times.toSorted((one, other) => one - other).slice(RUNS >> 1);
  const megabytes = (statSync(file).size / 1e6).toFixed(2);
  console.log(`${file}: ${megabytes} MB, answers after ${median.toFixed(0)} ms (median of ${RUNS})`);
}
await browser.close();
