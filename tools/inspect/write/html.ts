/**
 * A report as one HTML file: the page of dist/tools/inspect/page with the report inside. Each section is compressed by itself
 * (deflate, base64), so that the page opens with the head alone. Base64 holds no `<`, so nothing of the report can leave its
 * element; the content security policy allows no network.
 */
import { deflateRawSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { itemPlaces, type Report, type SectionName, sectionNames, type Sections } from '../report/index.ts';

/** What the build made of the page: one script and one style sheet. */
export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

/** The page as the build made it: beside this file, or in dist when this file itself was not built (as in tests). */
export function builtPage(): PageFiles {
  const folder = import.meta.url.endsWith('.ts') ? '../../../dist/tools/inspect/page' : '../page';
  const read = (name: string): string => readFileSync(new URL(`${folder}/${name}`, import.meta.url), 'utf8');
  return { script: read('page.js'), style: read('page.css') };
}

/** What a page may do: nothing outside of itself; a page that msc serves may ask its server for events. */
const policyElement = (connections: string): string =>
  `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; worker-src blob:; connect-src ${connections}">`;

export function reportHtml({ head, sections }: Report, page: PageFiles): string {
  const parts = sectionNames.flatMap((name) =>
    sections[name] === undefined ? [] : [sectionPart(name, sections[name])],
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${policyElement("'none'")}
<link rel="icon" href="data:,">
<title>${escapeText(title(head.subject))}</title>
<style>${inStyle(page.style)}</style>
</head>
<body>
<div id="app"></div>
${[part('head', head), ...parts].join('\n')}
<script type="module">${inScript(page.script)}</script>
</body>
</html>
`;
}

/** A page for the server of `serve/`: it may listen for events, and knows which report it holds. */
export const servedHtml = (html: string, version: string): string =>
  html.replace(
    policyElement("'none'"),
    () => `${policyElement("'self'")}\n<meta name="msc-served" content="${escapeText(version)}">`,
  );

/** The page of the server while there is no report yet: it waits for one, and says what is wrong meanwhile. */
export const waitingHtml = (): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${policyElement("'self'")}
<link rel="icon" href="data:,">
<title>msc</title>
<style>:root { color-scheme: light dark; font: 13px/1.5 monospace; } body { margin: 24px; white-space: pre-wrap; overflow-wrap: anywhere; }</style>
</head>
<body>
<main role="status">Compiling…</main>
<script>
new EventSource('/events').onmessage = ({ data }) => {
  const { version, problem } = JSON.parse(data);
  if (version !== '') location.reload();
  else if (problem !== null) document.querySelector('main').textContent = problem;
};
</script>
</body>
</html>
`;

const title = ({ file, entry }: Report['head']['subject']): string => `${entry ?? file} · msc`;

/** A section, with the number of things in it where they are counted. */
function sectionPart<Name extends SectionName>(name: Name, section: Sections[Name]): string {
  const places = itemPlaces(name, section);
  return part(name, section, places === null ? '' : ` data-count="${places.length}"`);
}

const part = (name: string, value: object, attributes = ''): string =>
  `<script type="application/octet-stream" data-section="${name}"${attributes}>${deflateRawSync(JSON.stringify(value), { level: 9 }).toString('base64')}</script>`;

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Only `</script` ends a script element, and only `<!--` makes one that another form ends. */
const inScript = (text: string): string => text.replace(/<(?=\/script|!--|script)/gi, '\\x3C');

const inStyle = (text: string): string => text.replace(/<(?=\/style)/gi, '\\3C ');
