import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Served, serveReport } from '../../tools/inspect/serve/index.ts';
import { reportHtml } from '../../tools/inspect/write/html.ts';
import { describeInBrowser, openPage } from './harness.ts';
import { pageFiles, sampleReport } from './report-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'msc-serve-'));
const source = join(folder, 'net.py');
afterAll(() => rmSync(folder, { recursive: true }));

interface Serving {
  readonly url: string;
  readonly port: number;
  readonly lines: string[];
  readonly ended: ReturnType<typeof serveReport>;
  readonly end: () => void;
}

let last: Serving | null = null;
afterEach(async () => {
  last?.end();
  await last?.ended;
  last = null;
});

/** Serves until the test ends; resolves when it listens. */
function serving(compile: () => Promise<Served>): Promise<Serving> {
  const stop = new AbortController();
  const lines: string[] = [];
  return new Promise((resolve) => {
    const log = (text: string): void => {
      lines.push(text);
      const [, url = '', port] = /(http:\/\/127\.0\.0\.1:(\d+)\/)/.exec(text) ?? [];
      if (port === undefined) return;
      last = { url, port: Number(port), lines, ended, end: () => stop.abort() };
      resolve(last);
    };
    const ended = serveReport({ compile, port: 0, log, signal: stop.signal });
  });
}

/** An answer to a request with any Host header. */
function answer(port: number, path: string, host: string, method = 'GET'): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { host } }, (response) => {
      let text = '';
      response.on('data', (part) => (text += String(part)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end();
  });
}

const compiled = async (): Promise<Served> => {
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(source, 'utf8');
  if (text.includes('!')) return { problem: `error: <b>${text}</b>`, files: [source] };
  const report = sampleReport({}, { sources: [{ name: 'net.py', text }] });
  return { html: reportHtml(report, await pageFiles()), files: [source] };
};

describe('the server of a report', () => {
  it('gives the page and nothing else, to those who call it by name', async () => {
    const { port } = await serving(async () => ({ html: '<p>report</p>', files: [] }));
    const name = `127.0.0.1:${port}`;
    await expect.poll(async () => (await answer(port, '/', name)).text).toBe('<p>report</p>');
    expect((await answer(port, '/', `localhost:${port}`)).status).toBe(200);
    expect((await answer(port, '/?x=1', name)).status).toBe(200);
    expect((await answer(port, '/net.py', name)).status).toBe(404);
    for (const path of ['/../etc/passwd', '//', '/events/', '/%00', '*'])
      expect((await answer(port, path, name)).status, path).toBe(404);
    expect((await answer(port, '/', name, 'POST')).status).toBe(405);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`])
      expect((await answer(port, '/', host)).status, host).toBe(403);
  });

  it('says when the port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo; // it listens on an address
    const compile = async (): Promise<Served> => ({ html: '', files: [] });
    const result = await serveReport({ compile, port, log: () => undefined, signal: new AbortController().signal });
    expect(result).toEqual({ ok: false, error: expect.stringContaining(`port ${port}: another program listens`) });
    taken.close();
  });

  it('ends when it is told to, with pages open', async () => {
    const { port, end, ended } = await serving(async () => ({ html: 'page', files: [] }));
    const events = answer(port, '/events', `127.0.0.1:${port}`).catch(() => null);
    await expect.poll(async () => (await answer(port, '/', `127.0.0.1:${port}`)).status).toBe(200);
    end();
    expect(await ended).toEqual({ ok: true, value: undefined });
    await events;
  });

  it('goes on after a crash of the compiler', async () => {
    writeFileSync(source, 'x = 1');
    let count = 0;
    const { lines } = await serving(async () => {
      count += 1;
      if (count === 2) throw new Error('a bug');
      return { html: 'page', files: [source] };
    });
    await expect.poll(() => lines.at(-1)).toBe('report 1\n');
    writeFileSync(source, 'x = 22');
    await expect.poll(() => lines.at(-1)).toContain('internal error: a bug');
    writeFileSync(source, 'x = 333');
    await expect.poll(() => lines.at(-1)).toBe('report 2\n');
  });
});

describeInBrowser('a served report', () => {
  it('follows its source: reloads, keeps view and filter, and shows errors over the last report', async () => {
    writeFileSync(source, 'first = 1\n');
    const { url } = await serving(compiled);
    const { page, errors } = await openPage(url);

    await page.click('[data-view="source"]');
    await page.waitForSelector('text=first');
    await page.evaluate("location.hash = '#view=source&line=0:12'");

    writeFileSync(source, 'second = 2\n');
    await page.waitForSelector('text=second');
    expect(await page.textContent('.chip')).toContain('net.py:12');
    expect(await page.getAttribute('[data-view="source"]', 'aria-current')).toBe('page');

    writeFileSync(source, 'broken !');
    await page.waitForSelector('.problem');
    expect(await page.textContent('.problem pre')).toBe('error: <b>broken !</b>');
    expect(await page.textContent('.source-editor')).toContain('second');

    writeFileSync(`${source}.new`, 'third = 3\n'); // as editors save
    renameSync(`${source}.new`, source);
    await page.waitForSelector('text=third');
    expect(await page.$('.problem')).toBeNull();
    expect(errors).toEqual([]);
  });

  it('waits for a first report', async () => {
    writeFileSync(source, 'broken !');
    const { url } = await serving(compiled);
    const { page, errors } = await openPage(url);
    await page.waitForSelector('text=error: <b>broken !</b>');
    writeFileSync(source, 'works = 1\n');
    await page.waitForSelector('[data-view="source"]');
    expect(errors).toEqual([]);
  });
});
