/** What planning says to a user (MSC0570 to MSC0579). */
import type { DiagnosticDefinition } from '../../ir/index.ts';

type Row<Parameters extends readonly unknown[]> = Pick<
  DiagnosticDefinition<Parameters>,
  'code' | 'title' | 'message' | 'explanation'
> &
  Partial<Pick<DiagnosticDefinition<Parameters>, 'exitClass' | 'help'>>;

const define = <Parameters extends readonly unknown[]>(row: Row<Parameters>): DiagnosticDefinition<Parameters> => ({
  severity: 'error',
  exitClass: 'user-error',
  help: null,
  wrong: null,
  right: null,
  ...row,
});

export const planDiagnostics = {
  meshDoesNotDivide: define<[sizes: string, product: number, devices: number, choice: string, near: readonly number[]]>(
    {
      code: 'MSC0570',
      title: 'a mesh that does not divide the devices',
      message: (sizes, product, devices) =>
        `${sizes}${sizes.includes(' x ') ? ` is ${product}, which` : ''} ${devices % product === 0 ? 'leaves out some of' : 'does not divide'} the ${devices} devices`,
      help: (_sizes, _product, _devices, choice, near) => `sizes of ${choice} that do: ${near.join(', ')}`,
      explanation:
        'The sizes of data, tensor, context and pipeline parallelism multiply to the number of devices. Those that --fix states must leave a whole number for the others.',
    },
  ),
  batchDoesNotDivide: define<[batch: number, data: readonly number[]]>({
    code: 'MSC0571',
    title: 'a batch that does not divide',
    message: (batch, data) =>
      `a global batch of ${batch} is divided by no possible size of data parallelism (${data.join(', ')})`,
    help: (batch, data) => {
      const [least = 1] = data;
      return `take a multiple of ${least}, for example --global-batch ${Math.ceil(batch / least) * least}`;
    },
    explanation: 'Each data-parallel replica takes the same number of samples of a step.',
  }),
  doesNotFit: define<[bytes: string, limit: string, stage: string, terms: string]>({
    code: 'MSC0572',
    exitClass: 'does-not-fit',
    title: 'a plan that does not fit',
    message: (bytes, limit, stage, terms) =>
      `no plan fits: the one that needs least takes ${bytes} of ${limit} on ${stage} (${terms})`,
    explanation:
      'Weights, gradients, optimizer state, kept activations and working space of the fullest stage must fit in what --memory allows on a device. The message shows the plan that needs least; help and notes name the nearest plan that fits.',
  }),
  extentDoesNotDivide: define<[tensor: number, extent: number, possible: readonly number[]]>({
    code: 'MSC0573',
    title: 'an extent that tensor parallelism does not divide',
    message: (tensor, extent) =>
      `tensor parallelism of ${tensor} does not divide the extent ${extent} of this operation`,
    help: (_tensor, _extent, possible) => `sizes that divide all cut extents: ${possible.join(', ')}`,
    explanation:
      'Tensor parallelism cuts heads, columns of weights and experts into equal parts. The operation shown has a cut extent that the size does not divide.',
  }),
  choiceImpossible: define<[choice: string, value: number, reason: string]>({
    code: 'MSC0574',
    title: 'a contradictory choice',
    message: (choice, value, reason) => `${choice} ${value} is not possible: ${reason}`,
    explanation:
      'A value of --fix, or of the configuration to compare with, contradicts the network, the cluster, or another value.',
  }),
  nothingToPlan: define<[reason: string]>({
    code: 'MSC0575',
    exitClass: 'unsupported',
    title: 'nothing to plan',
    message: (reason) => `there is nothing to plan: ${reason}`,
    explanation: 'A plan needs a network with parameters and a batch of inputs.',
  }),
  tracedBatch: define<[traced: number, planned: number]>({
    code: 'MSC0576',
    title: 'a graph of another batch',
    message: (traced, planned) => `the graph was traced for a batch of ${traced}, the plan is for ${planned}`,
    help: (_traced, planned) => `give an --input with the first extent ${planned}`,
    explanation:
      '--emit graph.mlir writes the traced graph with the layouts of the plan, so that msc run can run it on the simulated cluster. Its input is the whole batch of a step.',
  }),
  otherNetwork: define<[plan: string, network: string, reason: string]>({
    code: 'MSC0577',
    title: 'a plan of another network',
    message: (plan, network, reason) => `the plan ${plan} is not one for ${network}: ${reason}`,
    help: (_plan, network) => `plan ${network} itself: --plan auto`,
    explanation:
      '--plan takes a strategy file and lays the parameters of the network out as it says, by name. Every parameter of the file must be one of the network and have its shape, and its device matrix must be [replicas, tensor].',
  }),
  otherCluster: define<[plan: string, planned: number, cluster: string, devices: number]>({
    code: 'MSC0578',
    title: 'a plan for another cluster',
    message: (plan, planned, cluster, devices) =>
      `the plan ${plan} is for ${planned} devices, ${cluster} has ${devices}`,
    help: (_plan, planned) => `take a cluster of ${planned} devices, or plan for this one: --plan auto`,
    explanation: 'A plan divides a network over all devices of a cluster, no more and no less.',
  }),
  programDoesNotFit: define<[what: string, needed: string, limit: string, parts: string]>({
    code: 'MSC0579',
    exitClass: 'does-not-fit',
    title: 'a program that does not fit a device',
    message: (what, needed, limit, parts) => `${what} needs ${needed} of a device that has ${limit}: ${parts}`,
    help: () =>
      'divide the network over more devices, with tensor parallelism, ZeRO or pipeline stages; or a smaller batch',
    explanation:
      'Before kernels are made, the memory of a program is known: parameters, inputs, tables, and the activations and workspaces of the fullest step. The largest of them are named with their lines.',
  }),
};
