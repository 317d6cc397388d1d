/** Takes the report out of the page, section by section. */
import type { Report, ReportHead, SectionName, Sections } from '../../report/index.ts';

/** A report whose sections are decoded when they are first asked for. */
export interface LoadedReport {
  readonly head: ReportHead;
  readonly has: (name: SectionName) => boolean;
  /** How many things a section shows, for its tab; null when it does not count. Known without decoding it. */
  readonly count: (name: SectionName) => number | null;
  /** The same promise for each call. */
  readonly section: <Name extends SectionName>(name: Name) => Promise<Sections[Name]>;
}

export async function loadReport(page: Document): Promise<LoadedReport> {
  const elements = new Map(
    [...page.querySelectorAll<HTMLElement>('script[data-section]')].map((element) => [
      element.dataset['section'],
      element,
    ]),
  );
  const known = new Map<string, Promise<unknown>>();
  const decoded = (name: string): Promise<unknown> => {
    const promise = known.get(name) ?? decode(elements.get(name)?.textContent ?? '');
    known.set(name, promise);
    return promise;
  };
  return {
    head: (await decoded('head')) as Report['head'], // the writer put it there
    has: (name) => elements.has(name),
    count: (name) => {
      const count = elements.get(name)?.dataset['count'];
      return count === undefined ? null : Number(count);
    },
    section: <Name extends SectionName>(name: Name) => decoded(name) as Promise<Sections[Name]>, // as above
  };
}

async function decode(text: string): Promise<unknown> {
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let index = 0; index < packed.length; index++) bytes[index] = packed.charCodeAt(index); // ten times as fast as from()
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).json();
}
