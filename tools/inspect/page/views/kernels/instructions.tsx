/** The instruction stream of a kernel with what each instruction cost in all launches of the kernel. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { pipeNames, pipeStates, type KernelFacts, type StreamFacts } from '../../../report/index.ts';
import {
  Button,
  Choice,
  Meter,
  SearchField,
  Spring,
  Table,
  Toolbar,
  formatCount,
  type Column,
} from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { chosenInstruction, openTab } from './state.ts';
import { addressText } from './timeline/event-facts.tsx';

interface InstructionRow {
  readonly number: number;
  readonly word: number;
  readonly hex: string;
  readonly text: string;
  readonly pipe: number;
  readonly place: number;
  readonly executed: number;
  readonly work: number;
  readonly stalled: number;
  readonly stall: string;
}

interface InstructionsProps {
  readonly kernel: KernelFacts;
  readonly isShown: (instruction: number) => boolean;
}

/** The height of a row of Table. */
const ROW = 22;

export function Instructions({ kernel, isShown }: InstructionsProps) {
  const [core, setCore] = useState<'cube' | 'vector'>(kernel.streams[0]?.core ?? 'vector');
  const [query, setQuery] = useState('');
  const stream = kernel.streams.find((candidate) => candidate.core === core) ?? kernel.streams[0];
  const all = useMemo(() => (stream === undefined ? [] : rowsOf(stream)), [stream]);
  const rows = useMemo(() => all.filter(({ text }) => text.includes(query.trim())), [all, query]);
  const columns = useMemo(() => columnsOf(all), [all]);
  const area = useRef<HTMLDivElement | null>(null);
  const chosen = chosenInstruction.value;
  useEffect(() => {
    const table = area.current?.querySelector('.ui-table');
    const index = rows.findIndex(({ number }) => number === chosenInstruction.value);
    if (table instanceof HTMLElement && index >= 0) table.scrollTop = Math.max(0, index * ROW - table.clientHeight / 3);
  }, [rows]);
  return (
    <div class="kernel-tab">
      <Toolbar label="Instructions">
        <SearchField
          label="Find an instruction"
          value={query}
          onInput={setQuery}
          count={`${formatCount(rows.length)} of ${formatCount(all.length)}`}
        />
        {kernel.streams.length > 1 && (
          <Choice
            label="Stream"
            value={core}
            options={kernel.streams.map((each) => ({ value: each.core, title: each.core }))}
            onChange={setCore}
          />
        )}
        <Spring />
        <Button isDisabled={chosen < 0} onClick={() => (openTab.value = 'timeline')}>
          Show in the timeline
        </Button>
      </Toolbar>
      <div class="kernel-fill" ref={area}>
        <Table
          label="Instructions"
          rows={rows}
          columns={columns}
          isCurrent={({ number }) => number === chosen}
          isFaint={({ number }) => !isShown(number)}
          onChoose={({ number }) => (chosenInstruction.value = number)}
          empty="No instruction has this text"
        />
      </div>
    </div>
  );
}

function rowsOf(stream: StreamFacts): readonly InstructionRow[] {
  return stream.text.map((text, number) => {
    const word = stream.at[number] ?? 0;
    const words = stream.words.slice(word, stream.at[number + 1] ?? stream.words.length);
    return {
      number,
      word,
      hex: words.map((value) => (value >>> 0).toString(16).padStart(8, '0')).join(' '),
      text,
      pipe: stream.pipe[number] ?? 0,
      place: stream.place[number] ?? 0,
      executed: stream.executed[number] ?? 0,
      work: stream.work[number] ?? 0,
      stalled: stream.stalled[number] ?? 0,
      stall: pipeStates[stream.mainStall[number] ?? -1]?.name ?? '',
    };
  });
}

function columnsOf(rows: readonly InstructionRow[]): readonly Column<InstructionRow>[] {
  const most = Math.max(1, ...rows.map(({ work, stalled }) => Math.max(work, stalled)));
  const cycles = (key: 'work' | 'stalled', title: string, hint: string): Column<InstructionRow> => ({
    key,
    title,
    hint,
    width: '110px',
    align: 'end',
    value: (row) => row[key],
    cell: (row) => (row[key] === 0 ? '' : <Meter share={row[key] / most}>{formatCount(row[key])}</Meter>),
  });
  return [
    {
      key: 'pc',
      title: 'Address',
      width: '68px',
      value: (row) => row.word,
      cell: (row) => <code class="faint">{addressText(row.word)}</code>,
    },
    {
      key: 'pipe',
      title: 'Pipe',
      width: '58px',
      value: (row) => pipeNames[row.pipe] ?? '',
      cell: (row) => pipeNames[row.pipe],
    },
    {
      key: 'text',
      title: 'Instruction',
      width: 'minmax(260px, 3fr)',
      value: (row) => row.text,
      cell: (row) => <InstructionText text={row.text} />,
    },
    {
      key: 'executed',
      title: 'Executed',
      width: '80px',
      align: 'end',
      hint: 'On all cores, in all launches of the kernel',
      value: (row) => row.executed,
      cell: (row) => (row.executed === 0 ? '' : formatCount(row.executed)),
    },
    cycles('work', 'Work cycles', 'Cycles in which its pipe works on it, on all cores'),
    cycles('stalled', 'Stall cycles', 'Cycles in which its pipe waits for it or is slowed down, on all cores'),
    { key: 'stall', title: 'Main stall', width: '104px', value: (row) => row.stall, cell: (row) => row.stall },
    {
      key: 'line',
      title: 'Line',
      width: '110px',
      value: (row) => row.place,
      cell: (row) => <PlaceLink place={row.place} />,
    },
    {
      key: 'hex',
      title: 'Words',
      width: 'minmax(160px, 2fr)',
      cell: (row) => (
        <code class="faint" title={row.hex}>
          {row.hex}
        </code>
      ),
    },
  ];
}

/** An instruction with its mnemonic told apart. */
export function InstructionText({ text }: { readonly text: string }) {
  const space = text.indexOf(' ');
  return (
    <code title={text}>
      <b>{space < 0 ? text : text.slice(0, space)}</b>
      {space < 0 ? '' : text.slice(space)}
    </code>
  );
}
