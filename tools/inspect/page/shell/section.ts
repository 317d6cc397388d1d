/** A section for a component: null until it is decoded. */
import { useEffect, useState } from 'preact/hooks';
import type { SectionName, Sections } from '../../report/index.ts';
import type { LoadedReport } from './load.ts';

export function useSection<Name extends SectionName>(report: LoadedReport, name: Name): Sections[Name] | null {
  const [value, setValue] = useState<Sections[Name] | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void report.section(name).then((section) => {
      if (isCurrent) setValue(section);
    });
    return () => {
      isCurrent = false;
    };
  }, [report, name]);
  return value;
}
