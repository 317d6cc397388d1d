/**
 * Reports in a real browser: Debian's or any other Chromium of this machine, headless. Without one the tests are skipped, and
 * say so. Every page fails the test when it writes an error to the console or throws.
 */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';

const candidates = [
  process.env.MSC_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].filter((path) => path !== undefined);

/** The browser of this machine, or undefined. */
export const browserPath = candidates.find((path) => existsSync(path));

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly hash?: string;
  /** Runs in the page before its own script. */
  readonly script?: string;
}

/** An open report and what went wrong in it. */
export interface OpenReport {
  readonly page: Page;
  /** Errors of the console and uncaught exceptions; must stay empty. */
  readonly errors: readonly string[];
}

let browser: Browser | null = null;

/** Tests that need a browser, which is started once for a file. */
export function describeInBrowser(name: string, tests: () => void): void {
  const title = browserPath === undefined ? `${name} (no Chromium here)` : name;
  // When a page paints is the browser's affair: on a busy machine a look may come too early.
  describe.skipIf(browserPath === undefined)(title, { retry: 2 }, () => {
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox'] });
    });
    afterAll(async () => {
      await browser?.close();
    });
    tests();
  });
}

/** Opens a report file and waits until the page is drawn; `hash` is a deep link such as `#view=graph`. */
export const openReport = (path: string, options: PageOptions = {}): Promise<OpenReport> =>
  openPage(`${pathToFileURL(path).href}${options.hash ?? ''}`, options);

/** Opens an address and waits until the page is drawn. */
export async function openPage(url: string, options: PageOptions = {}): Promise<OpenReport> {
  if (browser === null) throw new Error('outside of describeInBrowser');
  const { width = 1280, height = 800, colorScheme = 'light' } = options;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  if (options.script !== undefined) await page.addInitScript(options.script);
  await page.goto(url);
  await page.waitForSelector('main');
  return { page, errors };
}
