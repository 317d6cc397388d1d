/** `msc plan`: how to train a network on a cluster, with reasons and in the forms that other engines read. */
import { basename } from 'node:path';
import {
  choiceText,
  describeNetwork,
  explainPlan,
  fitProblems,
  forwardOf,
  losingText,
  planDiagnostics,
  planSummary,
} from '../../../compiler/passes/plan/index.ts';
import { certificateText, certifyLayers, requestProblems, searchPlan } from '../../../compiler/passes/plan/index.ts';
import type { Candidate, LayerCertificate, PlanAnswer, PlanRequest } from '../../../compiler/passes/plan/index.ts';
import { opTable } from '../../../compiler/ir/ops/index.ts';
import { diagnose, failure, ok, type Diagnostic, type Module, type Result } from '../../../compiler/ir/index.ts';
import { defaultChip } from '../../../runtime/target/index.ts';
import { readMindFormers } from '../../formats/plan/index.ts';
import type { Recorder } from '../../inspect/collect/recorder.ts';
import { compileSource, type CompileRequest } from '../compile.ts';
import { hasErrors, type ExitCode } from '../exit.ts';
import { writeOutput } from '../files.ts';
import { deliverReport, reportRecorder, watched } from '../inspect/watch.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, textOption } from '../options.ts';
import { clusterOption, readPlanFile } from '../plan/cluster.ts';
import { emitPlan, isPlanKind, planKinds, tracedBatchProblem, type PlanKind } from '../plan/emit.ts';
import { planJson } from '../plan/json.ts';
import { recordPlan } from '../plan/record.ts';
import { divisionText } from '../plan/divide.ts';
import { elementBytesOf, fixedChoices, planOptions, planRequest, type PlanOptions } from '../plan/request.ts';
import { askedPlan, askedText, type AskedPlan } from '../plan/why.ts';
import { runStages } from '../pipeline.ts';
import { Progress, finish } from '../report.ts';
import type { Refusal } from '../request.ts';
import { logReports, sourceOf } from '../request.ts';
import { fileSources } from '../text/locate.ts';
import { refuse, usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [file, ...more] = args.words;
  if (file === undefined || more.length > 0)
    return usageError(io, 'plan takes one file: msc plan FILE.py --cluster 910b1:2x8');
  const kinds = kindsOption(args);
  if (!kinds.ok) return usageError(io, kinds.error);
  const options = optionsOf(args, io);
  if (!options.ok) return refuse(io, args, options.error);
  const progress = new Progress(io, flagOption(args, 'json'));
  const recorder = await reportRecorder(io, args, 'plan', file);
  const traced = await requestOf(args, io, file, options.value, progress, recorder);
  progress.end();
  if (!traced.ok) return refuse(io, args, traced.error);
  const { source, module, request } = traced.value;
  const batch = tracedBatchProblem(kinds.value, request);
  if (batch !== null) return refuse(io, args, { diagnostics: [batch] });
  progress.show(`${file}: search`);
  const answer = searchPlan(request);
  progress.end();
  const unfit = fitProblems(request, answer);
  if (unfit.length > 0) return refuse(io, args, { diagnostics: unfit });
  const compared = comparison(args, io, request);
  if (!compared.ok) return refuse(io, args, compared.error);
  const why = whyOf(args, request, answer);
  if (!why.ok) return refuse(io, args, why.error);
  const certificates = await certificatesOf(args, request, answer);
  progress.show(`${file}: report`);
  if (recorder !== null)
    await recordPlan(recorder, { source, request, answer, certificates, asked: askedPlans(why.value, compared.value) });
  const unwritten = await deliverReport(io, args, recorder, []);
  progress.end();
  return deliver(args, io, file, kinds.value, unwritten, {
    source,
    module,
    request,
    answer,
    compared: compared.value,
    why: why.value,
    certificates,
  });
}

