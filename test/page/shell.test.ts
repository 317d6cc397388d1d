import { expect, it } from 'vitest';
import { describeInBrowser, openReport } from './harness.ts';
import { sampleReport, writeReport } from './report-file.ts';

describeInBrowser('the frame of a report', () => {
  it('opens without an error', async () => {
    const { page, errors } = await openReport(await writeReport(sampleReport()));
    expect(await page.title()).toContain('Block()');
    expect(errors).toEqual([]);
  });
});
