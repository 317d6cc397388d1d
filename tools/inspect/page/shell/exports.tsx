/** The menu of files that the report can be written as. */
import { exportKinds, type ExportFile, type ExportKind } from '../../export/index.ts';
import { type Report, type SectionName, sectionNames } from '../../report/index.ts';
import type { LoadedReport } from './load.ts';
import { overlay } from './overlay.ts';
import type { SearchItem } from './view.ts';

/** The whole report as data, as `--json` prints it. */
const reportJson: ExportKind = {
  name: 'json',
  title: 'Report (JSON)',
  mediaType: 'application/json',
  needs: [],
  uses: sectionNames,
  make: (report, base) => [{ name: `${base}.report.json`, text: JSON.stringify(report) }],
};

const presentExports = (report: LoadedReport): readonly ExportKind[] =>
  [...exportKinds, reportJson].filter(({ needs }) => needs.every(report.has));

/** Exports as commands of the search. */
export const exportItems = (report: LoadedReport): readonly SearchItem[] =>
  presentExports(report).map((kind) => ({
    label: `Download ${kind.title}`,
    kind: 'command',
    open: () => void download(report, kind),
  }));

export function ExportMenu({ report }: { readonly report: LoadedReport }) {
  return (
    <div class="menu" role="menu" aria-label="Downloads">
      <ExportButtons report={report} role="menuitem" />
    </div>
  );
}

/** A button for each file that the report can be written as. */
export function ExportButtons({ report, role }: { readonly report: LoadedReport; readonly role?: 'menuitem' }) {
  return (
    <>
      {presentExports(report).map((kind) => (
        <button
          key={kind.name}
          type="button"
          class="ui-button"
          role={role}
          data-export={kind.name}
          onClick={() => {
            overlay.value = null;
            void download(report, kind);
          }}
        >
          {kind.title}
        </button>
      ))}
    </>
  );
}

async function download(report: LoadedReport, { make, needs, uses, mediaType }: ExportKind): Promise<void> {
  const read = new Set<SectionName>([...needs, ...uses].filter(report.has));
  const sections = await Promise.all([...read].map(async (name) => [name, await report.section(name)] as const));
  const whole: Report = { head: report.head, sections: Object.fromEntries(sections) };
  for (const file of make(whole, baseName(report.head.subject.file))) save(file, mediaType);
}

const baseName = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.[^.]*$/, '');

function save({ name, text }: ExportFile, mediaType: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: mediaType }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
