/** Budgets of Python code, as the command line sets them. */
import type { Limits } from '../../compiler/frontend/index.ts';

/** An endless loop ends within seconds; real networks need a twentieth of this. */
export const defaultLimits: Limits = { maxSteps: 50_000_000, maxDepth: 1000, maxMemory: 4 * 2 ** 30 };