/** Files of `--emit`; several need a folder. */
function kindsOption(args: Arguments): Result<readonly PlanKind[]> {
  const words = (textOption(args, 'emit') ?? '').split(',').filter((word) => word !== '');
  const wrong = words.find((word) => !isPlanKind(word));
  if (wrong !== undefined) return failure(`--emit=${wrong}: expected ${planKinds.join(', ')}`);
  const kinds = [...new Set(words.filter(isPlanKind))];
  if (kinds.length > 1 && textOption(args, 'output') === null)
    return failure(`--emit=${kinds.join(',')} writes several files: give a folder with -o DIR`);
  return ok(kinds);
}

function optionsOf(args: Arguments, io: Io): Result<PlanOptions, Refusal> {
  const name = textOption(args, 'cluster');
  if (name === null) return failure({ usage: 'plan needs a cluster, for example --cluster 910b1:2x8' });
  const cluster = clusterOption(io, name);
  if (!cluster.ok) return failure({ diagnostics: cluster.error });
  const options = planOptions(args, cluster.value);
  return options.ok ? options : failure({ usage: options.error });
}

/** A graph and what is asked for it. */
interface Traced {
  /** As it was traced: with derivatives, when it trains. */
  readonly source: Module;
  readonly module: Module;
  readonly request: PlanRequest;
}

/** Traces the network to its graph, without any weight, and describes its layers. */
async function requestOf(
  args: Arguments,
  io: Io,
  file: string,
  options: PlanOptions,
  progress: Progress,
  recorder: Recorder | null,
): Promise<Result<Traced, Refusal>> {
  const source = sourceOf(io, args, file, (inputs) => inputs);
  if (!source.ok) return source;
  const started = io.now();
  const unwatched: CompileRequest = {
    source: source.value,
    chip: options.cluster.device.chip ?? defaultChip,
    to: 'source',
    now: () => io.now(),
    begin: (phase) => progress.show(`${file}: ${phase}`),
  };
  const watching = watched(unwatched, recorder);
  const compilation = await compileSource(watching);
  logReports(io, args, compilation, io.now() - started);
  const { module: traced } = compilation;
  if (traced === null || hasErrors(compilation.diagnostics)) return failure({ diagnostics: compilation.diagnostics });
  // Of a training step the planner reads what is differentiated.
  const chip = options.cluster.device.chip ?? defaultChip;
  const forward = runStages(forwardOf(traced), { ...watching, chip, to: 'graph' });
  recorder?.compiled({ ...compilation, timings: [...compilation.timings, ...forward.timings] });
  if (hasErrors(forward.diagnostics)) return failure({ diagnostics: forward.diagnostics });
  const name = textOption(args, 'entry') ?? basename(file);
  const described = describeNetwork(forward.module, opTable, name, elementBytesOf(options.compute));
  if (described === null)
    return failure({ diagnostics: [diagnose(planDiagnostics.nothingToPlan, null, [`${file} has no @main`])] });
  const request = planRequest(described, options);
  const problems = requestProblems(request);
  return problems.length > 0
    ? failure({ diagnostics: problems })
    : ok({ source: traced, module: forward.module, request });
}

/** The configuration of `--compare` under the same model. */
function comparison(args: Arguments, io: Io, request: PlanRequest): Result<PlanAnswer | null, Refusal> {
  const path = textOption(args, 'compare');
  if (path === null) return ok(null);
  const stated = readPlanFile(io, path, readMindFormers);
  if (!stated.ok) return failure({ diagnostics: stated.error });
  const theirs = { ...request, fixed: stated.value };
  const problems = requestProblems(theirs);
  if (problems.length > 0) return failure({ diagnostics: problems });
  const answer = searchPlan(theirs);
  const unfit = fitProblems(theirs, answer);
  return unfit.length > 0 ? failure({ diagnostics: unfit }) : ok(answer);
}

