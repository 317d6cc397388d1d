/** Clusters that a user describes in YAML or JSON; the form is in README.md. */
import type { Result } from '../../../compiler/ir/support/index.ts';
import { chipByName, chips, type Cluster, type Device, type NetworkLevel } from '../../../runtime/target/index.ts';
import { attemptRead, entryOf, integerOf, listOf, mapOf, numberOf, onlyKeys, wordOf, wrong } from './document.ts';
import type { DocumentError, Item } from './document.ts';

const GIGA = 1e9;
const GIBI = 2 ** 30;
/** More than any cluster has: mistakes are found before a search tries them. */
const MOST_DEVICES = 1_000_000;

/** Reads a cluster; `name` is used when the file says none. */
export function readCluster(text: string, name: string): Result<Cluster, readonly DocumentError[]> {
  return attemptRead(text, (item) => {
    onlyKeys(item, 'a cluster', ['name', 'device', 'levels']);
    const levels = listOf(entryOf(item, 'levels'), 'levels').map(levelOf);
    if (levels.length === 0) wrong(entryOf(item, 'levels'), 'a cluster needs at least one level');
    if (levels.reduce((product, { size }) => product * size, 1) > MOST_DEVICES)
      wrong(entryOf(item, 'levels'), `a cluster has at most ${MOST_DEVICES} devices`);
    const given = mapOf(item, 'a cluster').get('name');
    const device = deviceOf(entryOf(item, 'device'));
    const provenance = { device: `${name}`, levels: `${name}` };
    return { name: given === undefined ? name : wordOf(given, 'name'), device, levels, provenance };
  });
}

function levelOf(item: Item): NetworkLevel {
  onlyKeys(item, 'a level', ['name', 'topology', 'size', 'gbps', 'efficiency', 'latency_us']);
  const optional = (name: string, otherwise: number): number => {
    const entry = mapOf(item, 'a level').get(name);
    return entry === undefined ? otherwise : numberOf(entry, name);
  };
  const topology = wordOf(entryOf(item, 'topology'), 'topology');
  if (topology !== 'mesh' && topology !== 'switch')
    return wrong(entryOf(item, 'topology'), `topology '${topology}': expected mesh or switch`);
  const rate = numberOf(entryOf(item, 'gbps'), 'gbps');
  const efficiency = optional('efficiency', 1);
  if (rate <= 0) wrong(entryOf(item, 'gbps'), 'gbps must be more than 0');
  if (efficiency <= 0 || efficiency > 1) wrong(entryOf(item, 'efficiency'), 'efficiency must lie between 0 and 1');
  return {
    name: wordOf(entryOf(item, 'name'), 'name'),
    topology,
    size: integerOf(entryOf(item, 'size'), 'size', 1, MOST_DEVICES),
    bytesPerSecond: rate * GIGA,
    efficiency,
    latencySeconds: optional('latency_us', 0) * 1e-6,
  };
}

/** The name of a chip, or the figures of a device. */
function deviceOf(item: Item): Device {
  if (item.kind === 'scalar') return chipDevice(item);
  onlyKeys(item, 'a device', ['name', 'f16_tflops', 'f32_tflops', 'memory_gib', 'memory_gbps', 'reduce_gbps']);
  const positive = (name: string): number => {
    const value = numberOf(entryOf(item, name), name);
    return value > 0 ? value : wrong(entryOf(item, name), `${name} must be more than 0`);
  };
  const reduce = mapOf(item, 'a device').get('reduce_gbps');
  const f16 = positive('f16_tflops') * 1e12;
  const f32 = mapOf(item, 'a device').has('f32_tflops') ? positive('f32_tflops') * 1e12 : f16 / 4;
  return {
    name: wordOf(entryOf(item, 'name'), 'name'),
    chip: null,
    flopsPerSecond: { f16, f32 },
    memoryBytes: positive('memory_gib') * GIBI,
    memoryBytesPerSecond: positive('memory_gbps') * GIGA,
    reduceSecondsPerByte: reduce === undefined ? 0 : 1 / (positive('reduce_gbps') * GIGA),
  };
}

function chipDevice(item: Item): Device {
  const name = wordOf(item, 'device');
  const chip = chipByName(name);
  if (chip === undefined)
    return wrong(item, `there is no chip '${name}'; known: ${chips.map((each) => each.name).join(', ')}`);
  const peak = chip.cubeCores * 8192 * chip.megahertz * 1e6;
  return {
    name,
    chip,
    flopsPerSecond: { f16: peak, f32: peak / 4 },
    memoryBytes:
      chip.hbmBytes ?? wrong(item, `the memory of ${name} is not public; describe the device by its figures`),
    memoryBytesPerSecond: chip.timing.memory.hbmBytesPerCycle * chip.megahertz * 1e6,
    reduceSecondsPerByte: 1 / (550 * GIGA),
  };
}
