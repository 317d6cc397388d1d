/**
 * ONNX models, written: plain data in, the protobuf bytes of a ModelProto out. Field numbers by onnx.proto3 of ONNX 1.16.
 * Constants are kept by reference until the bytes are joined; a model over 2 GiB, protobuf's limit, puts them into a file beside it.
 */
import type { Result } from '../../../compiler/ir/support/index.ts';
import type { TensorDtype } from '../../../runtime/program/index.ts';
import { joinBytes } from '../bytes.ts';
import { attempt, fault, type FormatError } from '../fault.ts';
import { tensorBytes, type FileTensor } from '../tensor.ts';
import { WireWriter } from '../wire.ts';

/** An attribute of a node; ONNX wants the kind said, since 1 may mean the integer or the float. */
export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: FileTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] };

export interface OnnxNode {
  readonly opType: string;
  /** Names of values; '' for an optional input that is absent. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly name?: string;
  /** '' (the default) is ONNX's own operator set. */
  readonly domain?: string;
}

/** A value at the border of a graph; a text in the shape is a symbolic dimension. */
export interface OnnxValue {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: ReadonlyMap<string, FileTensor>;
  /** In an order in which every value is made before it is used. */
  readonly nodes: readonly OnnxNode[];
}

export interface OnnxModel {
  readonly graph: OnnxGraph;
  /** Version of each operator set in use, by domain ('' is ONNX's own). */
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string;
  readonly producerVersion: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A written model: its own bytes and, when the constants live beside it, the bytes of that file. */
export interface OnnxFiles {
  readonly model: Uint8Array;
  readonly external: readonly Uint8Array[];
}

/** IR version 8 came with ONNX 1.10; every runtime in use reads it. */
const irVersion = 8;
const maxProtobufBytes = 2 ** 31 - 1;

/** Constants smaller than this stay in the model even when the others move out. */
const smallConstantBytes = 1024;

/** External constants begin at multiples of this, so that a runtime can map them. */
const externalAlignment = 4096;

const dataTypes: Readonly<Record<TensorDtype, number>> = {
  f32: 1,
  ui8: 2,
  i8: 3,
  ui16: 4,
  i16: 5,
  i32: 6,
  i64: 7,
  i1: 9,
  f16: 10,
  f64: 11,
  ui32: 12,
  ui64: 13,
  bf16: 16,
};

/** ONNX's number for an element type, as the attribute `to` of Cast wants it. */
export function onnxDataType(dtype: TensorDtype): number {
  return dataTypes[dtype];
}

/** The bytes of a model in one piece; an error value when they exceed protobuf's 2 GiB. */
export function writeOnnx(model: OnnxModel): Result<Uint8Array, FormatError> {
  return attempt(() => {
    const message = modelMessage(model, inlineTensor);
    if (message.length > maxProtobufBytes) {
      fault(
        'too-large',
        `the model takes ${message.length} bytes, protobuf's limit is ${maxProtobufBytes}; write its weights beside it`,
        null,
      );
    }
    return joinBytes(message.parts);
  });
}

/** A model whose large constants lie in the file `location`, named relative to the model. */
export function writeOnnxWithExternalData(model: OnnxModel, location: string): OnnxFiles {
  const external: Uint8Array[] = [];
  let offset = 0;
  const store: TensorEncoder = (name, tensor) => {
    const bytes = tensorBytes(tensor);
    if (bytes.length < smallConstantBytes) return inlineTensor(name, tensor);
    const gap = (externalAlignment - (offset % externalAlignment)) % externalAlignment;
    external.push(new Uint8Array(gap), bytes);
    const begin = offset + gap;
    offset = begin + bytes.length;
    return externalTensor(name, tensor, { location, offset: String(begin), length: String(bytes.length) });
  };
  return { model: joinBytes(modelMessage(model, store).parts), external };
}

type TensorEncoder = (name: string, tensor: FileTensor) => WireWriter;

function modelMessage(model: OnnxModel, encode: TensorEncoder): WireWriter {
  const message = new WireWriter()
    .integer(1, irVersion)
    .text(2, model.producer)
    .text(3, model.producerVersion)
    .message(7, graphMessage(model.graph, encode));
  for (const [domain, version] of Object.entries(model.opsets)) {
    message.message(8, new WireWriter().text(1, domain).integer(2, version));
  }
  for (const [key, value] of Object.entries(model.metadata ?? {})) message.message(14, pair(key, value));
  return message;
}

function graphMessage(graph: OnnxGraph, encode: TensorEncoder): WireWriter {
  const message = new WireWriter();
  for (const node of graph.nodes) message.message(1, nodeMessage(node, encode));
  message.text(2, graph.name);
  for (const [name, tensor] of graph.initializers) message.message(5, encode(name, tensor));
  for (const value of graph.inputs) message.message(11, valueMessage(value));
  for (const value of graph.outputs) message.message(12, valueMessage(value));
  return message;
}

function nodeMessage(node: OnnxNode, encode: TensorEncoder): WireWriter {
  const message = new WireWriter();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  if (node.name) message.text(3, node.name);
  message.text(4, node.opType);
  for (const [name, attribute] of Object.entries(node.attributes ?? {})) {
    message.message(5, attributeMessage(name, attribute, encode));
  }
  if (node.domain) message.text(7, node.domain);
  return message;
}

/** The payload field comes before field 20, the type, which is what tells a reader which payload counts. */
function attributeMessage(name: string, attribute: OnnxAttribute, encode: TensorEncoder): WireWriter {
  const message = new WireWriter().text(1, name);
  switch (attribute.kind) {
    case 'float':
      return message.float(2, attribute.value).integer(20, 1);
    case 'int':
      return message.integer(3, attribute.value).integer(20, 2);
    case 'string':
      return message.text(4, attribute.value).integer(20, 3);
    case 'tensor':
      return message.message(5, inlineTensor('', attribute.value)).integer(20, 4);
    case 'graph':
      return message.message(6, graphMessage(attribute.value, encode)).integer(20, 5);
    case 'floats':
      for (const value of attribute.value) message.float(7, value);
      return message.integer(20, 6);
    case 'ints':
      for (const value of attribute.value) message.integer(8, value);
      return message.integer(20, 7);
    case 'strings':
      for (const value of attribute.value) message.text(9, value);
      return message.integer(20, 8);
  }
}

function tensorHead(name: string, tensor: FileTensor): WireWriter {
  const message = new WireWriter();
  for (const extent of tensor.shape) message.integer(1, extent);
  message.integer(2, dataTypes[tensor.dtype]);
  return name === '' ? message : message.text(8, name);
}

function inlineTensor(name: string, tensor: FileTensor): WireWriter {
  return tensorHead(name, tensor).bytes(9, tensorBytes(tensor));
}

function externalTensor(name: string, tensor: FileTensor, place: Readonly<Record<string, string>>): WireWriter {
  const message = tensorHead(name, tensor);
  for (const [key, value] of Object.entries(place)) message.message(13, pair(key, value));
  return message.integer(14, 1);
}

function valueMessage(value: OnnxValue): WireWriter {
  const shape = new WireWriter();
  for (const extent of value.shape) {
    const dimension = new WireWriter();
    shape.message(1, typeof extent === 'number' ? dimension.integer(1, extent) : dimension.text(2, extent));
  }
  const tensorType = new WireWriter().integer(1, dataTypes[value.dtype]).message(2, shape);
  return new WireWriter().text(1, value.name).message(2, new WireWriter().message(1, tensorType));
}

function pair(key: string, value: string): WireWriter {
  return new WireWriter().text(1, key).text(2, value);
}
