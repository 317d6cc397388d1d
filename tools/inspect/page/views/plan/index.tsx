/** The plan view: the chosen plan, what it means for tensors, devices and time, and why every other plan lost. */
import type { PlanSection } from '../../../report/index.ts';
import {
  Choice,
  Loading,
  Spring,
  Toolbar,
  formatBytes,
  formatCount,
  formatSeconds,
} from '../../shell/components/index.ts';
import type { LoadedReport } from '../../shell/load.ts';
import { hashParameter } from '../../shell/route.ts';
import { useSection } from '../../shell/section.ts';
import type { View } from '../../shell/view.ts';
import { Collectives } from './collectives.tsx';
import { Memory } from './memory.tsx';
import { Pipeline } from './pipeline.tsx';
import { Plans } from './plans.tsx';
import { Tensors } from './tensors.tsx';
import { tokensPerSecond } from './terms.ts';
import './plan.css';

const panels = ['plans', 'tensors', 'collectives', 'pipeline', 'memory'] as const;
type Panel = (typeof panels)[number];

const panel = hashParameter('plan', 'plans');
const panelOf = (text: string): Panel => panels.find((name) => name === text) ?? 'plans';

export const planView: View = {
  name: 'plan',
  title: 'Plan',
  isPresent: (report) => report.has('plan'),
  Component: PlanView,
  items: async (report) => {
    const { tensors } = await report.section('plan');
    return tensors.map(({ name, type, layout }) => ({
      label: name,
      detail: `${type} ${layout.join(', ')}`,
      kind: 'tensor',
      open: () => {
        panel.value = 'tensors';
        searchedTensor.value = name;
      },
    }));
  },
  keys: [
    { keys: '← → + - 0', action: 'move and zoom the schedule of the pipeline' },
    { keys: '↑ ↓ Enter', action: 'choose a plan to compare with' },
  ],
};

/** What the table of tensors is searched for. */
const searchedTensor = hashParameter('tensor', '');

const titles: Readonly<Record<Panel, { readonly title: string; readonly hint: string }>> = {
  plans: { title: 'Plans', hint: 'The chosen plan against those that lost' },
  tensors: { title: 'Tensors', hint: 'How each tensor lies on the devices' },
  collectives: { title: 'Collectives', hint: 'What devices say to each other, how long it takes, and what causes it' },
  pipeline: { title: 'Pipeline', hint: 'Stages, micro-batches and bubbles' },
  memory: { title: 'Memory', hint: 'Bytes of the devices of each stage' },
};

function PlanView({ report }: { readonly report: LoadedReport }) {
  const section = useSection(report, 'plan');
  if (section === null) return <Loading />;
  const shown = panelOf(panel.value);
  return (
    <div class="plan-view">
      <Toolbar label="Plan">
        <Choice
          label="What of the plan"
          value={shown}
          options={panels.map((value) => ({ value, ...titles[value] }))}
          onChange={(value) => (panel.value = value)}
        />
        <Spring />
        <Summary section={section} />
      </Toolbar>
      <Shown panel={shown} section={section} />
    </div>
  );
}

function Shown({ panel: shown, section }: { readonly panel: Panel; readonly section: PlanSection }) {
  switch (shown) {
    case 'plans':
      return <Plans section={section} />;
    case 'tensors':
      return (
        <Tensors section={section} search={searchedTensor.value} onSearch={(text) => (searchedTensor.value = text)} />
      );
    case 'collectives':
      return <Collectives section={section} />;
    case 'pipeline':
      return <Pipeline section={section} />;
    case 'memory':
      return <Memory section={section} />;
  }
}

/** The answer in one line. */
function Summary({ section }: { readonly section: PlanSection }) {
  const { best, question } = section;
  const tokens = tokensPerSecond(section, best);
  const rate =
    tokens === null
      ? `${(question.globalBatch / best.seconds).toFixed(1)} samples/s`
      : `${formatCount(Math.round(tokens))} tokens/s and device`;
  return (
    <span class="plan-summary" title={best.text}>
      <b>{formatSeconds(best.seconds)}</b> a step, {rate}, <b>{formatBytes(best.bytes)}</b> of{' '}
      {formatBytes(question.memoryLimit)} on {formatCount(question.devices)}{' '}
      {question.devices === 1 ? 'device' : 'devices'}
    </span>
  );
}