/** The plan of `--why`. */
function whyOf(args: Arguments, request: PlanRequest, { best }: PlanAnswer): Result<AskedPlan | null, Refusal> {
  const text = textOption(args, 'why');
  if (text === null || best === null) return ok(null);
  const asked = fixedChoices(text, '--why');
  if (!asked.ok) return failure({ usage: asked.error });
  const found = askedPlan(request, best, asked.value);
  return found.ok ? found : failure({ diagnostics: found.error });
}

/** Plans that the user wants compared with the chosen one. */
const askedPlans = (why: AskedPlan | null, compared: PlanAnswer | null): readonly Candidate[] =>
  [why?.losing.candidate, compared?.best].filter((candidate) => candidate !== undefined && candidate !== null);

/** HiGHS gets this long for each kind of layer. */
const CERTIFY_SECONDS = 60;

async function certificatesOf(
  args: Arguments,
  { described, cluster }: PlanRequest,
  { best }: PlanAnswer,
): Promise<readonly LayerCertificate[] | null> {
  if (!flagOption(args, 'certify') || best === null) return null;
  const { tensor } = best.configuration;
  return tensor === 1 ? [] : certifyLayers(described, tensor, cluster, CERTIFY_SECONDS);
}

/** All that there is to say. */
interface Outcome {
  readonly source: Module;
  readonly module: Module;
  readonly request: PlanRequest;
  readonly answer: PlanAnswer;
  readonly compared: PlanAnswer | null;
  readonly why: AskedPlan | null;
  readonly certificates: readonly LayerCertificate[] | null;
}

function deliver(
  args: Arguments,
  io: Io,
  file: string,
  kinds: readonly PlanKind[],
  unwritten: readonly Diagnostic[],
  outcome: Outcome,
): ExitCode {
  const { module, request, answer, compared, why, certificates } = outcome;
  const { best } = answer;
  const output = textOption(args, 'output');
  const isJson = flagOption(args, 'json');
  const problems: Diagnostic[] = [...unwritten];
  const embedded: Record<string, string> = {};
  const name = basename(file).replace(/\.[^.]*$/, '') || 'plan';
  for (const kind of kinds) {
    if (best === null) break;
    const text = emitPlan(kind, module, request, best);
    const path = kinds.length === 1 ? (output ?? '-') : `${output ?? '.'}/${name}.${kind}`;
    if (isJson && path === '-') embedded[kind] = text;
    else problems.push(...[writeOutput(io, path, text)].filter((problem) => problem !== null));
  }
  const toOutput = kinds.length === 1 && output === null;
  if (!isJson && best !== null && !toOutput) io.write(textOf(args, outcome));
  return finish(io, isJson, fileSources(io.folder), {
    diagnostics: problems,
    json: {
      ...planJson(request, answer),
      compared: compared === null ? null : planJson(request, compared),
      why: why === null ? null : whyJson(why),
      certificates,
      emitted: embedded,
    },
  });
}

const whyJson = ({ asked, losing }: AskedPlan) => ({
  asked,
  plan: choiceText(losing.candidate.configuration),
  reason: losingText(losing),
  longer: losing.longer,
  terms: losing.terms,
  excess: losing.excess,
});

function textOf(args: Arguments, { source, request, answer, compared, why, certificates }: Outcome): string {
  const { best } = answer;
  if (best === null) return '';
  const plan = flagOption(args, 'explain')
    ? `${explainPlan(request, answer)}${divisionText(source, request, best)}`
    : `${planSummary(request, best)}\n`;
  const own = `${plan}${why === null ? '' : askedText(why)}`;
  const proof = certificates === null ? '' : certificateText(certificates, best.configuration.tensor);
  const theirs = compared?.best ?? null;
  if (theirs === null) return `${own}${proof}`;
  const longer = 100 * (theirs.time.seconds / best.time.seconds - 1);
  const path = textOption(args, 'compare') ?? '';
  return `${own}${proof}\n${path}\n${planSummary(request, theirs)}\n${longer.toFixed(1)} % longer than the plan above\n`;
}
