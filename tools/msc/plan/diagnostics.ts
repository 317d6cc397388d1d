/** What `msc plan` says about clusters (MSC071x) and about the files it reads (MSC093x). */
import type { DiagnosticDefinition } from '../../../compiler/ir/support/index.ts';

type Row<Parameters extends readonly unknown[]> = Pick<
  DiagnosticDefinition<Parameters>,
  'code' | 'title' | 'message' | 'explanation'
> &
  Partial<Pick<DiagnosticDefinition<Parameters>, 'help'>>;

const define = <Parameters extends readonly unknown[]>(row: Row<Parameters>): DiagnosticDefinition<Parameters> => ({
  severity: 'error',
  exitClass: 'user-error',
  help: null,
  wrong: null,
  right: null,
  ...row,
});

export const planFileDiagnostics = {
  unknownCluster: define<[name: string, known: readonly string[]]>({
    code: 'MSC0710',
    title: 'an unknown cluster',
    message: (name, known) => `there is no cluster '${name}'; known: ${known.join(', ')}`,
    help: ([first = '']) =>
      `write FAMILY:SERVERSxDEVICES${first === '' ? '' : ', for example 910b1:2x8'}, or name a YAML file`,
    explanation:
      '`--cluster` names a family of servers with their number and the devices of each, as 910b1:2x8, or a YAML file that describes another cluster.',
  }),
  serverSize: define<[devices: number, possible: readonly number[]]>({
    code: 'MSC0711',
    title: 'servers of another size',
    message: (devices, possible) => `a server has no ${devices} devices to use; possible: ${possible.join(', ')}`,
    explanation: 'A server has a fixed number of devices, of which a plan may use a part that fills whole packages.',
  }),
  badPlanFile: define<[path: string, message: string]>({
    code: 'MSC0930',
    title: 'a cluster or configuration file with a mistake',
    message: (path, message) => `${path}: ${message}`,
    explanation:
      'A cluster description, a MindFormers configuration or a strategy file is no YAML or JSON, or has a value of a wrong kind at the place shown.',
  }),
};
