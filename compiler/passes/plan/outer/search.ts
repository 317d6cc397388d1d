/**
 * The outer search: every division of the devices over pipeline, data, tensor, context and expert parallelism, with every ZeRO level,
 * micro-batch, interleaving and sequence parallelism, and the least recomputation that fits each stage. Nothing is cut off, so the
 * answer is the best of the space under the model, and the best with any other value of a choice is known as well.
 */
import { Evaluator } from './evaluate.ts';
import { choiceOf, choices, type Alternative, type Candidate, type PlanAnswer, type PlanRequest } from './request.ts';
import { configurations, divisions } from './space.ts';

/** Searches the whole space. */
export function searchPlan(request: PlanRequest): PlanAnswer {
  const evaluator = new Evaluator(request);
  const state = new Best(request);
  for (const division of divisions(request))
    for (const configuration of configurations(request, division)) {
      const candidate = evaluator.candidate(configuration, request.memoryBytes);
      if (candidate !== null) state.add(candidate);
      if (candidate !== null && isRecomputed(candidate)) {
        const unlimited = evaluator.candidate(configuration, Infinity);
        if (unlimited !== null) state.addUnlimited(unlimited);
      }
    }
  return state.answer();
}

const isRecomputed = ({ configuration }: Candidate): boolean => configuration.recompute.full !== 0;

/** What was best so far, over all and for each value of each choice. */
class Best {
  private readonly request: PlanRequest;
  private best: Candidate | null = null;
  private least: Candidate | null = null;
  private unlimited: Candidate | null = null;
  private evaluated = 0;
  private readonly byDivision = new Map<string, Candidate>();
  private readonly unfitByDivision = new Map<string, Candidate>();
  private readonly byChoice = new Map<string, Alternative>();

  constructor(request: PlanRequest) {
    this.request = request;
  }

  add(candidate: Candidate): void {
    this.evaluated += 1;
    const fits = candidate.bytes <= this.request.memoryBytes;
    if (fits) {
      this.best = faster(this.best, candidate);
      const key = divisionKey(candidate);
      this.byDivision.set(key, faster(this.byDivision.get(key) ?? null, candidate));
    }
    this.least = smaller(this.least, candidate);
    this.addUnlimited(candidate);
    for (const choice of choices) this.addAlternative(choice, candidate, fits);
  }

  addUnlimited(candidate: Candidate): void {
    this.unlimited = faster(this.unlimited, candidate);
    if (candidate.bytes <= this.request.memoryBytes) return;
    const key = divisionKey(candidate);
    this.unfitByDivision.set(key, faster(this.unfitByDivision.get(key) ?? null, candidate));
  }

  answer(): PlanAnswer {
    const { best, least, unlimited, evaluated } = this;
    const divided = [...this.byDivision.values()].filter(
      (candidate) => best !== null && divisionKey(candidate) !== divisionKey(best),
    );
    const runnerUp = divided.reduce<Candidate | null>((found, candidate) => faster(found, candidate), null);
    const alternatives = [...this.byChoice.values()].toSorted(
      (a, b) => choices.indexOf(a.choice) - choices.indexOf(b.choice) || a.value - b.value,
    );
    const others = alternatives.flatMap((each) => each.best ?? []);
    const runnersUp = fastest([...divided, ...others].filter((candidate) => candidate !== best));
    const unfit = fastest(
      [...this.unfitByDivision.values()].filter(({ time }) => best === null || time.seconds < best.time.seconds),
    );
    return { best, runnerUp, runnersUp, least, unlimited, unfit, alternatives, evaluated };
  }

  private addAlternative(choice: Alternative['choice'], candidate: Candidate, fits: boolean): void {
    // Recomputation is a result of the others, not a value to choose.
    if (choice === 'recompute') return;
    const value = choiceOf(candidate.configuration, choice);
    const key = `${choice}=${value}`;
    const known = this.byChoice.get(key);
    const best = fits ? faster(known?.best ?? null, candidate) : (known?.best ?? null);
    const least = smaller(known?.least ?? null, candidate);
    if (known === undefined || best !== known.best || least !== known.least)
      this.byChoice.set(key, { choice, value, best, least });
  }
}

/** Plans that an answer keeps of those that lost. */
const MOST_KEPT = 20;

/** The fastest few, each once. */
const fastest = (candidates: readonly Candidate[]): readonly Candidate[] =>
  [...new Set(candidates)].toSorted((one, other) => one.time.seconds - other.time.seconds).slice(0, MOST_KEPT);

const divisionKey = ({ configuration: plan }: Candidate): string =>
  [plan.data, plan.tensor, plan.pipeline, plan.context, plan.expert].join('/');

/** The first of equals stays: the space is enumerated with little parallelism first. */
const faster = (had: Candidate | null, found: Candidate): Candidate =>
  had !== null && had.time.seconds <= found.time.seconds * (1 + 1e-9) ? had : found;

const smaller = (had: Candidate | null, found: Candidate): Candidate =>
  had !== null && had.bytes <= found.bytes ? had : found;
