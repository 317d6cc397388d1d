/** A section for a component: null until it is decoded. */
import { useEffect, useState } from 'preact/hooks';
import type { SectionName, Sections } from '../../report/index.ts';
import type { LoadedReport } from './load.ts';

/** `isWanted` is false for a section that the report may lack: then it stays null. */
export function useSection<Name extends SectionName>(
  report: LoadedReport,
  name: Name,
  isWanted = true,
): Sections[Name] | null {
  const [value, setValue] = useState<Sections[Name] | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    let isCurrent = true;
    void report.section(name).then((section) => {
      if (isCurrent) setValue(section);
    });
    return () => {
      isCurrent = false;
    };
  }, [report, name, isWanted]);
  return value;
}
