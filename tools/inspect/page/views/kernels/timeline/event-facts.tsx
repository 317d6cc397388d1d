/** What there is to say of an event: beside the pointer, and beside the lanes when it was chosen. */
import { TICKS, pipeNames, pipeStates } from '../../../../report/index.ts';
import { formatCount } from '../../../shell/components/index.ts';
import { PlaceLink } from '../../../shell/place-link.tsx';
import { isWaiting } from '../look.ts';
import type { Flag } from './draw-overlay.ts';
import { factsOf, type EventAt } from './scene.ts';

interface EventFactsProps {
  readonly event: EventAt;
  readonly flags: readonly Flag[];
  readonly megahertz: number;
}

const cyclesText = (ticks: number): string => formatCount(Math.round((ticks / TICKS) * 100) / 100);
export const addressText = (word: number): string => `0x${(word * 4).toString(16)}`;

export function EventFacts({ event, flags, megahertz }: EventFactsProps) {
  const facts = factsOf(event);
  const { name, what } = pipeStates[facts.state] ?? { name: '', what: '' };
  const cycles = facts.end - facts.start;
  return (
    <div class="event-facts">
      <code class="instruction">{facts.text}</code>
      <dl>
        <dt>state</dt>
        <dd>
          <b>{name}</b> <span class="faint">{what}</span>
        </dd>
        <dt>pipe</dt>
        <dd>
          {pipeNames[facts.pipe]} of {event.core.name}
        </dd>
        <dt>cycles</dt>
        <dd>
          {cyclesText(cycles)} ({(cycles / TICKS / megahertz).toFixed(3)} us), from {cyclesText(facts.start)} to{' '}
          {cyclesText(facts.end)}
        </dd>
        <dt>address</dt>
        <dd>
          <code>{addressText(facts.word)}</code> <PlaceLink place={facts.place} />
        </dd>
        {flags.map((flag) => (
          <FlagFacts key={flag.index} flag={flag} event={event} />
        ))}
      </dl>
    </div>
  );
}

function FlagFacts({ flag: { core, index }, event }: { readonly flag: Flag; readonly event: EventAt }) {
  const { arrows, stream } = core;
  const [from, to] = [pipeNames[arrows.from[index] ?? 0] ?? '', pipeNames[arrows.to[index] ?? 0] ?? ''];
  const facts = factsOf(event);
  const isIncoming =
    arrows.to[index] === facts.pipe && (isWaiting(facts.state) || (arrows.taken[index] ?? 0) <= facts.start);
  const other = isIncoming ? (arrows.setter[index] ?? 0) : (arrows.waiter[index] ?? 0);
  return (
    <>
      <dt>{isIncoming ? 'waits for' : 'sets'}</dt>
      <dd>
        flag {arrows.id[index]} {from} → {to}, {isIncoming ? 'set' : 'waited for'} at{' '}
        <code>{addressText(stream.at[other] ?? 0)}</code>, cycle{' '}
        {cyclesText((isIncoming ? arrows.set[index] : arrows.taken[index]) ?? 0)}
      </dd>
    </>
  );
}
