/** The file of a page: nothing of the report, the script or the style can leave its element. */
import { expect, it } from 'vitest';
import type { Report } from '../../tools/inspect/report/index.ts';
import { reportHtml } from '../../tools/inspect/write/html.ts';
import { readReport } from '../../tools/inspect/write/read.ts';

const HOSTILE = `</TITLE></script><script>alert("1")</script><!-- & '`;

const report: Report = {
  head: {
    ...{ schema: 1, version: '0', facts: [], diagnostics: [], sources: [{ name: HOSTILE, text: HOSTILE }], places: [] },
    subject: { command: 'inspect', file: 'net.py', entry: HOSTILE, inputs: [], target: '', cluster: null },
  },
  sections: {},
};

const html = reportHtml(report, {
  script: 'const end = /<\\/SCRIPT>|<!--|<Script/.test("</script>")',
  style: 'a::before { content: "</STYLE>" }',
});

it('has one title, one style, and the scripts that it writes itself', () => {
  expect(html.match(/<\/title/gi)).toHaveLength(1);
  expect(html.match(/<\/style/gi)).toHaveLength(1);
  expect(html.match(/<script/gi)).toHaveLength(2);
  expect(html.match(/<\/script/gi)).toHaveLength(2);
  expect(html).not.toContain('<!--');
  expect(html).toContain('&#60;/TITLE&#62;');
  expect(html).toContain('&#34;1&#34;');
});

it('is read back as it was', () => expect(readReport(html)).toEqual({ ok: true, value: report }));
